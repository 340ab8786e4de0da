/*
 * A member's points as the specification has them (L1 to L5, M2, K2, X7): lots of so many points in each
 * state, and what time does to them, in the order of time. It takes no code from the product.
 */

export const STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
export type State = (typeof STATES)[number]

export interface OracleLot {
  readonly seq: number
  readonly kind: string
  readonly source: string
  readonly granted: number
  readonly earnedAt: number
  readonly confirmAt: number | null
  readonly claimMs: number | null
  claimBy: number | null
  expiresAt: number | null
  available: number
  pending: number
  claimable: number
  held: number
  frozen: number
  /** What of it ran out or was never claimed. */
  lapsed: number
}

export interface Freeze {
  readonly ref: string
  readonly until: number | null
  readonly graceTo: number | null
  readonly taken: Map<OracleLot, number>
}

export interface NewLot {
  readonly kind: string
  readonly source: string
  readonly points: number
  readonly earnedAt: number
  readonly pending: { readonly confirmAt: number | null } | null
  readonly claimMs: number | null
  readonly expiresAt: number | null
}

export type Part = readonly [lot: OracleLot, points: number]
export type ReturnPolicy = 'pending-only' | 'within-balance' | 'debt'

const NEVER = Number.POSITIVE_INFINITY

export class OracleWallet {
  readonly lots: OracleLot[] = []
  /** Those of which something is left. */
  private open: OracleLot[] = []
  debt = 0
  freezes: Freeze[] = []
  /** From then on nothing can be used (M2). */
  usableUntil: number | null = null
  /** What time it is for whoever acts. */
  now = 0

  /** `totals`: of all accounts of the programme. */
  constructor(private readonly totals: Map<string, number>) {}

  openLots(): readonly OracleLot[] {
    this.open = this.open.filter((lot) => pointsIn(lot) > 0)
    return this.open
  }

  sum(state: State): number {
    return this.open.reduce((sum, lot) => sum + lot[state], 0)
  }

  isClosed(at: number): boolean {
    return at >= (this.usableUntil ?? NEVER)
  }

  /** What happens by itself until `now`, in the order of time. */
  settle(now: number): void {
    for (;;) {
      const next = this.nextDue()
      const over = this.freezes
        .filter(({ until }) => until !== null && until <= now && until < (next?.at ?? NEVER))
        .sort((a, b) => a.until! - b.until!)[0]
      if (over) {
        this.thaw(over, over.graceTo, over.until!)
        continue
      }
      if (!next || next.at > now) return
      for (const lot of next.lots) this.happen(next.move, lot, next.at)
    }
  }

  private nextDue() {
    let next: { at: number; move: Due['move']; lots: OracleLot[] } | undefined
    for (const lot of this.openLots()) {
      const due = this.dueOf(lot)
      if (!due) continue
      if (!next || due.at < next.at) next = { ...due, lots: [lot] }
      else if (due.at === next.at && due.move === next.move) next.lots.push(lot)
    }
    return next
  }

  private dueOf(lot: OracleLot): Due | null {
    const closes = this.usableUntil ?? NEVER
    const ends = lot.expiresAt ?? NEVER
    if (lot.pending > 0) {
      return lot.confirmAt === null ? null : { at: lot.confirmAt, move: 'confirm' }
    }
    if (lot.claimable > 0) {
      const by = lot.claimBy ?? NEVER
      const at = Math.min(ends, by)
      if (at === NEVER || at > closes) return null
      return { at, move: ends < by ? 'expire' : 'void' }
    }
    if (lot.available === 0 || Math.min(ends, closes) === NEVER) return null
    return ends <= closes ? { at: ends, move: 'expire' } : { at: closes, move: 'freeze' }
  }

  private happen(move: Due['move'], lot: OracleLot, at: number): void {
    switch (move) {
      case 'confirm':
        this.makeUsable(lot, lot.pending, { from: 'pending', since: at, at })
        break
      case 'freeze':
        this.shift(lot, 'available', 'frozen', lot.available)
        break
      case 'void':
      case 'expire': {
        const to = move === 'void' ? 'voided:unclaimed' : 'expired'
        lot.lapsed += lot.available + lot.claimable
        this.shift(lot, 'available', to, lot.available)
        this.shift(lot, 'claimable', to, lot.claimable)
      }
    }
  }

  /** Null: of no points. */
  grant(it: NewLot): OracleLot | null {
    if (it.points === 0) return null
    const lot = this.newLot(it, it.points)
    this.tell(`issued:${it.source}`, -it.points)
    lot.pending = it.points
    this.tell('pending', it.points)
    if (!it.pending) {
      this.makeUsable(lot, it.points, { from: 'pending', since: it.earnedAt, at: this.now })
    }
    return lot
  }

