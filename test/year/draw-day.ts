import type { Draw } from '../chaos/draw.js'
import type { Act } from './oracle/acts.js'
import { DAY_MS, dateOf, endOf, HOUR_MS, isoOf, startOf } from './oracle/berlin.js'
import type { OracleMember, OracleOrder, Profile } from './oracle/member.js'
import type { Order } from './oracle/order-points.js'
import type { Town } from './oracle/town.js'
import { OFFERS } from './programme.js'

export interface DrawnAct {
  readonly at: number
  readonly act: Act
}

/** How often a member does what, a day. */
interface Habit {
  readonly checksIn: number
  readonly orders: number
  readonly spends: number
  readonly behaves: number
}

/** Chance decides what happens on each day; half of it goes by what is there, so that much of it is
 * possible, and some is not. */
export class DayDrawer {
  private readonly habits = new Map<string, Habit>()
  private readonly waiting: Profile[]
  private readonly firstDay: number
  private orders = 0
  /** When many come at once. */
  private rush = 0
  private named = 0

  constructor(
    private readonly draw: Draw,
    {
      members,
      firstDay,
      days,
    }: { readonly members: number; readonly firstDay: number; readonly days: number },
  ) {
    this.waiting = Array.from({ length: members }, (_, n) => {
      // Most are there within the first weeks; the last ones join when the year is nearly over.
      const late = draw.chance(0.15) ? draw.next() * 0.9 : draw.next() * 0.1
      const day = firstDay + (n < members / 4 ? 0 : Math.floor(late * days))
      return this.profile(`m${String(n).padStart(3, '0')}`, day)
    }).sort((a, b) => a.joinedAt - b.joinedAt)
    this.firstDay = firstDay
  }

  private profile(id: string, day: number): Profile {
    const { draw } = this
    const month = draw.between(1, 12)
    return {
      id,
      joinedAt: this.moment(day),
      birthday: draw.chance(0.8)
        ? draw.chance(0.05)
          ? { month: 2, day: 29 }
          : { month, day: draw.between(1, 28) }
        : null,
      region: draw.oneOf(['class-1', 'class-3', null]),
      staff: draw.chance(0.03),
    }
  }

  /** A moment of the day: the edges are more likely than others, the night in which clocks change too. */
  private moment(day: number): number {
    const from = startOf(day)
    const until = endOf(day)
    const chance = this.draw.next()
    if (chance < 0.04) return from
    if (chance < 0.08) return until - 1
    if (until - from !== DAY_MS && chance < 0.5) {
      return from + Math.floor(this.draw.next() * 4 * HOUR_MS)
    }
    return from + Math.floor(this.draw.next() * (until - from))
  }

  private key(): string {
    this.named += 1
    return `k${this.named}`
  }

  day(day: number, town: Town): DrawnAct[] {
    const acts: DrawnAct[] = []
    this.rush = this.moment(day)
    const add = (act: Act, at = this.moment(day)) => acts.push({ at, act })
    while (this.waiting[0] && dateOf(this.waiting[0].joinedAt) <= day) {
      this.register(this.waiting.shift()!, day, add)
    }
    const members = [...town.members.values()]
    for (const member of members) this.dayOf(member, { members, day, add })
    return acts.sort((a, b) => a.at - b.at)
  }

  private register(profile: Profile, day: number, add: Add): void {
    const { draw } = this
    const { id, joinedAt } = profile
    const eager = draw.next() ** 2
    this.habits.set(id, {
      checksIn: draw.chance(0.4) ? eager * 0.95 : 0.03,
      orders: 0.002 + eager * 0.12,
      spends: draw.between(5, 60),
      behaves: eager * 0.3,
    })
    // Some were members before, elsewhere: their orders of old are told of.
    const isOld = day === this.firstDay && draw.chance(0.5)
    const joined = isOld ? joinedAt - draw.between(1, 500) * DAY_MS : joinedAt
    add({ do: 'register', profile: { ...profile, joinedAt: joined } }, joinedAt)
    const until = endOf(day) - 1
    const soon = () => Math.min(until, joinedAt + draw.between(0, 3_600_000))
    if (draw.chance(0.8)) {
      const at = soon()
      add({ do: 'behave', member: id, behaviour: 'sign-up', ref: this.key(), at }, at)
    }
    for (let old = isOld ? draw.between(0, 3) : 0; old > 0; old--) {
      const at = joinedAt - draw.between(1, 300) * DAY_MS
      add({ do: 'order', member: id, order: this.order(id, at, true) }, soon())
    }
  }

