import {
  type Balance,
  closeDraft,
  type Draft,
  grantPoints,
  isRefusal,
  type LedgerRecord,
  LOT_STATES,
  type Lot,
  type NewLot,
  openDraft,
  type Posting,
  type Refusal,
  recordKey,
  settleNextDue,
  type TransactionType,
  type Wallet,
  type WalletView,
} from '@pointwell/ledger'

/**
 * One wallet with no ledger and no store around it, for tests of pure decisions. It does what the
 * ledger does: settles what is due, runs the decision, takes over what it posts. What it takes over
 * is held against the invariants of L1 and L3 each time, so every example is also a test of them.
 */
export class WalletInHand {
  wallet: Wallet
  readonly lots = new Map<number, Lot>()
  readonly records = new Map<string, LedgerRecord>()
  readonly counters = new Map<string, number>()
  /** Everything posted, oldest first. */
  readonly postings: Posting[] = []

  constructor({ id = 1, now = 0 }: { id?: number; now?: number } = {}) {
    this.now = now
    this.wallet = {
      id,
      version: 0,
      balance: { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 },
      lastLot: 0,
      nextDueAt: null,
      lock: null,
      head: '0'.repeat(64),
      memo: {},
      updatedAt: now,
    }
  }

  now: number

  get balance(): Balance {
    return this.wallet.balance
  }

  /** What is not zero of the balance: short to read in an expectation. */
  get points(): Partial<Balance> {
    return Object.fromEntries(Object.entries(this.balance).filter(([, points]) => points !== 0))
  }

  lot(seq: number): Lot {
    const lot = this.lots.get(seq)
    if (!lot) throw new Error(`there is no lot ${seq}`)
    return lot
  }

  /** Where the points of a lot are, what is not zero, and what of it ran out. */
  placesOf(seq: number): Record<string, number> {
    const lot = this.lot(seq)
    return Object.fromEntries(
      [...LOT_STATES, 'lapsed' as const]
        .map((place) => [place, lot[place]] as const)
        .filter(([, points]) => points !== 0),
    )
  }

  /** Points that went into an account, over everything posted. */
  total(account: string): number {
    return this.postings
      .flatMap(({ entries }) => entries)
      .reduce((sum, entry) => sum + (entry.account === account ? entry.amount : 0), 0)
  }

  view({ lotsLoaded = true } = {}): WalletView {
    return {
      wallet: this.wallet,
      lots: lotsLoaded ? new Map(this.lots) : new Map(),
      lotsLoaded: lotsLoaded || this.wallet.lastLot === 0,
      records: this.records,
      counters: this.counters,
      now: this.now,
    }
  }

  /** Settles, runs the moves as one transaction, and answers what they answered; a refusal writes
   * nothing. */
  decide<T>(
    moves: (draft: Draft) => T | Refusal,
    { type = 'adjust', lotsLoaded = true }: { type?: TransactionType; lotsLoaded?: boolean } = {},
  ): T | Refusal {
    this.settle()
    const draft = openDraft(this.view({ lotsLoaded }))
    const answer = moves(draft)
    if (!isRefusal(answer)) this.take(closeDraft(draft, { type, reason: 'test' }))
    return answer
  }

