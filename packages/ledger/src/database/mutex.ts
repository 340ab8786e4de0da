/** One at a time, in the order in which they came. */
export class Mutex {
  private readonly waiting: (() => void)[] = []
  private held = false

  /** Resolves with what gives the place back. Rejects with `late()` when `mostMs` passed first. */
  acquire(mostMs: number, late: () => Error): Promise<() => void> {
    if (!this.held) {
      this.held = true
      return Promise.resolve(() => this.release())
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve(() => this.release())
      }
      const timer = setTimeout(() => {
        const place = this.waiting.indexOf(enter)
        if (place >= 0) this.waiting.splice(place, 1)
        reject(late())
      }, mostMs)
      this.waiting.push(enter)
    })
  }

  private release(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.held = false
  }
}
