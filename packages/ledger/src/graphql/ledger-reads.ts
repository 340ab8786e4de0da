import { joinWave } from '../database/read-waves.js'
import type { TransactionLine } from '../posting/posting.js'
import { groupFirstRows, groupReads } from '../store/group-reads.js'
import type { LedgerBooks, WalletMoment } from '../store/ledger-store.js'
import type { Balance, Lot, Wallet } from '../wallet/wallet.js'

/** Where the reads come from: the store, and a way to do what is due before it is shown. */
export interface LedgerReadSource
  extends Pick<
    LedgerBooks,
    | 'findWallets'
    | 'findLots'
    | 'findLotPages'
    | 'findTransactions'
    | 'findNewestTransactions'
    | 'findBalancesAt'
  > {
  /** Does what is due on these wallets (expiry, confirmation, claim deadlines). */
  settle(wallets: readonly number[]): Promise<unknown>
}

/**
 * Reads of all requests, gathered: whatever many fields ask for side by side is one statement (A4).
 * Nothing is remembered, so what follows a write sees it.
 */
export interface LedgerReads {
  /** With everything due done; undefined when there is no such wallet. */
  findWallet(id: number): Promise<Wallet | undefined>
  /** What a storefront was shown at an instant that is not in the future, epoch milliseconds (L7);
   * undefined when there is no such wallet. */
  findBalanceAt(moment: WalletMoment): Promise<Balance | undefined>
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
  ): Promise<readonly TransactionLine[]>
}

/** One for all requests. `now`: when something is due, epoch milliseconds. */
export function openLedgerReads({
  source,
  now,
}: {
  source: LedgerReadSource
  now: () => number
}): LedgerReads {
  const wallets = groupReads<number, Wallet | undefined>(async (ids) => {
    const found = new Map((await source.findWallets(ids)).map((wallet) => [wallet.id, wallet]))
    return (id) => found.get(id)
  })
  const isDue = (wallet: Wallet | undefined) => {
    const dueAt = wallet?.nextDueAt ?? null
    return dueAt !== null && dueAt <= now()
  }

  /** Many fields ask for the same wallet: what is due in it is done once. */
  const settling = new Map<number, Promise<unknown>>()
  const settle = (id: number): Promise<unknown> => {
    const known = settling.get(id)
    if (known) return known
    const settled = source.settle([id]).finally(() => settling.delete(id))
    settling.set(id, settled)
    return settled
  }

  const findWallet = async (id: number): Promise<Wallet | undefined> => {
    let wallet = await wallets(id)
    // Whoever joined somebody else's may find that it was begun a moment before its own was due.
    for (let turn = 0; turn < 2 && isDue(wallet); turn++) {
      await joinWave(() => settle(id))
      wallet = await wallets(id)
    }
    return wallet
  }

  const balances = groupReads<WalletMoment, Balance | undefined, string>(async (moments) => {
    const found = await source.findBalancesAt(moments)
    const byName = new Map(moments.map((moment, place) => [momentName(moment), found[place]]))
    return (moment) => byName.get(momentName(moment))
  }, momentName)

  const openLots = groupReads<number, readonly Lot[]>(async (ids) => {
    const byWallet = new Map<number, Lot[]>(ids.map((id) => [id, []]))
    for (const { wallet, lot } of await source.findLots(ids, { open: true })) {
      byWallet.get(wallet)?.push(lot)
    }
    for (const lots of byWallet.values()) lots.sort((a, b) => b.seq - a.seq)
    return (id) => byWallet.get(id) ?? []
  })

  const firstLots = (open: boolean) =>
    groupFirstRows(async (ids, limit) => {
      const pages = ids.map((wallet) => ({ wallet, before: null }))
      return source.findLotPages(pages, { open, limit })
    })
  const firstOpen = firstLots(true)
  const firstOfAll = firstLots(false)
  const newest = groupFirstRows((ids, limit) => source.findNewestTransactions(ids, limit))

  return {
    findWallet,
    async findBalanceAt(moment) {
      const wallet = await findWallet(moment.wallet)
      const isNow = wallet === undefined || wallet.updatedAt <= moment.at
      return isNow ? wallet?.balance : balances(moment)
    },
    findOpenLots: (wallet) => openLots(wallet),
    async findLotPage(wallet, { open, before, limit }) {
      // A cursor names its wallet, so that of a list of members at most one page is not the first.
      const lots =
        before === null
          ? await (open ? firstOpen : firstOfAll)({ wallet, limit })
          : await source.findLotPages([{ wallet, before }], { open, limit })
      return lots.map(({ lot }) => lot)
    },
    findTransactions: (wallet, { before, limit }) =>
      before === null
        ? newest({ wallet, limit })
        : source.findTransactions(wallet, { before, limit }),
  }
}

function momentName({ wallet, at }: WalletMoment): string {
  return `${wallet}:${at}`
}