  private order(id: string, at: number, confirmed: boolean): Order {
    const { draw } = this
    const { spends } = this.habits.get(id)!
    this.orders += 1
    const lines = Array.from({ length: draw.between(1, 3) }, (_, n) => ({
      id: String(n + 1),
      cents: Math.floor(spends * 100 * draw.next() ** 1.5 * (draw.chance(0.03) ? 12 : 1)),
      quantity: draw.between(1, 3),
      category: draw.oneOf(['tea', 'books', 'cups', null]),
    }))
    const goods = lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0)
    const share = (chance: number) =>
      draw.chance(chance) ? Math.floor(goods * draw.next() * 0.4) : 0
    return {
      orderId: `o${this.orders}`,
      at,
      region: draw.chance(0.1) ? 'class-3' : null,
      lines,
      taxCents: share(0.3),
      couponCents: draw.chance(0.01) ? goods + 1 : share(0.15),
      confirmed,
    }
  }

  private dayOf(
    member: OracleMember,
    { members, day, add }: { members: OracleMember[]; day: number; add: Add },
  ): void {
    const { draw } = this
    const { id, joinedAt } = member.profile
    const habit = this.habits.get(id)!
    const { wallet } = member
    const today = startOf(day)
    const doesSo = (often: number) => draw.chance(often)

    if (doesSo(habit.checksIn)) {
      add({ do: 'check-in', member: id }, doesSo(0.6) ? this.rush : this.moment(day))
      if (doesSo(0.05)) add({ do: 'check-in', member: id })
    }
    if (doesSo(habit.checksIn * 0.08)) {
      const missed = day - draw.between(1, 6)
      add({ do: 'make-up', member: id, day: missed })
    }
    if (doesSo(habit.orders)) {
      for (let more = draw.chance(0.1) ? draw.between(2, 4) : 1; more > 0; more--) {
        const at = this.moment(day)
        const late = draw.chance(0.15) ? Math.floor(draw.next() * 20 * HOUR_MS) : 0
        const order = this.order(id, at - late, draw.chance(0.3))
        add({ do: 'order', member: id, order }, at)
        if (draw.chance(0.05))
          add({ do: 'order', member: id, order }, Math.min(at + 60_000, endOf(day) - 1))
      }
    }
    if (doesSo(habit.behaves)) {
      const behaviour = draw.oneOf(['share', 'share', 'share', 'favourite', 'survey', 'unheard-of'])
      const at = doesSo(0.5) ? this.rush : this.moment(day)
      const happened = at - (draw.chance(0.1) ? Math.floor(draw.next() * 30 * HOUR_MS) : 0)
      add({ do: 'behave', member: id, behaviour, ref: this.key(), at: happened }, at)
    }
    const order = member.orders.length > 0 && doesSo(0.05) ? this.someOrder(member) : undefined
    if (order) this.later(order, { member, today, add })
    if (wallet.sum('claimable') > 0 && doesSo(0.25)) {
      add({ do: 'claim', member: id, key: this.key() })
    }
    const available = wallet.sum('available')
    if (doesSo(available > 60 ? 0.03 : 0.003)) {
      const offer = draw.oneOf(OFFERS).id
      add({ do: 'redeem', member: id, offer, key: this.key(), byQuote: draw.chance(0.4) })
    }
    if (member.redemptions.size > 0 && doesSo(0.01)) {
      const key = draw.oneOf([...member.redemptions.keys()])
      add({ do: 'give-back', member: id, key })
    }
    if (doesSo(available > 20 ? 0.006 : 0.001)) {
      const to = draw.oneOf(members).profile.id
      const points = draw.between(3, draw.chance(0.2) ? 250 : 60)
      if (to !== id) add({ do: 'transfer', member: id, to, points, key: this.key() })
    }
    if (!member.referrer && doesSo(today - joinedAt < 40 * DAY_MS ? 0.02 : 0.0005)) {
      add({ do: 'accept', member: id, referrer: draw.oneOf(members).profile.id })
    }
    this.byOperators(member, { day, add })
  }

  private someOrder(member: OracleMember): OracleOrder {
    const recent = member.orders.slice(-4)
    return this.draw.oneOf(this.draw.chance(0.8) ? recent : member.orders)
  }

  private later(
    { order, returned }: OracleOrder,
    { member, today, add }: { member: OracleMember; today: number; add: Add },
  ): void {
    const { draw } = this
    const { orderId } = order
    const chance = draw.next()
    if (chance < 0.3) add({ do: 'confirm', orderId })
    else if (chance < 0.4) add({ do: 'cancel', orderId })
    else if (chance < 0.7) {
      const line = draw.oneOf(order.lines)
      const left = line.quantity - (returned.get(line.id) ?? 0)
      const quantity = left > 0 && draw.chance(0.9) ? draw.between(1, left) : left + 1
      add({ do: 'return', orderId, returnId: this.key(), line: line.id, quantity })
    } else {
      const line = draw.oneOf(order.lines).id
      const name = `${orderId}/${line}`
      const review = { member: member.profile.id, orderId, line }
      if (member.reviews.has(name)) {
        if (draw.chance(0.4)) add({ do: 'remove-review', ...review })
      } else if (today > order.at) {
        const characters = draw.between(5, 60)
        add({ do: 'review', ...review, characters, photos: draw.between(0, 4) })
      }
    }
  }

  private byOperators(member: OracleMember, { day, add }: { day: number; add: Add }): void {
    const { draw } = this
    const { id } = member.profile
    const { wallet } = member
    if (draw.chance(0.002)) {
      const points = draw.between(1, draw.chance(0.3) ? 400 : 80) * (draw.chance(0.5) ? 1 : -1)
      add({ do: 'adjust', member: id, points, key: this.key() })
    }
    for (const key of member.waitingAdjustments.keys()) {
      if (draw.chance(0.3)) add({ do: 'decide', member: id, key, approve: draw.chance(0.7) })
    }
    if (draw.chance(0.0015)) {
      const at = this.moment(day)
      const until = draw.chance(0.7) ? at + Math.floor(draw.next() * 20 * DAY_MS) + 1 : null
      const points = draw.chance(0.3) ? null : draw.between(1, 80)
      add({ do: 'freeze', member: id, points, until, key: this.key() }, at)
    }
    for (const { ref } of wallet.freezes) {
      if (draw.chance(0.04)) add({ do: 'end-freeze', member: id, key: ref, take: draw.chance(0.3) })
    }
    const ends = wallet.usableUntil
    const leftMs = ends === null ? Infinity : ends - startOf(day)
    if (draw.chance(leftMs < 0 ? 0.02 : leftMs < 20 * DAY_MS ? 0.06 : 0.0002)) {
      add({ do: 'membership', member: id, key: this.key() })
    }
    if (draw.chance(0.0006)) {
      const until = draw.chance(0.1) ? null : startOf(day + draw.between(-3, 60))
      add({ do: 'membership', member: id, until, key: this.key() })
    }
    if (draw.chance(0.0006)) {
      const given = draw.chance(0.8)
        ? { tier: draw.oneOf(['silver', 'gold']), until: startOf(day + draw.between(1, 60)) + 1 }
        : null
      add({ do: 'tier', member: id, given, key: this.key() })
    }
    if (draw.chance(0.0006)) {
      const factor = draw.oneOf(['2', '3'])
      add({ do: 'accelerate', member: id, factor, days: draw.between(1, 40), key: this.key() })
    }
    if (draw.chance(0.0012)) {
      const isByDays = draw.chance(0.5)
      add({
        do: 'extend',
        member: id,
        through: isoOf(day + draw.between(0, 40)),
        days: isByDays ? draw.between(1, 40) : null,
        months: isByDays ? null : draw.between(1, 2),
        key: this.key(),
      })
    }
  }
}

type Add = (act: Act, at?: number) => void
