import type { LedgerStore, LedgerTransaction, Lot, Wallet } from '@pointwell/ledger'
import { assertSame, assertTrue } from './assert-same.js'
import type { NaiveLedger } from './naive-ledger.js'
import type { NaiveWallet } from './naive-wallet.js'

/** What was seen of one wallet's history so far: it may grow and must never change. */
interface Seen {
  readonly transactions: LedgerTransaction[]
  /** By account and lot, from the entries alone. */
  readonly totals: Map<string, number>
}

/**
 * Looks at everything a store shows of a naive ledger's wallets, and holds it against that. History
 * is read as it grows; `compareWhole` reads all of it again.
 */
export class LedgerProbe {
  private readonly seen = new Map<number, Seen>()
  private figuresBefore: ReadonlyMap<string, number> = new Map()

  constructor(
    private readonly store: LedgerStore,
    private readonly model: NaiveLedger,
  ) {
    for (const id of model.wallets) this.seen.set(id, { transactions: [], totals: new Map() })
  }

  /** What others have in the store stays out of the figures. */
  async begin(): Promise<void> {
    this.figuresBefore = await this.figures()
  }

  /** Wallets, lots, and what is new in their histories. */
  async compareState(): Promise<void> {
    const { store, model } = this
    const wallets = await store.findWallets(model.wallets)
    const lots = await store.findLots(model.wallets, { open: false })
    assertSame(ids(wallets), model.wallets, 'wallets')
    for (const wallet of wallets) {
      const naive = model.wallet(wallet.id)
      compareWallet(wallet, naive)
      compareLots(ofWallet(lots, wallet.id), naive)
      await this.compareHistory(wallet.id, naive)
    }
  }

  /** Besides the state everything that is kept beside it: open lots, holds, figures, counters, what is
   * due. */
  async compare(now: number): Promise<void> {
    await this.compareState()
    const { store, model } = this
    const lots = await store.findLots(model.wallets, { open: false })
    const openLots = await store.findLots(model.wallets, { open: true })
    const versions = await store.findVersions(model.wallets)
    const totals = new Map<string, number>()
    for (const id of model.wallets) {
      const naive = model.wallet(id)
      assertSame(versions.get(id), naive.version, 'version')
      assertSame(ofWallet(openLots, id), ofWallet(lots, id).filter(isOpen), 'open lots')
      await this.compareHolds(id, naive)
      for (const [name, amount] of naive.totals()) {
        const account = name.slice(0, name.lastIndexOf(' of '))
        totals.set(account, (totals.get(account) ?? 0) + amount)
      }
    }
    await this.compareFigures(totals)
    const counters = await store.findCounters([...model.counters.keys()])
    assertSame(new Map(counters), model.counters, 'counters')
    await this.assertFindsDue(now)
  }

  /** Once at the end: all of history again, from its beginning, backwards and by key; and the naive
   * wallets worked out once more from all their facts. */
  async compareWhole(now: number): Promise<void> {
    await this.compare(now)
    const { store, model } = this
    for (const id of model.wallets) {
      const { transactions } = this.seen.get(id)!
      const forwards = await store.findTransactions(id, { after: 0, limit: 100_000 })
      assertSame(forwards, transactions, 'history')
      const backwards = await store.findTransactions(id, { before: null, limit: 100_000 })
      assertSame(backwards, transactions.toReversed(), 'history backwards')
      const naive = model.workOut(id)
      assertSame(told(transactions), naive.history, 'history from all facts')
      assertSame(naive.balance, model.wallet(id).balance, 'the naive ledger itself')
    }
    for (const [key, { wallet, version }] of model.posted) {
      const found = await store.findTransactionByKey(key)
      assertSame(found, this.seen.get(wallet)!.transactions[version - 1], `found by key ${key}`)
    }
  }

  /** X7: a sweep finds every wallet that has something due, and may find others. */
  async assertFindsDue(now: number): Promise<void> {
    const found = await this.store.findDueWallets(now, 1_000_000)
    for (const id of this.model.wallets) {
      if (this.model.wallet(id).nextDue(now)) assertTrue(found.includes(id), `${id} is due`)
    }
  }

  private async compareHistory(id: number, naive: NaiveWallet): Promise<void> {
    const { transactions, totals } = this.seen.get(id)!
    const first = transactions.length
    const fresh = await this.store.findTransactions(id, { after: first, limit: 10_000 })
    for (const transaction of fresh) {
      const before = transactions.at(-1)
      const { version, previousHash } = transaction
      const expected = {
        id: `${id}-${transactions.length + 1}`,
        version: transactions.length + 1,
        previousHash: before?.hash ?? '0'.repeat(64),
        before: before?.balance ?? NOTHING,
      }
      const linked = { id: transaction.id, version, previousHash, before: transaction.before }
      assertSame(linked, expected, 'a transaction goes on where the last one ended')
      transactions.push(transaction)
      addEntries(totals, transaction)
    }
    assertSame(told(fresh), naive.history.slice(first), 'history')
    assertSame(withoutZeros(totals), withoutZeros(naive.totals()), 'accounts by lot')
  }

