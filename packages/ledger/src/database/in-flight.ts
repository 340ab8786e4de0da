/** Counts what runs, so that closing can wait for it. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>()
  private closed = false

  /** Runs `work` unless closing has begun. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the database is closed')
    const promise = work()
    this.running.add(promise)
    try {
      return await promise
    } finally {
      this.running.delete(promise)
    }
  }

  /** Lets nothing new in and resolves when nothing runs. False when closing had begun before. */
  async close(): Promise<boolean> {
    const first = !this.closed
    this.closed = true
    await Promise.allSettled(this.running)
    return first
  }
}
