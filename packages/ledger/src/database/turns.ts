/** Lets a fixed number in at a time, in the order in which they came. */
export class Turns {
  private readonly waiting: (() => void)[] = []
  private free: number

  constructor(places: number) {
    this.free = places
  }

  /** Resolves with what gives the place back. Rejects with `late()` when `mostMs` passed first. */
  take(mostMs: number, late: () => Error): Promise<() => void> {
    if (this.free > 0) {
      this.free--
      return Promise.resolve(() => this.give())
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve(() => this.give())
      }
      const timer = setTimeout(() => {
        const place = this.waiting.indexOf(enter)
        if (place >= 0) this.waiting.splice(place, 1)
        reject(late())
      }, mostMs)
      this.waiting.push(enter)
    })
  }

  private give(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.free++
  }
}