  private async compareHolds(id: number, naive: NaiveWallet): Promise<void> {
    const page = { beforeRef: null, limit: 10_000 }
    const records = await this.store.findRecordsOf(id, 'hold', page)
    const found = records.map(({ ref, body }) => {
      const { state, points, taken } = body as { state: string; points: number; taken: number[][] }
      return [ref, { state, points, taken: Object.fromEntries(taken) }] as const
    })
    const expected = [...naive.holds].map(([ref, { state, points }]) => {
      const taken: Record<number, number> = {}
      for (const { lot } of points) taken[lot.seq] = (taken[lot.seq] ?? 0) + 1
      return [ref, { state, points: points.length, taken }] as const
    })
    assertSame(new Map(found), new Map(expected), 'holds')
  }

  private async compareFigures(expected: ReadonlyMap<string, number>): Promise<void> {
    const moved = new Map<string, number>()
    for (const [account, total] of await this.figures()) {
      moved.set(account, total - (this.figuresBefore.get(account) ?? 0))
    }
    assertSame(withoutZeros(moved), withoutZeros(expected), 'figures')
  }

  private async figures(): Promise<ReadonlyMap<string, number>> {
    const totals = await this.store.snapshot((snapshot) => snapshot.figureTotals())
    // What is drawn is small enough for numbers.
    return new Map([...totals].map(([account, total]) => [account, Number(total)]))
  }
}

const STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
const NOTHING = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

function isOpen(lot: Lot): boolean {
  return STATES.some((state) => lot[state] > 0)
}

function ids(wallets: readonly Wallet[]): number[] {
  return wallets.map(({ id }) => id)
}

function ofWallet(
  lots: readonly { readonly wallet: number; readonly lot: Lot }[],
  id: number,
): readonly Lot[] {
  return lots.filter(({ wallet }) => wallet === id).map(({ lot }) => lot)
}

function compareWallet(wallet: Wallet, naive: NaiveWallet): void {
  const { id, head, nextDueAt, lock, ...rest } = wallet
  const expected = {
    version: naive.version,
    balance: naive.balance,
    lastLot: naive.lots.length,
    memo: naive.memo,
    updatedAt: naive.updatedAt,
  }
  assertSame(rest, expected, `wallet ${id}`)
  assertSame(lock?.usableUntil ?? null, naive.usableUntil, `wallet ${id} can be used until`)
  assertSame(
    (lock?.freezes ?? []).map(({ ref, until, graceTo, taken }) => {
      return { ref, until, graceTo, points: taken.reduce((sum, [, points]) => sum + points, 0) }
    }),
    naive.freezesLeft().map(({ ref, until, graceTo, points }) => {
      return { ref, until, graceTo, points: points.filter((it) => it.place === 'frozen').length }
    }),
    `freezes of wallet ${id}`,
  )
  // May be too early, which costs a look; too late, and points would be spent that are gone.
  const due = naive.nextDue()
  if (!due) return
  const isInTime = (nextDueAt ?? Number.POSITIVE_INFINITY) <= due.at
  assertTrue(isInTime, `wallet ${id} is due at ${due.at}, and says ${nextDueAt}`)
}

function compareLots(lots: readonly Lot[], naive: NaiveWallet): void {
  const expected = naive.lots.map((lot) => naive.lotState(lot))
  assertSame(lots, expected, 'lots')
  const { balance } = naive
  for (const state of STATES) {
    const sum = lots.reduce((sum, lot) => sum + lot[state], 0)
    assertSame(sum, balance[state], `L3: ${state} is the sum over the lots`)
  }
}

/** All that a naive ledger knows of transactions. */
function told(transactions: readonly LedgerTransaction[]): object[] {
  return transactions.map(({ type, recordedAt, balance }) => ({ type, recordedAt, balance }))
}

function addEntries(totals: Map<string, number>, { entries }: LedgerTransaction): void {
  const ofThis = new Map<number | null, number>()
  for (const { account, lot, amount } of entries) {
    const name = `${account} of ${lot}`
    totals.set(name, (totals.get(name) ?? 0) + amount)
    ofThis.set(lot, (ofThis.get(lot) ?? 0) + amount)
  }
  for (const sum of ofThis.values()) assertSame(sum, 0, 'L1: entries sum to zero')
}

function withoutZeros(totals: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...totals].filter(([, amount]) => amount !== 0))
}
