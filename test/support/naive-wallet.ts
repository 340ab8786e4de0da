import type { Move } from './move-command.js'

/** Where a point can be: a state of its lot, or an account of the system for good. */
interface Point {
  readonly lot: NaiveLot
  place: string
}

export interface NaiveLot {
  readonly seq: number
  readonly kind: string
  readonly source: string
  readonly ref: string | null
  readonly granted: number
  readonly earnedAt: number
  readonly confirmAt: number | null
  readonly claimMs: number | null
  claimBy: number | null
  expiresAt: number | null
}

export interface NaiveHold {
  readonly points: readonly Point[]
  state: 'held' | 'captured' | 'released' | 'refunded'
}

/** Points that somebody froze by name: those of them that are still frozen. */
export interface NaiveFreeze {
  readonly ref: string
  readonly until: number | null
  readonly graceTo: number | null
  readonly points: readonly Point[]
}

export interface NaiveBalance {
  available: number
  pending: number
  claimable: number
  held: number
  frozen: number
  debt: number
}

interface NaiveTransaction {
  readonly type: string
  readonly recordedAt: number
  readonly balance: NaiveBalance
}

const STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
const LAPSED = ['expired', 'voided:unclaimed']
const MOST = 1_000_000_000_000

export class NaiveRefusal extends Error {
  constructor(
    readonly code: string,
    readonly figures: object = {},
  ) {
    super(code)
  }
}

interface NaiveDue {
  readonly at: number
  readonly type: string
  readonly lots: readonly NaiveLot[]
  readonly freeze?: NaiveFreeze
}

/** A wallet as its facts make it. */
export class NaiveWallet {
  /** Every point there ever was, lot by lot. */
  private readonly pointsOf = new Map<NaiveLot, readonly Point[]>()
  /** Points that are owed, by the lot they are owed for; they never existed in the wallet. */
  readonly owed: NaiveLot[] = []
  /** How many points went into repaying it; they never come back out. */
  private repaid = 0
  readonly lots: NaiveLot[] = []
  readonly holds = new Map<string, NaiveHold>()
  /** Type and balance after each transaction; the version is how many there are. */
  readonly history: NaiveTransaction[] = []
  /** By the reference of an order: what returns of it took so far. */
  readonly returned = new Map<string, { points: number; forgiven: number }>()
  readonly freezes: NaiveFreeze[] = []
  /** From then on nothing can be used. */
  usableUntil: number | null = null
  memo: unknown = {}
  /** When its last transaction was recorded. */
  updatedAt: number
  /** What time it is for whoever looks now: never before the last transaction. */
  now: number

  constructor(private readonly openedAt: number) {
    this.updatedAt = openedAt
    this.now = openedAt
  }

  /** Another one that is as this one is now. */
  copy(): NaiveWallet {
    const copy = new NaiveWallet(this.openedAt)
    const lots = new Map(this.lots.map((lot) => [lot, { ...lot }]))
    const points = new Map<Point, Point>()
    for (const [lot, those] of this.pointsOf) {
      const own = lots.get(lot)!
      const copies = those.map((point) => ({ lot: own, place: point.place }))
      copy.pointsOf.set(own, copies)
      for (const [place, point] of those.entries()) points.set(point, copies[place]!)
    }
    for (const [ref, hold] of this.holds) {
      copy.holds.set(ref, { ...hold, points: hold.points.map((point) => points.get(point)!) })
    }
    for (const freeze of this.freezes) {
      const own = freeze.points.map((point) => points.get(point)!)
      copy.freezes.push({ ...freeze, points: own })
    }
    copy.usableUntil = this.usableUntil
    for (const [ref, taken] of this.returned) copy.returned.set(ref, taken)
    copy.lots.push(...lots.values())
    copy.owed.push(...this.owed.map((lot) => lots.get(lot)!))
    copy.history.push(...this.history)
    copy.repaid = this.repaid
    copy.memo = this.memo
    copy.updatedAt = this.updatedAt
    copy.now = this.now
    return copy
  }

  at(place: string, lot?: NaiveLot): Point[] {
    const points: Point[] = []
    const those = lot ? [this.pointsOf.get(lot)!] : this.pointsOf.values()
    for (const some of those)
      for (const point of some) if (point.place === place) points.push(point)
    return points
  }

