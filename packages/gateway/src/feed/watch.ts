import type { LedgerTransaction } from '@pointwell/ledger'
import type { Follower } from './follower.js'

/** Newest transactions of this server kept for each followed wallet, so that followers who are up to
 * date need no read. */
const KEPT = 16

/** One wallet that somebody follows. */
export class Watch {
  readonly followers = new Set<Follower>()
  /** The highest version known so far. */
  version = 0
  readonly #newest: LedgerTransaction[] = []
  readonly #reads = new Map<number, Promise<readonly LedgerTransaction[]>>()

  constructor(readonly wallet: number) {}

  learn(version: number): void {
    if (version > this.version) this.version = version
  }

  remember(transaction: LedgerTransaction): void {
    this.learn(transaction.version)
    const last = this.#newest.at(-1)
    // Without a gap, or from anew: another server may have written in between.
    if (last && transaction.version !== last.version + 1) this.#newest.length = 0
    this.#newest.push(transaction)
    if (this.#newest.length > KEPT) this.#newest.shift()
  }

  /** The transaction with this version, when it is among the newest of this server. */
  find(version: number): LedgerTransaction | undefined {
    const [first] = this.#newest
    return first ? this.#newest[version - first.version] : undefined
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
