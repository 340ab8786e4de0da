import type { LedgerStore, LedgerTransaction, Lot, Wallet } from '@pointwell/ledger'
import { expect } from 'vitest'
import type { NaiveLedger } from './naive-ledger.js'
import type { NaiveWallet } from './naive-wallet.js'

/** Looks at everything a store shows of a naive ledger's wallets, and holds it against that. */
export class LedgerProbe {
  /** Every transaction seen so far, by wallet: history may grow and must never change. */
  private readonly seen = new Map<number, LedgerTransaction[]>()
  private figuresBefore: ReadonlyMap<string, number> = new Map()

  constructor(
    private readonly store: LedgerStore,
    private readonly model: NaiveLedger,
  ) {}

  /** What others have in the store stays out of the figures. */
  async begin(): Promise<void> {
    this.figuresBefore = await this.figures()
  }

  async compare(now: number): Promise<void> {
    const { store, model } = this
    const wallets = await store.findWallets(model.wallets)
    const lots = await store.findLots(model.wallets, { open: false })
    const openLots = await store.findLots(model.wallets, { open: true })
    const versions = await store.findVersions(model.wallets)
    expect(wallets.map(({ id }) => id)).toEqual(model.wallets)
    const totals = new Map<string, number>()
    for (const wallet of wallets) {
      const naive = model.wallet(wallet.id)
      const of = (all: typeof lots) =>
        all.filter((one) => one.wallet === wallet.id).map(({ lot }) => lot)
      expect(versions.get(wallet.id)).toBe(naive.version)
      compareWallet(wallet, naive)
      compareLots(of(lots), naive)
      expect(of(openLots)).toEqual(of(lots).filter(isOpen))
      await this.compareHistory(wallet.id, naive)
      await this.compareHolds(wallet.id, naive)
      for (const [name, amount] of naive.totals()) {
        const account = name.slice(0, name.lastIndexOf(' of '))
        totals.set(account, (totals.get(account) ?? 0) + amount)
      }
    }
    await this.compareFigures(totals)
    const counters = await store.findCounters([...model.counters.keys()])
    expect(Object.fromEntries(counters)).toEqual(Object.fromEntries(model.counters))
    await this.assertFindsDue(now)
  }

  /** Once at the end: all of history again, from its beginning, backwards and by key. */
  async compareWhole(now: number): Promise<void> {
    await this.compare(now)
    const { store, model } = this
    for (const id of model.wallets) {
      const seen = this.seen.get(id) ?? []
      expect(await store.findTransactions(id, { after: 0, limit: 10_000 })).toEqual(seen)
      const backwards = await store.findTransactions(id, { before: null, limit: 10_000 })
      expect(backwards).toEqual(seen.toReversed())
    }
    for (const [key, { wallet, version }] of model.posted) {
      const found = await store.findTransactionByKey(key)
      expect(found).toEqual(this.seen.get(wallet)![version - 1])
    }
  }

  /** X7: a sweep finds every wallet that has something due, and may find others. */
  async assertFindsDue(now: number): Promise<void> {
    const found = await this.store.findDueWallets(now, 1_000_000)
    for (const id of this.model.wallets) {
      if (this.model.wallet(id).nextDue(now)) expect(found).toContain(id)
    }
  }

  private async compareHistory(id: number, naive: NaiveWallet): Promise<void> {
    const seen = this.seen.get(id) ?? []
    this.seen.set(id, seen)
    const fresh = await this.store.findTransactions(id, { after: seen.length, limit: 10_000 })
    for (const transaction of fresh) {
      const before = seen.at(-1)
      expect(transaction).toMatchObject({
        id: `${id}-${seen.length + 1}`,
        version: seen.length + 1,
        previousHash: before?.hash ?? '0'.repeat(64),
        before: before?.balance ?? NOTHING,
      })
      seen.push(transaction)
    }
    const told = seen.map(({ type, recordedAt, balance }) => ({ type, recordedAt, balance }))
    expect(told).toEqual(naive.history)
    expect(totalsOf(seen)).toEqual(withoutZeros(naive.totals()))
  }

  private async compareHolds(id: number, naive: NaiveWallet): Promise<void> {
    const page = { beforeRef: null, limit: 1_000 }
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
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  }

  private async compareFigures(expected: ReadonlyMap<string, number>): Promise<void> {
    const moved = new Map<string, number>()
    for (const [account, total] of await this.figures()) {
      moved.set(account, total - (this.figuresBefore.get(account) ?? 0))
    }
    expect(withoutZeros(moved)).toEqual(withoutZeros(expected))
  }

  private figures(): Promise<ReadonlyMap<string, number>> {
    return this.store.snapshot((snapshot) => snapshot.figureTotals())
  }
}

const STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
const NOTHING = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

function isOpen(lot: Lot): boolean {
  return STATES.some((state) => lot[state] > 0)
}

function compareWallet(wallet: Wallet, naive: NaiveWallet): void {
  const { id, head, nextDueAt, ...rest } = wallet
  expect(rest).toEqual({
    version: naive.version,
    balance: naive.balance,
    lastLot: naive.lots.length,
    memo: naive.memo,
    updatedAt: naive.updatedAt,
  })
  // May be too early, which costs a look; too late, and points would be spent that are gone.
  const due = naive.nextDue()
  if (due) expect(nextDueAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(due.at)
}

function compareLots(lots: readonly Lot[], naive: NaiveWallet): void {
  expect(lots).toEqual(naive.lots.map((lot) => naive.lotState(lot)))
  for (const state of STATES) {
    const sum = lots.reduce((sum, lot) => sum + lot[state], 0)
    expect(sum, `L3: ${state} is the sum over the lots`).toBe(naive.balance[state])
  }
}

/** By account and lot, from the entries alone. */
function totalsOf(transactions: readonly LedgerTransaction[]): Record<string, number> {
  const totals = new Map<string, number>()
  for (const { entries } of transactions) {
    const ofThis = new Map<number | null, number>()
    for (const { account, lot, amount } of entries) {
      const name = `${account} of ${lot}`
      totals.set(name, (totals.get(name) ?? 0) + amount)
      ofThis.set(lot, (ofThis.get(lot) ?? 0) + amount)
    }
    for (const sum of ofThis.values()) expect(sum, 'L1: entries sum to zero').toBe(0)
  }
  return withoutZeros(totals)
}

function withoutZeros(totals: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...totals].filter(([, amount]) => amount !== 0))
}