  private newLot(
    it: Omit<NewLot, 'points' | 'pending'> & { pending?: NewLot['pending'] },
    granted: number,
  ) {
    const lot: OracleLot = {
      seq: this.lots.length + 1,
      kind: it.kind,
      source: it.source,
      granted,
      earnedAt: it.earnedAt,
      confirmAt: it.pending?.confirmAt ?? null,
      claimMs: it.claimMs,
      claimBy: null,
      expiresAt: it.expiresAt,
      available: 0,
      pending: 0,
      claimable: 0,
      held: 0,
      frozen: 0,
      lapsed: 0,
    }
    this.lots.push(lot)
    this.open.push(lot)
    return lot
  }

  private makeUsable(
    lot: OracleLot,
    points: number,
    { from, since, at }: { from: State; since: number; at: number },
  ): void {
    if (lot.claimMs === null) {
      this.makeAvailable(lot, points, from, at)
      return
    }
    this.shift(lot, from, 'claimable', points)
    if (points > 0) lot.claimBy = since + lot.claimMs
  }

  /** What becomes usable repays first what is owed. */
  private makeAvailable(lot: OracleLot, points: number, from: string, at: number): void {
    const repaid = Math.min(this.debt, points)
    this.debt -= repaid
    this.shift(lot, from, 'debt', repaid)
    this.shift(lot, from, this.isClosed(at) ? 'frozen' : 'available', points - repaid)
  }

  confirm(lots: readonly OracleLot[]): number {
    let points = 0
    for (const lot of lots) {
      points += lot.pending
      this.makeUsable(lot, lot.pending, { from: 'pending', since: this.now, at: this.now })
    }
    return points
  }

  claim(): number {
    let points = 0
    for (const lot of this.openLots()) {
      points += lot.claimable
      this.makeAvailable(lot, lot.claimable, 'claimable', this.now)
    }
    return points
  }

  /** Soonest-expiring first, then oldest first (L2). */
  private spendOrder(kinds: readonly string[] | null = null): OracleLot[] {
    return this.openLots()
      .filter((lot) => lot.available > 0 && (!kinds || kinds.includes(lot.kind)))
      .sort(
        (a, b) =>
          (a.expiresAt ?? 9e15) - (b.expiresAt ?? 9e15) || a.earnedAt - b.earnedAt || a.seq - b.seq,
      )
  }

  /** As many as there are, at most `points`. */
  take(points: number, to: string, kinds: readonly string[] | null = null): Part[] {
    const parts: Part[] = []
    let left = points
    for (const lot of this.spendOrder(kinds)) {
      const some = Math.min(left, lot.available)
      if (some === 0) break
      this.shift(lot, 'available', to, some)
      parts.push([lot, some])
      left -= some
    }
    return parts
  }

  availableOf(kinds: readonly string[] | null): number {
    return this.spendOrder(kinds).reduce((sum, lot) => sum + lot.available, 0)
  }

  /** Spent points come back to their lots; `graceTo` null: what ran out meanwhile is forfeited. */
  putBack(parts: readonly Part[], from: string, graceTo: number | null): void {
    for (const [lot, points] of parts) {
      this.reopen(lot)
      const ranOut = (lot.expiresAt ?? NEVER) <= this.now
      this.free(lot, points, { from, ranOut, graceTo, at: this.now })
    }
  }

  private free(
    lot: OracleLot,
    points: number,
    it: { from: string; ranOut: boolean; graceTo: number | null; at: number },
  ): void {
    if (points === 0) return
    if (it.ranOut && it.graceTo === null) {
      const repaid = Math.min(this.debt, points)
      this.debt -= repaid
      this.shift(lot, it.from, 'debt', repaid)
      lot.lapsed += points - repaid
      this.shift(lot, it.from, 'expired', points - repaid)
      return
    }
    if (it.ranOut) lot.expiresAt = it.graceTo
    this.makeAvailable(lot, points, it.from, it.at)
  }

  freeze(points: number, it: Omit<Freeze, 'taken'>): void {
    this.freezes.push({ ...it, taken: new Map(this.take(points, 'frozen')) })
  }

  findFreeze(ref: string): Freeze | undefined {
    return this.freezes.find((it) => it.ref === ref)
  }

  thaw(freeze: Freeze, graceTo: number | null, at = this.now): number {
    this.freezes = this.freezes.filter((it) => it !== freeze)
    let sum = 0
    for (const [lot, points] of freeze.taken) {
      const ranOut = (lot.expiresAt ?? NEVER) <= at && !this.isClosed(at)
      this.free(lot, points, { from: 'frozen', ranOut, graceTo, at })
      sum += points
    }
    return sum
  }