  /** The same for moves that are not expected to be refused. */
  do<T>(moves: (draft: Draft) => T | Refusal): T {
    const answer = this.decide(moves)
    if (isRefusal(answer)) throw new Error(`refused: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Lets time go by and does what is due. */
  until(now: number): this {
    this.now = now
    this.settle()
    return this
  }

  settle(): void {
    for (;;) {
      const posting = settleNextDue(this.view())
      if (!posting) return
      this.take(posting)
    }
  }

  take(posting: Posting): void {
    this.postings.push(posting)
    this.wallet = posting.wallet
    for (const lot of posting.lots) this.lots.set(lot.seq, lot)
    for (const record of posting.records) this.records.set(recordKey(record), record)
    for (const [id, delta] of posting.counters) {
      this.counters.set(id, (this.counters.get(id) ?? 0) + delta)
    }
    this.assertSound(posting)
  }

  /** A copy that goes its own way from here. */
  copy(): WalletInHand {
    const other = new WalletInHand({ id: this.wallet.id, now: this.now })
    other.wallet = this.wallet
    for (const [seq, lot] of this.lots) other.lots.set(seq, lot)
    for (const [key, record] of this.records) other.records.set(key, record)
    for (const [id, value] of this.counters) other.counters.set(id, value)
    other.postings.push(...this.postings)
    return other
  }

  private assertSound(posting: Posting): void {
    const fail = (what: string): never => {
      throw new Error(`not sound after ${posting.type}: ${what}\n${JSON.stringify(posting)}`)
    }
    const byLot = new Map<number | null, number>()
    for (const { account, lot, amount } of posting.entries) {
      if (!Number.isSafeInteger(amount) || amount === 0) fail(`${account} moves by ${amount}`)
      byLot.set(lot, (byLot.get(lot) ?? 0) + amount)
    }
    for (const [lot, sum] of byLot) if (sum !== 0) fail(`entries of lot ${lot} sum to ${sum}`)
    let dueAt: number | null = null
    for (const state of LOT_STATES) {
      let sum = 0
      for (const lot of this.lots.values()) {
        if (lot[state] < 0) fail(`lot ${lot.seq} has ${lot[state]} ${state}`)
        sum += lot[state]
      }
      if (sum !== this.balance[state]) fail(`${state} is ${this.balance[state]}, lots have ${sum}`)
      if (sum !== this.total(state)) fail(`${state} is ${sum}, entries say ${this.total(state)}`)
    }
    for (const lot of this.lots.values()) {
      const inside = LOT_STATES.reduce((sum, state) => sum + lot[state], 0)
      if (inside + lot.lapsed > lot.granted) fail(`lot ${lot.seq} has more than was granted`)
      const at = dueAtOf(lot, this.wallet.lock?.usableUntil ?? null)
      if (at !== null && (dueAt === null || at < dueAt)) dueAt = at
    }
    for (const { until } of this.wallet.lock?.freezes ?? []) {
      if (until !== null && (dueAt === null || until < dueAt)) dueAt = until
    }
    const { debt, available } = this.balance
    if (debt < 0 || debt !== -this.total('debt')) fail(`owes ${debt}`)
    if (debt > 0 && available > 0) fail(`owes ${debt} and has ${available}`)
    const { nextDueAt } = this.wallet
    if (dueAt !== null && (nextDueAt === null || nextDueAt > dueAt)) {
      fail(`next is due at ${dueAt}, the wallet says ${nextDueAt}`)
    }
  }
}

/** When a lot moves by itself, in words of the spec; kept apart from the code under test. */
function dueAtOf(lot: Lot, closes: number | null): number | null {
  const instants: number[] = []
  if (lot.pending > 0 && lot.confirmAt !== null) instants.push(lot.confirmAt)
  if (lot.claimable > 0 && lot.claimBy !== null) instants.push(lot.claimBy)
  if (lot.claimable + lot.available > 0 && lot.expiresAt !== null) instants.push(lot.expiresAt)
  const before = instants.filter((at) => closes === null || at <= closes || lot.pending > 0)
  if (closes !== null && lot.available > 0) before.push(closes)
  return before.length === 0 ? null : Math.min(...before)
}

/** A wallet with these lots: 100 points each that are usable and never expire, unless they say otherwise. */
export function walletWith(...lots: Partial<NewLot>[]): WalletInHand {
  const wallet = new WalletInHand()
  for (const lot of lots) {
    wallet.do((draft) =>
      grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: null,
        points: 100,
        earnedAt: 0,
        claimMs: null,
        expiresAt: null,
        ...lot,
      }),
    )
  }
  return wallet
}
