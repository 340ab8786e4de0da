import DataLoader from 'dataloader'
import type { LedgerTransaction } from '../posting/posting.js'
import type { LedgerBooks } from '../store/ledger-store.js'
import type { Lot, Wallet } from '../wallet/wallet.js'

/** Where the reads come from: the store, and a way to do what is due before it is shown. */
export interface LedgerReadSource
  extends Pick<
    LedgerBooks,
    'findWallets' | 'findLots' | 'findLotPages' | 'findTransactions' | 'findNewestTransactions'
  > {
  /** Does what is due on these wallets (expiry, confirmation, claim deadlines). */
  settle(wallets: readonly number[]): Promise<unknown>
}

/**
 * Reads of one request, gathered: whatever many fields ask for side by side is one statement (A4).
 * Nothing is remembered, so what follows a write in the same request sees it.
 */
export interface LedgerReads {
  /** With everything due done; undefined when there is no such wallet. */
  findWallet(id: number): Promise<Wallet | undefined>
  /** The open ones, all of them, newest first. */
  findOpenLots(wallet: number): Promise<readonly Lot[]>
  /** Newest first, of those with a `seq` below `before`; null: from the newest on. */
  findLotPage(
    wallet: number,
    page: { open: boolean; before: number | null; limit: number },
  ): Promise<readonly Lot[]>
  /** Newest first, of those before version `before`; null: from the newest on. */
  findTransactions(
    wallet: number,
    page: { before: number | null; limit: number },
  ): Promise<readonly LedgerTransaction[]>
}

export function openLedgerReads({
  source,
  now,
}: {
  source: LedgerReadSource
  now: () => number
}): LedgerReads {
  const wallets = gather<number, Wallet | undefined>(async (ids) => {
    const found = byId(await source.findWallets(ids))
    const at = now()
    const due = ids.filter((id) => {
      const dueAt = found.get(id)?.nextDueAt ?? null
      return dueAt !== null && dueAt <= at
    })
    if (due.length > 0) {
      await source.settle(due)
      for (const wallet of await source.findWallets(due)) found.set(wallet.id, wallet)
    }
    return (id) => found.get(id)
  })

  const openLots = gather<number, readonly Lot[]>(async (ids) => {
    const byWallet = new Map<number, Lot[]>(ids.map((id) => [id, []]))
    for (const { wallet, lot } of await source.findLots(ids, { open: true })) {
      byWallet.get(wallet)?.push(lot)
    }
    for (const lots of byWallet.values()) lots.sort((a, b) => b.seq - a.seq)
    return (id) => byWallet.get(id) ?? []
  })

  const firstLots = (open: boolean) =>
    gather<{ wallet: number; limit: number }, readonly Lot[], string>(async (pages) => {
      const limit = Math.max(...pages.map((page) => page.limit))
      const byWallet = new Map<number, Lot[]>(pages.map(({ wallet }) => [wallet, []]))
      const wanted = [...byWallet.keys()].map((wallet) => ({ wallet, before: null }))
      for (const { wallet, lot } of await source.findLotPages(wanted, { open, limit })) {
        byWallet.get(wallet)?.push(lot)
      }
      return (page) => (byWallet.get(page.wallet) ?? []).slice(0, page.limit)
    }, nameOfPage)
  const firstOpen = firstLots(true)
  const firstOfAll = firstLots(false)

  const newest = gather<{ wallet: number; limit: number }, readonly LedgerTransaction[], string>(
    async (pages) => {
      const limit = Math.max(...pages.map((page) => page.limit))
      const ids = [...new Set(pages.map((page) => page.wallet))]
      const byWallet = new Map<number, LedgerTransaction[]>(ids.map((id) => [id, []]))
      for (const transaction of await source.findNewestTransactions(ids, limit)) {
        byWallet.get(transaction.wallet)?.push(transaction)
      }
      return (page) => (byWallet.get(page.wallet) ?? []).slice(0, page.limit)
    },
    nameOfPage,
  )

  return {
    findWallet: (id) => wallets(id),
    findOpenLots: (wallet) => openLots(wallet),
    async findLotPage(wallet, { open, before, limit }) {
      // A cursor names its wallet, so that of a list of members at most one page is not the first.
      if (before === null) return (open ? firstOpen : firstOfAll)({ wallet, limit })
      const lots = await source.findLotPages([{ wallet, before }], { open, limit })
      return lots.map(({ lot }) => lot)
    },
    findTransactions: (wallet, { before, limit }) =>
      before === null
        ? newest({ wallet, limit })
        : source.findTransactions(wallet, { before, limit }),
  }
}

/** Gathers the keys of one turn, asks once for each that differs, and hands the answers out. */
function gather<Key, Value, Name = Key>(
  ask: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
  nameOf: (key: Key) => Name = (key) => key as unknown as Name,
): (key: Key) => Promise<Value> {
  const loader = new DataLoader<Key, Value>(
    async (keys) => {
      const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()]
      const answerOf = await ask(distinct)
      return keys.map(answerOf)
    },
    { cache: false, maxBatchSize: 1_000 },
  )
  return (key) => loader.load(key)
}

function nameOfPage({ wallet, limit }: { wallet: number; limit: number }): string {
  return `${wallet}:${limit}`
}

function byId(wallets: readonly Wallet[]): Map<number, Wallet> {
  return new Map(wallets.map((wallet) => [wallet.id, wallet]))
}
