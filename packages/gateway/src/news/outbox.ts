import type { WalletChange } from './change-news.js'

/** Changes that wait to be told, the newest of each wallet, and never more than so many. */
export class Outbox {
  readonly #versions = new Map<number, number>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#versions.size
  }

  /** Answers with how many there was no room for. */
  put(changes: readonly WalletChange[]): number {
    let dropped = 0
    for (const { wallet, version } of changes) {
      const known = this.#versions.get(wallet)
      if (known === undefined && this.#versions.size >= this.#most) dropped += 1
      else if (known === undefined || version > known) this.#versions.set(wallet, version)
    }
    return dropped
  }

  /** Takes out those that have waited longest. */
  take(most: number): WalletChange[] {
    const taken: WalletChange[] = []
    for (const [wallet, version] of this.#versions) {
      if (taken.length >= most) break
      taken.push({ wallet, version })
    }
    for (const { wallet } of taken) this.#versions.delete(wallet)
    return taken
  }

  /** Forgets all; answers with how many they were. */
  clear(): number {
    const { size } = this.#versions
    this.#versions.clear()
    return size
  }
}
