import type { Ledger, LedgerTransaction } from '@pointwell/ledger'
import { badUserInput } from '@pointwell/ledger/graphql'
import type { Timers } from '../clock/timers.js'
import type { ChangeNews } from '../news/change-news.js'
import { askTogether } from './ask-together.js'
import { Follower } from './follower.js'
import { openCatchUp } from './open-catch-up.js'
import { Watch } from './watch.js'

export interface WalletFeedOptions {
  readonly ledger: {
    readonly store: Pick<
      Ledger['store'],
      'findVersions' | 'findTransactions' | 'findTransactionsAt'
    >
    onPosted: Ledger['onPosted']
  }
  readonly timers: Timers
  /** How often changes that another server wrote are looked for; default 250. */
  readonly pollMs?: number
  /** Transactions read at a time for one follower; default 20. */
  readonly pageSize?: number
  /** Reads side by side; default 8. */
  readonly reads?: number
  /** Tells other servers what this one posts, and hears it of them. */
  readonly news?: ChangeNews
  /** Told of a read that failed; it is tried again with the next look, and only when all have gone
   * well from one look to another is a fault told again. */
  readonly onFault?: (fault: unknown) => void
}

/**
 * Follows wallets: each transaction of one exactly once and in order, whoever wrote it. What this
 * server posts is known at once; what others post is seen by looking at the versions of all
 * followed wallets in one statement, and sooner where there is news of it: then at those wallets
 * only. A follower costs a cursor and at most one page of transactions, read only when it asks for
 * more: one that is slow waits alone.
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
/** While news travels, looks are there for what gets lost on the way: every fourth will do, and one a
 * second where that is not more than was asked for. */
const SELDOM = { times: 4, mostMs: 1_000 }

export function openWalletFeed(options: WalletFeedOptions): WalletFeed {
  const { ledger, timers, news, pollMs = 250, pageSize = 20 } = options
  const { store } = ledger
  const watches = new Map<number, Watch>()
  const admit = admitAtMost(options.reads ?? 8)
  const catchUp = openCatchUp({ store, onFault: report })
  const findVersion = askTogether((wallets: readonly number[]) => store.findVersions(wallets))
  const looksToSkip = Math.max(1, Math.min(SELDOM.times, Math.floor(SELDOM.mostMs / pollMs))) - 1
  let skipped = 0
  let stopLooking: (() => void) | undefined
  let isLooking = false
  let isMissed = false
  let isFailing = false
  let hasFailed = false
  let isClosed = false

  const stopListening = ledger.onPosted((transactions) => {
    news?.tell(transactions)
    const told = new Set<Watch>()
    for (const transaction of transactions) {
      const watch = watches.get(transaction.wallet)
      if (!watch) continue
      watch.remember(transaction)
      told.add(watch)
    }
    for (const watch of told) watch.tell()
  })
  const stopHearing = news?.listen({
    onChanges(changes) {
      for (const { wallet, version } of changes) {
        const watch = watches.get(wallet)
        if (watch) catchUp.hint(watch, version)
      }
    },
    onGap: () => void look(),
  })

  return {
    async follow({ wallet, after }) {
      if (isClosed) throw new Error('The feed is closed.')
      const watch = watchOf(wallet)
      // Listens before it looks: what is posted in between is not missed.
      const follower = new Follower({ watch, read: (from) => read(watch, from), onEnd: leave })
      watch.followers.add(follower)
      try {
        const version = (await findVersion(wallet)) ?? 0
        watch.learn(version)
        if (after !== null && after > version && after > watch.version) {
          throw badUserInput(`The wallet has only come to version ${version}.`, { field: 'after' })
        }
        follower.start(after ?? version)
        // What was learned may be news to those who follow already.
        watch.tell()
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
      stopHearing?.()
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
    stopLooking ??= timers.every(pollMs, lookInTurn)
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

  function lookInTurn(): void {
    if (news?.isLive() && skipped < looksToSkip) {
      skipped += 1
      return
    }
    if (!isLooking) void look()
  }

  async function look(): Promise<void> {
    if (isLooking) {
      isMissed = true
      return
    }
    isLooking = true
    skipped = 0
    try {
      do {
        isMissed = false
        await lookAtAll()
      } while (isMissed)
      isFailing = hasFailed
      hasFailed = false
    } catch (fault) {
      report(fault)
    } finally {
      isLooking = false
    }
  }

  async function lookAtAll(): Promise<void> {
    const wallets = [...watches.keys()]
    for (let from = 0; from < wallets.length; from += VERSIONS_AT_A_TIME) {
      const some = wallets.slice(from, from + VERSIONS_AT_A_TIME)
      const versions = await store.findVersions(some)
      for (const wallet of some) {
        const watch = watches.get(wallet)
        if (!watch) continue
        watch.age()
        catchUp.hint(watch, versions.get(wallet) ?? 0)
        // Those whose own read failed are behind still.
        watch.tell()
      }
    }
  }

  /** Looks come four times a second, and a database may be away for an hour. */
  function report(fault: unknown): void {
    hasFailed = true
    if (isFailing) return
    isFailing = true
    options.onFault?.(fault)
  }

  /** A page after a version; followers of one wallet at the same place share it. Empty after a fault:
   * the next look wakes whoever is behind. */
  function read(watch: Watch, after: number): Promise<readonly LedgerTransaction[]> {
    return watch.share(after, async () => {
      try {
        return await admit(() => store.findTransactions(watch.wallet, { after, limit: pageSize }))
      } catch (fault) {
        report(fault)
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
