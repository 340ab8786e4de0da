import type { LedgerTransaction } from '@pointwell/ledger'
import type { Follower } from './follower.js'

/** Newest transactions kept for a followed wallet, so that its followers need no read each. */
const KEPT = 16

/** One wallet that somebody follows. */
export class Watch {
  readonly followers = new Set<Follower>()
  /** The highest version known so far. */
  version = 0
  #newest: LedgerTransaction[] = []
  /** Whether one of them has come since the last look. */
  #isFresh = false
  #hasBegun = false
  readonly #reads = new Map<number, Promise<readonly LedgerTransaction[]>>()

  constructor(readonly wallet: number) {}

  learn(version: number): void {
    this.#hasBegun = true
    if (version > this.version) this.version = version
  }

  remember(transaction: LedgerTransaction): void {
    this.learn(transaction.version)
    const last = this.#newest.at(-1)
    if (last && transaction.version <= last.version) return
    // Without a gap, or from anew: another server may have written in between.
    if (last && transaction.version !== last.version + 1) this.#newest.length = 0
    this.#newest.push(transaction)
    this.#isFresh = true
    if (this.#newest.length > KEPT) this.#newest.shift()
  }

  /** The transaction with this version, when it is among the newest. */
  find(version: number): LedgerTransaction | undefined {
    const [first] = this.#newest
    return first ? this.#newest[version - first.version] : undefined
  }

  /** With every look: lets go of what has been kept since the look before. Whoever is up to date has
   * taken it long since, and thousands of wallets that nothing happens to should cost nothing. */
  age(): void {
    if (!this.#isFresh && this.#newest.length > 0) this.#newest = []
    this.#isFresh = false
  }

  /** Places of the transactions up to `version` that are not known yet; none when they are more than
   * are kept, or when it is not known yet where anybody begins. */
  unknownUpTo(version: number): { readonly wallet: number; readonly version: number }[] {
    const { wallet } = this
    const count = version - this.version
    if (!this.#hasBegun || count <= 0 || count > KEPT) return []
    return Array.from({ length: count }, (_, i) => ({ wallet, version: this.version + 1 + i }))
  }

  /** Wakes the followers that are behind. */
  tell(): void {
    for (const follower of this.followers) follower.wake()
  }

  /** One read for all who ask for the same page at the same time. */
  share(
    after: number,
    read: () => Promise<readonly LedgerTransaction[]>,
  ): Promise<readonly LedgerTransaction[]> {
    const under = this.#reads.get(after)
    if (under) return under
    const started = read().finally(() => this.#reads.delete(after))
    this.#reads.set(after, started)
    return started
  }
}