  voidFreeze(freeze: Freeze): number {
    this.freezes = this.freezes.filter((it) => it !== freeze)
    let sum = 0
    for (const [lot, points] of freeze.taken) {
      this.shift(lot, 'frozen', 'voided:frozen', points)
      sum += points
    }
    return sum
  }

  private named(lot: OracleLot): number {
    return this.freezes.reduce((sum, { taken }) => sum + (taken.get(lot) ?? 0), 0)
  }

  /** Sets the end of what can be used; where the wallet was closed and is not any more, it thaws. */
  setUsableUntil(usableUntil: number | null, graceTo: number | null): void {
    const wasClosed = this.isClosed(this.now)
    this.usableUntil = usableUntil
    if (!wasClosed || this.isClosed(this.now)) return
    for (const lot of [...this.openLots()]) {
      const before = lot.expiresAt ?? NEVER
      const ranOut = before <= this.now
      const points = lot.frozen - this.named(lot)
      this.free(lot, points, { from: 'frozen', ranOut, graceTo, at: this.now })
      if (lot.claimable === 0) continue
      const isLate = (lot.claimBy ?? NEVER) <= this.now
      if (!isLate && !ranOut) continue
      if (graceTo === null) {
        const to = ranOut && before < (lot.claimBy ?? NEVER) ? 'expired' : 'voided:unclaimed'
        lot.lapsed += lot.claimable
        this.shift(lot, 'claimable', to, lot.claimable)
        continue
      }
      if (isLate) lot.claimBy = this.now + lot.claimMs!
      if (ranOut) lot.expiresAt = graceTo
    }
  }

  /** What an order granted goes back (L5): of its own lot first, then of what ran out, then elsewhere. */
  clawBack(
    lot: OracleLot,
    {
      points,
      forgivenBefore,
      policy,
    }: { points: number; forgivenBefore: number; policy: ReturnPolicy },
  ): { readonly real: number; readonly forgiven: number } {
    let left = points
    const from = (state: State, to: string) => {
      const some = Math.min(left, lot[state])
      this.shift(lot, state, to, some)
      left -= some
    }
    from('pending', 'voided:returned')
    from('claimable', 'voided:returned')
    if (policy === 'pending-only') return { real: points - left, forgiven: 0 }
    from('available', 'clawed-back')
    from('frozen', 'clawed-back')
    this.forgetFrozen(lot)
    const forgiven = Math.min(left, lot.lapsed - forgivenBefore)
    left -= forgiven
    for (const [, some] of this.take(left, 'clawed-back')) left -= some
    if (policy === 'debt') {
      this.debt += left
      this.tell('debt', -left)
      this.tell('clawed-back', left)
      left = 0
    }
    return { real: points - forgiven - left, forgiven }
  }

  /** Of frozen points those go first that nobody named, then the freezes in the order they came. */
  private forgetFrozen(lot: OracleLot): void {
    let over = this.named(lot) - lot.frozen
    for (const { taken } of this.freezes) {
      if (over <= 0) break
      const points = taken.get(lot) ?? 0
      const gone = Math.min(points, over)
      over -= gone
      if (points > gone) taken.set(lot, points - gone)
      else taken.delete(lot)
    }
    this.freezes = this.freezes.filter(({ taken }) => taken.size > 0)
  }

  /** Points of another member arrive, with the age and the end that they had. */
  receive(parts: readonly Part[]): void {
    for (const [sent, points] of parts) {
      const lot = this.newLot({ ...sent, claimMs: null, pending: null }, points)
      if ((lot.expiresAt ?? NEVER) > this.now) {
        this.makeAvailable(lot, points, 'transferred', this.now)
      } else {
        lot.lapsed = points
        this.shift(lot, 'transferred', 'expired', points)
      }
    }
  }

  private reopen(lot: OracleLot): void {
    if (this.open.includes(lot)) return
    this.open.push(lot)
    this.open.sort((a, b) => a.seq - b.seq)
  }

  private shift(lot: OracleLot, from: string, to: string, points: number): void {
    if (points === 0) return
    if (isState(from)) lot[from] -= points
    if (isState(to)) lot[to] += points
    this.tell(from, -points)
    this.tell(to, points)
  }

  private tell(account: string, points: number): void {
    this.totals.set(account, (this.totals.get(account) ?? 0) + points)
  }
}

interface Due {
  readonly at: number
  readonly move: 'confirm' | 'void' | 'expire' | 'freeze'
}

export function pointsIn(lot: OracleLot): number {
  return STATES.reduce((sum, state) => sum + lot[state], 0)
}

function isState(name: string): name is State {
  return (STATES as readonly string[]).includes(name)
}