  private first(place: string, lots: readonly NaiveLot[]): Point | undefined {
    for (const lot of lots) {
      const point = this.pointsOf.get(lot)!.find((one) => one.place === place)
      if (point) return point
    }
    return undefined
  }

  private has(place: string, lot: NaiveLot): boolean {
    return this.first(place, [lot]) !== undefined
  }

  get debt(): number {
    return this.owed.length - this.repaid
  }

  get balance(): NaiveBalance {
    const balance = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0 }
    for (const points of this.pointsOf.values()) {
      for (const [place, count] of countPlaces(points)) {
        if (place in balance) balance[place as keyof typeof balance] += count
      }
    }
    return { ...balance, debt: this.debt }
  }

  get version(): number {
    return this.history.length
  }

  lapsedOf(lot: NaiveLot): number {
    return LAPSED.reduce((sum, place) => sum + this.at(place, lot).length, 0)
  }

  /** All there is to compare of a lot. */
  lotState(lot: NaiveLot): object {
    const counts = countPlaces(this.pointsOf.get(lot)!)
    const states = Object.fromEntries(STATES.map((state) => [state, counts.get(state) ?? 0]))
    let voided = 0
    for (const [place, count] of counts) if (place.startsWith('voided:')) voided += count
    return { ...lot, ...states, lapsed: this.lapsedOf(lot), voided }
  }

  /** What each account got out of this wallet, by lot. */
  totals(): Map<string, number> {
    const totals = new Map<string, number>()
    const add = (account: string, lot: NaiveLot, amount: number) => {
      const name = `${account} of ${lot.seq}`
      totals.set(name, (totals.get(name) ?? 0) + amount)
    }
    for (const [lot, points] of this.pointsOf) {
      add(`issued:${lot.source}`, lot, -points.length)
      for (const [place, count] of countPlaces(points)) add(place, lot, count)
    }
    for (const lot of this.owed) {
      add('debt', lot, -1)
      add('clawed-back', lot, 1)
    }
    return totals
  }

  /** The next thing that happens by itself, if it happens by `now`. */
  nextDue(now = Infinity): NaiveDue | undefined {
    const due: { at: number; type: string; lot: NaiveLot }[] = []
    const closes = this.usableUntil ?? Infinity
    for (const lot of this.lots) {
      const { confirmAt, claimBy, expiresAt } = lot
      if (confirmAt !== null && this.has('pending', lot)) {
        due.push({ at: confirmAt, type: 'confirm', lot })
      }
      if (claimBy !== null && this.has('claimable', lot)) {
        const ends = expiresAt !== null && expiresAt < claimBy
        const at = ends ? expiresAt : claimBy
        if (at <= closes) due.push({ at, type: ends ? 'expire' : 'void', lot })
      }
      if (this.has('available', lot)) {
        const ends = expiresAt ?? Infinity
        if (ends <= closes && ends < Infinity) due.push({ at: ends, type: 'expire', lot })
        else if (closes < Infinity) due.push({ at: closes, type: 'freeze', lot })
      }
    }
    const next = Math.min(...due.map((one) => one.at))
    const over = this.freezesLeft()
      .filter(({ until }) => until !== null && until < next && until <= now)
      .sort((a, b) => a.until! - b.until!)[0]
    if (over) return { at: over.until!, type: 'thaw', lots: [], freeze: over }
    const at = Math.min(...due.map((one) => one.at))
    const first = due.find((one) => one.at === at)
    if (!first || at > now) return undefined
    const lots = due.filter((one) => one.at === at && one.type === first.type)
    return { at, type: first.type, lots: lots.map(({ lot }) => lot) }
  }

  settle(now: number): void {
    this.now = Math.max(this.updatedAt, now)
    for (;;) {
      const due = this.nextDue(this.now)
      if (!due) return
      if (due.freeze) this.thaw(due.freeze, due.freeze.graceTo, due.at)
      for (const lot of due.lots) {
        if (due.type === 'confirm') this.makeUsable(this.at('pending', lot), due.at, due.at)
        else if (due.type === 'freeze') {
          for (const point of this.at('available', lot)) point.place = 'frozen'
        } else {
          const end = due.type === 'void' ? 'voided:unclaimed' : 'expired'
          for (const point of this.at('claimable', lot)) point.place = end
          if (due.type === 'expire') for (const p of this.at('available', lot)) p.place = end
        }
      }
      this.note(due.type)
    }
  }

  /** A transaction is done. */
  note(type: string): void {
    this.history.push({ type, recordedAt: this.now, balance: this.balance })
    this.updatedAt = this.now
  }

  /** Freezes of which something is left, in the order in which they came. */
  freezesLeft(): NaiveFreeze[] {
    return this.freezes.filter(({ points }) => points.some(({ place }) => place === 'frozen'))
  }

  isClosed(at: number): boolean {
    return at >= (this.usableUntil ?? Infinity)
  }

  private thaw(freeze: NaiveFreeze, graceTo: number | null, at: number): number {
    this.freezes.splice(this.freezes.indexOf(freeze), 1)
    const points = freeze.points.filter(({ place }) => place === 'frozen')
    this.free(points, graceTo, at)
    return points.length
  }

  /** Frozen points come back; of a lot that ran out meanwhile by grace, or not at all. */
  private free(points: readonly Point[], graceTo: number | null, at: number): void {
    if (this.isClosed(at)) {
      for (const point of points) this.makeAvailable(point, at)
      return
    }
    const gone = new Set(
      points.map(({ lot }) => lot).filter((lot) => (lot.expiresAt ?? Infinity) <= at),
    )
    if (graceTo !== null) for (const lot of gone) lot.expiresAt = graceTo
    for (const point of points) {
      if (graceTo === null && gone.has(point.lot) && this.debt === 0) point.place = 'expired'
      else this.makeAvailable(point, at)
    }
  }

  private makeUsable(points: readonly Point[], at: number, happens = this.now): void {
    for (const point of points) {
      if (point.lot.claimMs === null) this.makeAvailable(point, happens)
      else {
        point.lot.claimBy = at + point.lot.claimMs
        point.place = 'claimable'
      }
    }
  }

  private makeAvailable(point: Point, at = this.now): void {
    if (this.debt > 0) {
      point.place = 'debt'
      this.repaid++
    } else point.place = this.isClosed(at) ? 'frozen' : 'available'
  }

  /** What is available, in the order in which it is spent (L2). */
  private spendable(): Point[] {
    return inSpendOrder(this.at('available'))
  }

  private giveBack(hold: NaiveHold, lapsed: { policy: string; graceMs?: number }): void {
    const gone = new Set<NaiveLot>()
    for (const { lot } of hold.points) {
      if (lot.expiresAt !== null && lot.expiresAt <= this.now) gone.add(lot)
    }
    for (const lot of gone)
      if (lapsed.policy === 'grace') lot.expiresAt = this.now + lapsed.graceMs!
    for (const point of hold.points) {
      // What somebody owes is paid even by points that are forfeited.
      if (gone.has(point.lot) && lapsed.policy === 'forfeit' && this.debt === 0) {
        point.place = 'expired'
      } else this.makeAvailable(point)
    }
  }

  private lotsNamed(seqs: readonly number[]): NaiveLot[] {
    const lots: NaiveLot[] = []
    seqs.forEach((seq, place) => {
      const lot = this.lots.find((one) => one.seq === seq)
      if (!lot) throw new NaiveRefusal('LOT_NOT_FOUND', { field: `lots.${place}` })
      if (!lots.includes(lot)) lots.push(lot)
    })
    return lots
  }

  private checkAmount(points: number): void {
    const field = 'points'
    if (points > MOST) throw new NaiveRefusal('AMOUNT_TOO_LARGE', { field, limit: MOST })
    if (!(points > 0) || points % 1 !== 0) throw new NaiveRefusal('AMOUNT_NOT_POSITIVE', { field })
  }

  /** Does one move and answers its result. Throws `NaiveRefusal` for a refusal, and any other error
   * for what is a fault of the caller; this wallet is then of no more use. */
  make(move: Move): unknown {
    switch (move.move) {
      case 'grant': {
        const { points, pending, kind, source, ref, earnedAt, claimMs, expiresAt } = move
        if (points === 0) return null
        this.checkAmount(points)
        const seq = this.lots.length + 1
        const confirmAt = pending?.confirmAt ?? null
        const terms = { kind, source, ref, earnedAt, confirmAt, claimMs, expiresAt }
        const lot: NaiveLot = { seq, granted: points, claimBy: null, ...terms }
        this.lots.push(lot)
        const made = Array.from({ length: points }, () => ({ lot, place: 'pending' }))
        this.pointsOf.set(lot, made)
        if (!pending) this.makeUsable(made, earnedAt)
        return seq
      }
      case 'confirm': {
        const lots = this.lotsNamed(move.lots)
        const points = lots.flatMap((lot) => this.at('pending', lot))
        if (points.length === 0) throw new NaiveRefusal('LOT_NOT_PENDING')
        this.makeUsable(points, move.at ?? this.now)
        return points.length
      }
      case 'claim': {
        const lots = move.lots ? this.lotsNamed(move.lots) : this.lots
        const points = lots.flatMap((lot) => this.at('claimable', lot))
        if (points.length === 0) {
          const isLate = (lot: NaiveLot) => (lot.claimBy ?? Infinity) <= this.now
          const late = lots.find((lot) => isLate(lot) && this.lapsedOf(lot) > 0)
          if (move.lots && late) throw new NaiveRefusal('CLAIM_TOO_LATE', { when: late.claimBy })
          throw new NaiveRefusal('LOT_NOT_CLAIMABLE')
        }
        for (const point of points) this.makeAvailable(point)
        return points.length
      }
      case 'hold': {
        if (this.holds.has(move.ref)) throw new Error('this reference has a hold')
        this.checkAmount(move.points)
        const available = this.at('available').length
        if (available < move.points) {
          throw new NaiveRefusal('INSUFFICIENT_POINTS', { available, needed: move.points })
        }
        const points = this.spendable().slice(0, move.points)
        for (const point of points) point.place = 'held'
        this.holds.set(move.ref, { points, state: 'held' })
        return move.points
      }
      case 'capture':
      case 'release':
      case 'refund': {
        const hold = this.holds.get(move.ref)
        const wanted = move.move === 'refund' ? 'captured' : 'held'
        if (hold?.state !== wanted) throw new NaiveRefusal('HOLD_NOT_FOUND', { field: 'ref' })
        if (move.move === 'capture') {
          for (const point of hold.points) point.place = move.account
          hold.state = 'captured'
        } else {
          this.giveBack(hold, move.lapsed)
          hold.state = move.move === 'refund' ? 'refunded' : 'released'
        }
        return hold.points.length
      }
      case 'freeze': {
        this.checkAmount(move.points)
        const points = this.spendable()
        if (points.length < move.points) {
          const figures = { available: points.length, needed: move.points }
          throw new NaiveRefusal('INSUFFICIENT_POINTS', figures)
        }
        if (this.freezes.some(({ ref }) => ref === move.ref)) throw new Error('this name is in use')
        const frozen = points.slice(0, move.points)
        for (const point of frozen) point.place = 'frozen'
        const { ref, until, graceTo } = move
        this.freezes.push({ ref, until, graceTo, points: frozen })
        return move.points
      }
      case 'end':
        throw new Error('histories that are drawn have no end')
      case 'thaw':
      case 'voidFrozen': {
        const freeze = this.freezesLeft().find(({ ref }) => ref === move.ref)
        if (!freeze) throw new NaiveRefusal('FREEZE_NOT_FOUND', { field: 'ref' })
        if (move.move === 'thaw') return this.thaw(freeze, move.graceTo, this.now)
        this.freezes.splice(this.freezes.indexOf(freeze), 1)
        const points = freeze.points.filter(({ place }) => place === 'frozen')
        for (const point of points) point.place = 'voided:frozen'
        return points.length
      }
      case 'close': {
        const wasClosed = this.isClosed(this.now)
        this.usableUntil = move.usableUntil
        if (!wasClosed || this.isClosed(this.now)) return 0
        const named = new Set(this.freezes.flatMap(({ points }) => points))
        const points = this.at('frozen').filter((point) => !named.has(point))
        const claimable = this.lots.filter((lot) => this.has('claimable', lot))
        const ends = new Map(claimable.map((lot) => [lot, lot.expiresAt ?? Infinity]))
        this.free(points, move.graceTo, this.now)
        for (const lot of claimable) this.reopen(lot, ends.get(lot)!, move.graceTo)
        return points.length
      }
      case 'extend': {
        const result: object[] = []
        this.lotsNamed(move.ends.map(({ lot }) => lot))
        for (const { lot: seq, expiresAt: to } of move.ends) {
          const lot = this.lots.find((one) => one.seq === seq)!
          const points = STATES.reduce((sum, state) => sum + this.at(state, lot).length, 0)
          const from = lot.expiresAt
          if (from === null) {
            if (move.unending === 'keep' || (points > 0 && to <= this.now)) continue
          } else if (from <= this.now || to <= from) continue
          else if (points === 0 && move.unending === 'keep') continue
          lot.expiresAt = to
          result.push({ lot: seq, points, from, to })
        }
        return result
      }
      case 'clawback':
        return this.clawBack(move)
      case 'memo':
        this.memo = move.memo
        return null
      case 'count':
        return null
    }
  }

  /** What could not be claimed in time while the wallet was closed. */
  private reopen(lot: NaiveLot, expires: number, graceTo: number | null): void {
    const isLate = (lot.claimBy ?? Infinity) <= this.now
    const ranOut = expires <= this.now
    if (!isLate && !ranOut) return
    if (graceTo === null) {
      const place = ranOut && expires < (lot.claimBy ?? Infinity) ? 'expired' : 'voided:unclaimed'
      for (const point of this.at('claimable', lot)) point.place = place
      return
    }
    if (isLate) lot.claimBy = this.now + lot.claimMs!
    if (ranOut) lot.expiresAt = graceTo
  }

  /** A frozen point of these lots: one that nobody named, or of the freeze that came first. */
  private firstFrozen(lots: readonly NaiveLot[]): Point | undefined {
    for (const lot of lots) {
      const frozen = this.at('frozen', lot)
      const named = this.freezes.flatMap(({ points }) => points)
      const point =
        frozen.find((one) => !named.includes(one)) ?? named.find((one) => frozen.includes(one))
      if (point) return point
    }
    return undefined
  }

  /** One point after the other is looked for: first in the order itself, then among what ran out,
   * then anywhere, and what is found nowhere is owed (L5). */
  private clawBack(move: Extract<Move, { move: 'clawback' }>): unknown {
    const lots = this.lotsNamed(move.lots)
    const most = lots.reduce((sum, { granted }) => sum + granted, 0)
    if (move.points > most) throw new Error('more than was granted')
    const result = { voided: 0, taken: 0, owed: 0, forgiven: 0, forgone: 0 }
    let forgivable = lots.reduce((sum, lot) => sum + this.lapsedOf(lot), 0) - move.forgivenBefore
    const inOrder = (place: string) => this.first(place, lots)
    for (let point = 0; point < move.points; point++) {
      const waiting = inOrder('pending') ?? inOrder('claimable')
      const own = inOrder('available') ?? this.firstFrozen(lots)
      if (waiting) {
        waiting.place = 'voided:returned'
        result.voided++
      } else if (move.policy === 'pending-only') result.forgone++
      else if (own) {
        own.place = 'clawed-back'
        result.taken++
      } else if (forgivable > 0) {
        forgivable--
        result.forgiven++
      } else {
        const other = this.spendable()[0]
        if (other) {
          other.place = 'clawed-back'
          result.taken++
        } else if (move.policy === 'within-balance') result.forgone++
        else {
          this.owed.push(lots[0]!)
          result.owed++
        }
      }
    }
    const ref = lots[0]?.ref ?? ''
    const before = this.returned.get(ref) ?? { points: 0, forgiven: 0 }
    this.returned.set(ref, {
      points: before.points + move.points,
      forgiven: before.forgiven + result.forgiven,
    })
    return result
  }
}

function countPlaces(points: readonly Point[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { place } of points) counts.set(place, (counts.get(place) ?? 0) + 1)
  return counts
}

/** Soonest-expiring first, then oldest; what never expires comes last (L2). */
function inSpendOrder(points: readonly Point[]): Point[] {
  const never = 9e15
  return [...points].sort(
    (a, b) =>
      (a.lot.expiresAt ?? never) - (b.lot.expiresAt ?? never) ||
      a.lot.earnedAt - b.lot.earnedAt ||
      a.lot.seq - b.lot.seq,
  )
}
