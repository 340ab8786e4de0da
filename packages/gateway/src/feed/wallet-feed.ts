import type { Ledger, LedgerTransaction } from '@pointwell/ledger'
import { badUserInput } from '@pointwell/ledger/graphql'
import type { Timers } from '../clock/timers.js'
import { Follower } from './follower.js'
import { Watch } from './watch.js'

export interface WalletFeedOptions {
  readonly ledger: {
    readonly store: Pick<Ledger['store'], 'findVersions' | 'findTransactions'>
    onPosted: Ledger['onPosted']
  }
  readonly timers: Timers
  /** How often changes that another server wrote are looked for; default 250. */
  readonly pollMs?: number
  /** Transactions read at a time for one follower; default 50. */
  readonly pageSize?: number
  /** Reads side by side; default 8. */
  readonly reads?: number
  /** Told of a read that failed; it is tried again with the next look. */
  readonly onFault?: (fault: unknown) => void
}

/**
 * Follows wallets: each transaction of one exactly once and in order, whoever wrote it. What this
 * server posts is known at once; what others post is seen by looking at the versions of all
 * followed wallets in one statement. A follower costs a cursor and at most one page of transactions,
 * read only when it asks for more: one that is slow waits alone.
 */
export interface WalletFeed {
  /**
   * Transactions of a wallet after version `after`, or from now on when it is null. Throws
   * BAD_USER_INPUT when the wallet has not got to that version.
   */
  follow(request: { wallet: number; after: number | null }): Promise<Follower>
  followers(): number
  /** Ends every follower. */
  close(): void
}

const VERSIONS_AT_A_TIME = 1_000

export function openWalletFeed(options: WalletFeedOptions): WalletFeed {
  const { ledger, timers, pollMs = 250, pageSize = 50, onFault = () => {} } = options
  const watches = new Map<number, Watch>()
  const admit = admitAtMost(options.reads ?? 8)
  let stopLooking: (() => void) | undefined
  let isLooking = false
  let isClosed = false

  const stopListening = ledger.onPosted((transactions) => {
    const told = new Set<Watch>()
    for (const transaction of transactions) {
      const watch = watches.get(transaction.wallet)
      if (!watch) continue
      watch.remember(transaction)
      told.add(watch)
    }
    for (const watch of told) watch.tell()
  })

  return {
    async follow({ wallet, after }) {
      if (isClosed) throw new Error('The feed is closed.')
      const watch = watchOf(wallet)
      // Listens before it looks: what is posted in between is not missed.
      const follower = new Follower({ watch, read: (from) => read(watch, from), onEnd: leave })
      watch.followers.add(follower)
      try {
        const version = (await ledger.store.findVersions([wallet])).get(wallet) ?? 0
        watch.learn(version)
        if (after !== null && after > version && after > watch.version) {
          throw badUserInput(`The wallet has only come to version ${version}.`, { field: 'after' })
        }
        follower.start(after ?? version)
        return follower
      } catch (error) {
        await follower.return()
        throw error
      }
    },
    followers() {
      let count = 0
      for (const watch of watches.values()) count += watch.followers.size
      return count
    },
    close() {
      isClosed = true
      stopListening()
      for (const watch of [...watches.values()]) {
        for (const follower of [...watch.followers]) void follower.return()
      }
    },
  }

  function watchOf(wallet: number): Watch {
    const known = watches.get(wallet)
    if (known) return known
    const watch = new Watch(wallet)
    watches.set(wallet, watch)
    stopLooking ??= timers.every(pollMs, () => void look())
    return watch
  }

  function leave(follower: Follower): void {
    const { watch } = follower
    watch.followers.delete(follower)
    if (watch.followers.size > 0 || watches.get(watch.wallet) !== watch) return
    watches.delete(watch.wallet)
    if (watches.size > 0) return
    stopLooking?.()
    stopLooking = undefined
  }

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      const wallets = [...watches.keys()]
      for (let from = 0; from < wallets.length; from += VERSIONS_AT_A_TIME) {
        const some = wallets.slice(from, from + VERSIONS_AT_A_TIME)
        for (const [wallet, version] of await ledger.store.findVersions(some)) {
          const watch = watches.get(wallet)
          watch?.learn(version)
          watch?.tell()
        }
      }
    } catch (fault) {
      onFault(fault)
    } finally {
      isLooking = false
    }
  }

  /** A page after a version; followers of one wallet at the same place share it. Empty after a fault:
   * the next look wakes whoever is behind. */
  function read(watch: Watch, after: number): Promise<readonly LedgerTransaction[]> {
    return watch.share(after, async () => {
      try {
        return await admit(() =>
          ledger.store.findTransactions(watch.wallet, { after, limit: pageSize }),
        )
      } catch (fault) {
        onFault(fault)
        return []
      }
    })
  }
}

/** Lets so many through at a time; the others wait in turn. */
function admitAtMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside -= 1
    }
  }
}
