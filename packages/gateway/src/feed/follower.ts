import type { LedgerTransaction } from '@pointwell/ledger'
import type { Watch } from './watch.js'

interface FollowerTerms {
  readonly watch: Watch
  /** A page of the wallet's transactions after a version, oldest first; empty when it failed. */
  read(after: number): Promise<readonly LedgerTransaction[]>
  onEnd(follower: Follower): void
}

/**
 * One who follows a wallet. Not a generator, because `return` of a generator that waits would wait
 * with it: this one ends at once, whatever it is waiting for.
 */
export class Follower implements AsyncIterableIterator<LedgerTransaction> {
  readonly watch: Watch
  readonly #terms: FollowerTerms
  #page: readonly LedgerTransaction[] = []
  #cursor = 0
  #isEnded = false
  #isWoken = false
  #wake: (() => void) | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(terms: FollowerTerms) {
    this.#terms = terms
    this.watch = terms.watch
  }

  /** Where it begins: the next transaction is the one after this version. */
  start(cursor: number): void {
    this.#cursor = cursor
  }

  /** The wallet's known version may have risen. */
  wake(): void {
    if (this.watch.version <= this.#cursor) return
    this.#isWoken = true
    this.#wake?.()
  }

  next(): Promise<IteratorResult<LedgerTransaction>> {
    const taken = this.#turn.then(() => this.#take())
    this.#turn = taken.catch(() => {})
    return taken
  }

  async return(): Promise<IteratorResult<LedgerTransaction>> {
    if (!this.#isEnded) {
      this.#isEnded = true
      this.#page = []
      this.#wake?.()
      this.#terms.onEnd(this)
    }
    return { value: undefined, done: true }
  }

  async throw(error: unknown): Promise<IteratorResult<LedgerTransaction>> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #take(): Promise<IteratorResult<LedgerTransaction>> {
    while (!this.#isEnded) {
      const transaction = await this.#findNext()
      if (this.#isEnded) break
      if (transaction) {
        this.#cursor = transaction.version
        return { value: transaction, done: false }
      }
      await this.#woken()
    }
    return { value: undefined, done: true }
  }

  async #findNext(): Promise<LedgerTransaction | undefined> {
    const next = this.#cursor + 1
    const inPage = this.#page[next - (this.#page[0]?.version ?? next)]
    if (inPage) return inPage
    this.#page = []
    this.#isWoken = false
    if (this.watch.version < next) return undefined
    const known = this.watch.find(next)
    if (known) return known
    this.#page = await this.#terms.read(this.#cursor)
    return this.#page[0]
  }

  #woken(): Promise<void> {
    if (this.#isWoken) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }
}
