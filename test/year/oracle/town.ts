/*
 * The programme as the specification has it, worked out act by act from facts alone: whoever is to find
 * out what is right reads this beside spec and docs, not beside the product.
 */
import type { Act, Answer } from './acts.js'
import { DAY_MS, dateOf, endOf, isoOf, monthOf, parseDay, startOf } from './berlin.js'
import {
  activityAt,
  type Budgets,
  campaignsFor,
  type Decided,
  grantTo,
  periodOf,
  reinstatedTo,
  takeBack,
  termFrom,
} from './grants.js'
import { type Grant, OracleMember, type OracleOrder, type Redemption } from './member.js'
import { actPoints, type Buyer, orderPoints, qualifyingCents } from './order-points.js'
import { renew, servingValue } from './renewals.js'
import type { Rules, YearOffer } from './rules.js'
import { endOfNew, extended, graceFor, termEnd, termOf } from './terms.js'
import { type OracleLot, pointsIn } from './wallet.js'

const NOBODY: ReadonlySet<OracleLot> = new Set()
const done = (points = 0): Answer => ({ points })
const refused = (code: string): Answer => ({ refused: code })

export class Town {
  readonly totals = new Map<string, number>()
  readonly members = new Map<string, OracleMember>()
  readonly orders = new Map<string, OracleOrder>()
  readonly budgets: Budgets = new Map()
  readonly stock = new Map<string, number>()
  /** Orders that will confirm by themselves, the soonest first. */
  private agenda: OracleOrder[] = []

  constructor(
    public rules: Rules,
    private readonly offers: ReadonlyMap<string, YearOffer>,
  ) {}

  member(id: string): OracleMember {
    return this.members.get(id)!
  }

  /** Whether budgets are so large that it does not matter who comes first. */
  isRich(at: number): boolean {
    const { campaigns, budgets } = this.rules
    const isOpen = ({ from, until }: { from: string; until: string }) =>
      Date.parse(from) <= at && at < Date.parse(until)
    const used = this.budgets.get(`programme:${monthOf(dateOf(at))}`) ?? 0
    const left = budgets.programme.points * (1 - budgets.reservePercent / 100) - used
    return (
      left > this.members.size * 200 &&
      !campaigns.some((it) => isOpen(it) && (it.budget !== null || it.department !== null))
    )
  }

  /** When something happens next that others hear of; Infinity: nothing so far. */
  nextConfirmation(): number {
    return this.agenda[0]?.confirmAt ?? Number.POSITIVE_INFINITY
  }

  /** Orders that confirmed by themselves until now: who follows them is told. */
  hearConfirmations(now: number): void {
    while (this.nextConfirmation() <= now) {
      const it = this.agenda.shift()!
      if (it.grant.cancelled || it.confirmedAt !== null) continue
      const { member } = it.grant
      this.settle(member, now)
      const act = { at: it.confirmAt!, cents: it.cents }
      renew(member, act, { rules: this.rules, now, except: lotsOf(it.grant) })
      this.follow(it, now)
    }
  }

  /** What happens to a member by itself until now. */
  settle(member: OracleMember, now: number): void {
    member.wallet.settle(now)
    member.wallet.now = now
  }

  isConfirmed({ grant, confirmedAt, confirmAt, order }: OracleOrder, now: number): boolean {
    if (grant.cancelled) return false
    return order.confirmed || confirmedAt !== null || (confirmAt !== null && confirmAt <= now)
  }

  do(act: Act, now: number): Answer {
    switch (act.do) {
      case 'register':
        return this.register(act, now)
      case 'policy':
        this.rules = act.rules
        return done()
      case 'confirm':
      case 'return':
      case 'cancel': {
        const order = this.orders.get(act.orderId)
        if (!order) return refused('ORDER_NOT_FOUND')
        this.settle(order.grant.member, now)
        // Said again it is the same, whatever happened since (L4).
        const said = act.do === 'confirm' ? order.confirmedPoints : undefined
        if (said !== undefined) return done(said)
        if (order.grant.cancelled) {
          return act.do === 'cancel' ? done(-order.cancelledPoints!) : refused('ORDER_CANCELLED')
        }
        if (act.do === 'confirm') return this.confirm(order, now)
        return act.do === 'cancel' ? this.cancel(order, now) : this.giveBack(order, act, now)
      }
      default: {
        const member = this.member(act.member)
        this.settle(member, now)
        return this.actOf(member, act, now)
      }
    }
  }

  private register({ profile }: Extract<Act, { do: 'register' }>, now: number): Answer {
    const member = new OracleMember(profile, this.totals)
    member.wallet.now = now
    const { firstTermMonths } = this.rules.membership
    member.wallet.usableUntil = termFrom(now, firstTermMonths)
    this.members.set(profile.id, member)
    return done()
  }

  /** Nothing is earned by what happened after a membership ran out, where the policy says so. */
  private hasLapsed(member: OracleMember, at: number): boolean {
    return this.rules.membership.earningWhileLapsed === 'refuse' && member.wallet.isClosed(at)
  }

  private grant(member: OracleMember, decided: Decided, now: number): Grant {
    return grantTo(member, decided, { rules: this.rules, budgets: this.budgets, now })
  }

  private earn(member: OracleMember, decided: Decided, now: number): Grant {
    const grant = this.grant(member, decided, now)
    member.active.add(dateOf(decided.at))
    return grant
  }

  private campaigns(
    member: OracleMember,
    source: string,
    { at, now }: { at: number; now: number },
  ) {
    const tier = member.standing.levelAt(this.rules, at, now).id
    return campaignsFor(this.rules, { source, at, region: member.profile.region, tier })
  }

  private actOf(
    member: OracleMember,
    act: Exclude<Act, { do: 'register' | 'policy' | 'confirm' | 'return' | 'cancel' }>,
    now: number,
  ): Answer {
    const { wallet } = member
    switch (act.do) {
      case 'order':
        return this.order(member, act.order, now)
      case 'check-in':
        return this.checkIn(member, dateOf(now), { isMadeUp: false, now })
      case 'make-up':
        return this.checkIn(member, act.day, { isMadeUp: true, now })
      case 'behave':
        return this.behave(member, act, now)
      case 'review':
        return this.review(member, act, now)
      case 'remove-review': {
        const grant = member.reviews.get(`${act.orderId}/${act.line}`)
        if (!grant) return refused('ORDER_NOT_FOUND')
        // Said again it is the same, whatever happened since.
        if (grant.removedPoints !== undefined) return done(grant.removedPoints)
        if (grant.cancelled) return refused('ORDER_CANCELLED')
        grant.removedPoints = -this.back(grant, 0)
        return done(grant.removedPoints)
      }
      case 'accept':
        return this.accept(member, this.member(act.referrer), now)
      case 'claim': {
        const points = wallet.claim()
        if (points === 0) return refused('LOT_NOT_CLAIMABLE')
        member.active.add(dateOf(now))
        return done(points)
      }
      case 'redeem':
        return this.redeem(member, act, now)
      case 'give-back':
        return this.cancelRedemption(member, act.key, now)
      case 'transfer':
        return this.transfer(member, act, now)
      case 'adjust': {
        if (Math.abs(act.points) > this.rules.adjustments.approvalAbove) {
          member.waitingAdjustments.set(act.key, act.points)
          return done()
        }
        return this.adjust(member, act.points, now)
      }
      case 'decide': {
        const points = member.waitingAdjustments.get(act.key)
        if (points === undefined) return refused('ADJUSTMENT_DECIDED')
        if (!act.approve) {
          member.waitingAdjustments.delete(act.key)
          return done()
        }
        const answer = this.adjust(member, points, now)
        if (!('refused' in answer)) member.waitingAdjustments.delete(act.key)
        return answer
      }
      case 'freeze': {
        const available = wallet.sum('available')
        const points = act.points ?? available
        if (points === 0 || points > available) return refused('INSUFFICIENT_POINTS')
        const graceTo = act.until === null ? null : reinstatedTo(this.rules, act.until)
        wallet.freeze(points, { ref: act.key, until: act.until, graceTo })
        return done(points)
      }
      case 'end-freeze': {
        const freeze = wallet.findFreeze(act.key)
        if (!freeze) return refused('FREEZE_NOT_FOUND')
        if (act.take) return done(wallet.voidFreeze(freeze))
        return done(wallet.thaw(freeze, reinstatedTo(this.rules, now)))
      }
      case 'membership':
        return this.membership(member, act.until, now)
      case 'tier':
        member.standing.give(act.given, now)
        return done()
      case 'accelerate': {
        const until = endOf(dateOf(now) + act.days)
        member.standing.accelerators.push({ factor: Number(act.factor), from: now, until })
        return done()
      }
      case 'extend':
        return this.extend(member, act, now)
    }
  }

  // E2

  private order(member: OracleMember, order: OracleOrder['order'], now: number): Answer {
    const known = this.orders.get(order.orderId)
    if (known) return done(known.grant.granted)
    const { at } = order
    if (this.hasLapsed(member, at)) return refused('MEMBERSHIP_LAPSED')
    const { settings } = this.rules.sources.purchase
    const level = member.standing.levelAt(this.rules, at, now)
    const buyer: Buyer = {
      ...member.profile,
      level,
      campaigns: this.campaigns(member, 'purchase', { at, now }),
    }
    const earned = orderPoints(this.rules, order, { buyer, returned: new Map() })
    const cents = qualifyingCents(order, new Map())
    const confirmAt = order.confirmed ? null : at + settings.confirmAfterDays * DAY_MS
    const factor = member.standing.factorAt(at)
    const before = new Set(member.wallet.lots)
    const grant = this.earn(
      member,
      {
        ...earned,
        source: 'purchase',
        at,
        isOrder: true,
        ...(confirmAt !== null && { pending: { confirmAt } }),
        claimMs: settings.claimDays === null ? null : settings.claimDays * DAY_MS,
      },
      now,
    )
    const it: OracleOrder = {
      order,
      grant,
      rules: this.rules,
      buyer,
      factor,
      returned: new Map(),
      cents,
      confirmAt,
      confirmedAt: null,
    }
    this.orders.set(order.orderId, it)
    member.orders.push(it)
    const month = monthOf(dateOf(at))
    if (confirmAt === null) {
      member.standing.add(month, cents * factor)
      const except = new Set(member.wallet.lots.filter((lot) => !before.has(lot)))
      renew(member, { at, cents }, { rules: this.rules, now, except })
      this.follow(it, now)
    } else {
      member.standing.waiting.set(order.orderId, { month, cents: cents * factor, confirmAt })
      this.agenda.push(it)
      this.agenda.sort((a, b) => a.confirmAt! - b.confirmAt!)
    }
    return done(grant.granted)
  }

  private confirm(it: OracleOrder, now: number): Answer {
    const { member } = it.grant
    const { orderId } = it.order
    if (this.isConfirmed(it, now)) {
      // By itself: it stays as it is.
      it.confirmedPoints = 0
      return done()
    }
    it.confirmedAt = now
    const points = member.wallet.confirm([...lotsOf(it.grant)])
    it.confirmedPoints = points
    const waiting = member.standing.waiting.get(orderId)!
    member.standing.waiting.delete(orderId)
    member.standing.add(waiting.month, waiting.cents)
    const act = { at: now, cents: it.cents }
    renew(member, act, { rules: this.rules, now, except: lotsOf(it.grant) })
    this.follow(it, now)
    return done(points)
  }

  private giveBack(
    it: OracleOrder,
    { line: id, quantity }: Extract<Act, { do: 'return' }>,
    now: number,
  ): Answer {
    const line = it.order.lines.find((one) => one.id === id)
    if (!line) return refused('ORDER_LINE_NOT_FOUND')
    const back = it.returned.get(id) ?? 0
    if (back + quantity > line.quantity) return refused('RETURN_EXCEEDS_PURCHASE')
    it.returned.set(id, back + quantity)
    const { buyer, rules } = it
    const left = orderPoints(rules, it.order, { buyer, returned: it.returned })
    const cap = rules.caps.pointsPerOrder
    const most = buyer.level.id in cap.byTier ? cap.byTier[buyer.level.id]! : cap.limit
    const points = this.back(it.grant, Math.min(left.points, most ?? left.points))
    this.unspend(it, qualifyingCents(it.order, it.returned))
    this.follow(it, now)
    return done(-points)
  }

  private cancel(it: OracleOrder, now: number): Answer {
    const points = this.back(it.grant, 0)
    it.grant.cancelled = true
    it.cancelledPoints = points
    this.unspend(it, 0)
    this.follow(it, now)
    return done(-points)
  }

  private back(grant: Grant, target: number): number {
    return takeBack(grant, target, { rules: this.rules, budgets: this.budgets })
  }

  private unspend(it: OracleOrder, cents: number): void {
    const gone = it.cents - cents
    it.cents = cents
    const { standing } = it.grant.member
    const waiting = standing.waiting.get(it.order.orderId)
    if (waiting) waiting.cents -= gone * it.factor
    else standing.add(monthOf(dateOf(it.order.at)), -gone * it.factor)
  }

  /** Who follows orders hears of one that was confirmed, returned or cancelled (E4, E5). */
  private follow(it: OracleOrder, now: number): void {
    const { member } = it.grant
    this.followReferral(it, now)
    for (const { id, quantity } of it.order.lines) {
      const isGone = it.grant.cancelled || (it.returned.get(id) ?? 0) >= quantity
      const review = member.reviews.get(`${it.order.orderId}/${id}`)
      if (!isGone || !review || review.cancelled) continue
      this.back(review, 0)
      review.cancelled = true
    }
  }

  private followReferral(it: OracleOrder, now: number): void {
    const friend = it.grant.member
    const { referrer } = friend
    if (!referrer) return
    const { granted, standing } = it.grant
    const stands = this.isConfirmed(it, now) && standing + it.cents > 0
    if (!friend.qualified) {
      if (!stands || it.order.at < referrer.at || this.hasLapsed(friend, now)) return
      // Of one that caps cut to nothing, a part that came back is taken for all.
      if (granted === 0 && it.returned.size > 0) return
      friend.qualified = it
      const { points, friendPoints } = this.rules.sources.referral.settings
      const plain = { added: [], source: 'referral', at: now }
      if (friendPoints > 0) {
        friend.welcome = this.grant(friend, { ...plain, points: friendPoints }, now)
      }
      const { member } = referrer
      this.settle(member, now)
      const month = monthOf(dateOf(now))
      const limit = this.rules.sources.referral.settings.limits[0]!.times
      const used = member.rewardsIn.get(month) ?? 0
      if (member.profile.staff || used >= limit || this.hasLapsed(member, now)) return
      member.rewardsIn.set(month, used + 1)
      member.rewards.set(friend.profile.id, this.grant(member, { ...plain, points }, now))
      return
    }
    if (friend.qualified !== it || stands || friend.lost) return
    friend.lost = true
    const reward = referrer.member.rewards.get(friend.profile.id)
    if (friend.welcome) this.back(friend.welcome, 0)
    if (!reward) return
    this.settle(referrer.member, now)
    this.back(reward, 0)
  }

  private accept(member: OracleMember, referrer: OracleMember, now: number): Answer {
    if (this.hasLapsed(member, now)) return refused('MEMBERSHIP_LAPSED')
    if (member === referrer) return refused('REFERRAL_OWN_CODE')
    if (member.referrer) {
      return member.referrer.member === referrer ? done() : refused('REFERRAL_ALREADY_ACCEPTED')
    }
    if (member.profile.staff || referrer.profile.staff) return refused('REFERRAL_STAFF')
    const { newForDays } = this.rules.sources.referral.settings
    if (now - member.profile.joinedAt > newForDays * DAY_MS) {
      return refused('REFERRAL_MEMBER_NOT_NEW')
    }
    for (let up: OracleMember | undefined = referrer; up; up = up.referrer?.member) {
      if (up === member) return refused('REFERRAL_LOOP')
    }
    member.referrer = { member: referrer, at: now }
    member.active.add(dateOf(now))
    return done()
  }

  // E3

  private checkIn(
    member: OracleMember,
    day: number,
    { isMadeUp, now }: { isMadeUp: boolean; now: number },
  ): Answer {
    const { settings } = this.rules.sources['check-in']
    const today = dateOf(now)
    const at = day === today ? now : endOf(day) - 1
    const known = member.days.get(day)
    if (known !== undefined && member.madeUp.has(day) === isMadeUp) return done(known)
    if (this.hasLapsed(member, now)) return refused('MEMBERSHIP_LAPSED')
    if (known !== undefined) return refused('ALREADY_CHECKED_IN')
    const month = monthOf(today)
    if (isMadeUp) {
      const { maxDaysBack, cardsPerMonth } = settings.makeUp
      if (day === today || day < dateOf(member.profile.joinedAt)) return refused('DAY_NOT_MISSED')
      if (today - day > maxDaysBack) return refused('MAKE_UP_TOO_LATE')
      if ((member.cards.get(month) ?? 0) >= cardsPerMonth) return refused('NO_MAKE_UP_CARD')
    }
    let before = 0
    while (member.days.has(day - before - 1)) before++
    let after = 0
    while (member.days.has(day + after + 1)) after++
    const upTo = (length: number) =>
      Object.entries(settings.streaks).reduce(
        (sum, [at, extra]) => sum + (Number(at) <= length ? extra : 0),
        0,
      )
    const streak = before + 1 + after
    const bonus = Math.max(0, upTo(streak) - upTo(before) - upTo(after))
    const daily = isMadeUp && !settings.makeUp.earnsPoints ? 0 : settings.points
    const earned = actPoints(daily + bonus, this.campaigns(member, 'check-in', { at: now, now }))
    if (isMadeUp) member.cards.set(month, (member.cards.get(month) ?? 0) + 1)
    const except = new Set(member.wallet.lots)
    const grant = this.earn(member, { ...earned, source: 'check-in', at, actedAt: now }, now)
    member.days.set(day, grant.granted)
    if (isMadeUp) member.madeUp.add(day)
    renew(member, { at, streak }, { rules: this.rules, now, except: newSince(member, except) })
    return done(grant.granted)
  }

  // E6

  private behave(
    member: OracleMember,
    { behaviour: id, at }: Extract<Act, { do: 'behave' }>,
    now: number,
  ): Answer {
    if (this.hasLapsed(member, at)) return refused('MEMBERSHIP_LAPSED')
    const behaviour = this.rules.sources.behaviour.settings.behaviours[id]
    if (!behaviour) return refused('BEHAVIOUR_NOT_FOUND')
    const period = `${id}:${behaviour.per}:${periodOf(behaviour.per, dateOf(at))}`
    const times = member.acts.get(period) ?? 0
    if (times >= behaviour.times) return refused('BEHAVIOUR_LIMIT_REACHED')
    member.acts.set(period, times + 1)
    const { kind, expiry: own } = behaviour
    const earned = actPoints(behaviour.points, this.campaigns(member, 'behaviour', { at, now }))
    const before = new Set(member.wallet.lots)
    const grant = this.earn(member, { ...earned, source: 'behaviour', at, kind, own }, now)
    const except = newSince(member, before)
    renew(member, { at, behaviour: id }, { rules: this.rules, now, except })
    return done(grant.granted)
  }

  // E5

  private review(
    member: OracleMember,
    { orderId, line: id, characters, photos }: Extract<Act, { do: 'review' }>,
    now: number,
  ): Answer {
    const name = `${orderId}/${id}`
    const known = member.reviews.get(name)
    if (known) return refused('IDEMPOTENCY_MISMATCH')
    if (this.hasLapsed(member, now)) return refused('MEMBERSHIP_LAPSED')
    const order = this.orders.get(orderId)
    if (!order || order.grant.member !== member) return refused('REVIEW_ORDER_NOT_FOUND')
    if (order.grant.cancelled) return refused('REVIEW_ORDER_CANCELLED')
    if (!this.isConfirmed(order, now)) return refused('REVIEW_ORDER_NOT_CONFIRMED')
    const line = order.order.lines.find((one) => one.id === id)
    if (!line) return refused('REVIEW_LINE_NOT_FOUND')
    if ((order.returned.get(id) ?? 0) >= line.quantity) return refused('REVIEW_LINE_RETURNED')
    const { settings } = this.rules.sources.review
    if (characters < settings.minCharacters) return refused('REVIEW_TOO_SHORT')
    const base = photos >= settings.photos ? settings.pointsWithPhotos : settings.points
    const earned = actPoints(base, this.campaigns(member, 'review', { at: now, now }))
    const grant = this.earn(member, { ...earned, source: 'review', at: now }, now)
    member.reviews.set(name, grant)
    return done(grant.granted)
  }

  // R2, R3, R6, R7

  private redeem(
    member: OracleMember,
    { offer: id, key }: Extract<Act, { do: 'redeem' }>,
    now: number,
  ): Answer {
    const { wallet } = member
    if (wallet.isClosed(now)) return refused('MEMBERSHIP_LAPSED')
    const offer = this.offers.get(id)!
    const points = this.priceOf(member, offer, now)
    const limitKey = offer.perMonth === null ? null : `${id}:${monthOf(dateOf(now))}`
    if (limitKey && (member.bought.get(limitKey) ?? 0) >= offer.perMonth!) {
      return refused('LIMIT_REACHED')
    }
    if (offer.stock !== null && (this.stock.get(id) ?? 0) >= offer.stock) {
      return refused('OUT_OF_STOCK')
    }
    if (wallet.sum('available') < points) return refused('INSUFFICIENT_POINTS')
    const parts = wallet.take(points, 'redeemed:coupon')
    if (limitKey) addTo(member.bought, limitKey, 1)
    addTo(this.stock, id, 1)
    const { validityDays } = this.rules.channels.coupon.settings
    const couponEnds = endOf(dateOf(now) + validityDays)
    const status = 'fulfilled' as const
    member.redemptions.set(key, { offer: id, at: now, points, parts, limitKey, couponEnds, status })
    member.active.add(dateOf(now))
    return done(points)
  }

  priceOf(member: OracleMember, { byHand, cashMinor }: YearOffer, now: number): number {
    const hundred = (value: string) => BigInt(Math.round(Number(value) * 10_000))
    const upTo = (numerator: bigint, denominator: bigint, step: bigint) => {
      const whole = denominator * step
      return ((numerator + whole - 1n) / whole) * step
    }
    const { closedLoopRatio, step } = this.rules.pricing
    const formula = upTo(
      hundred(closedLoopRatio) * BigInt(cashMinor),
      hundred(servingValue(this.rules, now)) * 100n,
      BigInt(step),
    )
    const points = byHand === null ? formula : BigInt(byHand)
    const factor = hundred(member.standing.levelAt(this.rules, now).priceFactor)
    return Number(upTo(points * factor, 10_000n, byHand === null ? BigInt(step) : 1n))
  }

  private cancelRedemption(member: OracleMember, key: string, now: number): Answer {
    const it: Redemption | undefined = member.redemptions.get(key)
    if (!it) return refused('REDEMPTION_NOT_FOUND')
    if (it.status === 'cancelled') return done(it.points)
    if (now >= it.couponEnds) return refused('COUPON_EXPIRED')
    for (const [lot] of it.parts) this.endOldLot(member, lot, { now, takenAt: it.at })
    member.wallet.putBack(it.parts, 'redeemed:coupon', reinstatedTo(this.rules, now))
    it.status = 'cancelled'
    if (it.limitKey) addTo(member.bought, it.limitKey, -1)
    addTo(this.stock, it.offer, -1)
    return done(it.points)
  }

  // L10

  private transfer(
    giver: OracleMember,
    { to, points }: Extract<Act, { do: 'transfer' }>,
    now: number,
  ): Answer {
    const { transfers } = this.rules
    const receiver = this.member(to)
    if (!transfers.enabled) return refused('TRANSFERS_OFF')
    if (giver.wallet.isClosed(now)) return refused('MEMBERSHIP_LAPSED')
    if (points < transfers.least) return refused('TRANSFER_TOO_SMALL')
    if (points > transfers.most) return refused('TRANSFER_TOO_LARGE')
    const joined = dateOf(giver.profile.joinedAt) + transfers.minMembershipDays
    if (now < startOf(joined)) return refused('TRANSFER_NOT_ALLOWED')
    const day = dateOf(now)
    const exceeds = (member: OracleMember, side: 'giver' | 'receiver') => {
      const limits = transfers[side]
      const over = (counter: string, by: number, limit: number | null) =>
        limit !== null && member.counted(`${side}:${counter}`) + by > limit
      return (
        over(`points:${day}`, points, limits.pointsPerDay) ||
        over(`points:m${monthOf(day)}`, points, limits.pointsPerMonth) ||
        over(`times:${day}`, 1, limits.timesPerDay) ||
        over(`times:m${monthOf(day)}`, 1, limits.timesPerMonth)
      )
    }
    const count = (member: OracleMember, side: string) => {
      member.count(`${side}:points:${day}`, points)
      member.count(`${side}:points:m${monthOf(day)}`, points)
      member.count(`${side}:times:${day}`, 1)
      member.count(`${side}:times:m${monthOf(day)}`, 1)
    }
    if (exceeds(giver, 'giver')) return refused('TRANSFER_LIMIT')
    if (giver.wallet.sum('available') < points) return refused('INSUFFICIENT_POINTS')
    this.settle(receiver, now)
    if (exceeds(receiver, 'receiver')) return refused('RECEIVER_UNAVAILABLE')
    const parts = giver.wallet.take(points, 'transferred')
    receiver.wallet.receive(parts)
    count(giver, 'giver')
    count(receiver, 'receiver')
    giver.active.add(day)
    return done(points)
  }

  // L6

  private adjust(member: OracleMember, points: number, now: number): Answer {
    const { wallet } = member
    const { kind } = this.rules.adjustments
    if (points < 0) {
      if (wallet.sum('available') < -points) return refused('INSUFFICIENT_POINTS')
      wallet.take(-points, 'voided:adjustment')
      return done(points)
    }
    const tier = member.standing.levelAt(this.rules, now).id
    const activity = activityAt(member, this.rules, now)
    const subject = { kind, source: 'adjustment', tier, activity, own: null, earnedAt: now }
    wallet.grant({
      kind,
      source: 'adjustment',
      points,
      earnedAt: now,
      pending: null,
      claimMs: null,
      expiresAt: endOfNew(this.rules, subject),
    })
    return done(points)
  }

  // M2

  private membership(
    { wallet }: OracleMember,
    until: number | null | undefined,
    now: number,
  ): Answer {
    const { renewalMonths, ranOut } = this.rules.membership
    const renewed = () => {
      if (wallet.usableUntil === null) return null
      return termFrom(wallet.isClosed(now) ? now : wallet.usableUntil, renewalMonths)
    }
    const graceTo = ranOut.policy === 'expire' ? null : endOf(dateOf(now) + ranOut.graceDays)
    wallet.setUsableUntil(until === undefined ? renewed() : until, graceTo)
    return done()
  }

  // X5

  private extend(
    { wallet }: OracleMember,
    { through, days, months }: Extract<Act, { do: 'extend' }>,
    now: number,
  ): Answer {
    let points = 0
    const by =
      days === null
        ? ({ term: 'months', months: months! } as const)
        : ({ term: 'days', days } as const)
    for (const lot of wallet.openLots()) {
      if (lot.expiresAt === null || lot.expiresAt <= now) continue
      if (lot.expiresAt > endOf(parseDay(through))) continue
      lot.expiresAt = extended(lot.expiresAt, by)
      points += pointsIn(lot)
    }
    return points === 0 ? refused('NOTHING_TO_EXTEND') : done(points)
  }

  // X4

  /** Old lots get their last day: the job has been round. */
  endOldLots(now: number): void {
    for (const member of this.members.values()) {
      this.settle(member, now)
      for (const lot of member.wallet.openLots()) this.endOldLot(member, lot, { now })
    }
  }

  /** `takenAt`: of points that come back. What had points after the last day had its end by then; what had
   * none gets it before they come back, also where it is over. */
  private endOldLot(
    member: OracleMember,
    lot: OracleLot,
    { now, takenAt = now }: { now: number; takenAt?: number },
  ): void {
    const grace = graceFor(this.rules, lot.kind)
    if (!grace || lot.earnedAt >= grace.before || grace.end <= takenAt) return
    if (grace.end <= now && pointsIn(lot) > 0) return
    if (lot.expiresAt !== null) {
      if (lot.expiresAt > now) lot.expiresAt = Math.max(lot.expiresAt, grace.end)
      return
    }
    const tier = member.standing.levelAt(this.rules, lot.earnedAt, now).id
    const { kind, source, earnedAt } = lot
    const term = termOf(
      { ...this.rules, kinds: withoutActivity(this.rules, kind) },
      {
        kind,
        source,
        tier,
        activity: 'low',
        own: null,
      },
    )
    if (termEnd(term, earnedAt) !== null) lot.expiresAt = grace.end
  }

  // X6

  remind(now: number): void {
    const today = dateOf(now)
    for (const member of this.members.values()) {
      this.settle(member, now)
      const ending = new Map<number, number>()
      for (const { available, expiresAt } of member.wallet.openLots()) {
        if (available > 0 && expiresAt !== null) addTo(ending, dateOf(expiresAt - 1), available)
      }
      for (const [day, points] of ending) {
        const left = day - today
        const come = this.rules.reminders.daysBefore.filter((days) => left >= 0 && left <= days)
        if (come.length === 0) continue
        const name = `expiring:${isoOf(day)}:${Math.min(...come)}`
        if (!member.reminders.has(name)) member.reminders.set(name, points)
      }
    }
  }
}

function withoutActivity({ kinds }: Rules, kind: string): Rules['kinds'] {
  return { ...kinds, [kind]: { ...kinds[kind]!, byActivity: {} } }
}

function lotsOf({ parts }: Grant): ReadonlySet<OracleLot> {
  return new Set(parts.flatMap(({ lot }) => lot ?? []))
}

function newSince(
  { wallet }: OracleMember,
  before: ReadonlySet<OracleLot>,
): ReadonlySet<OracleLot> {
  const added = wallet.lots.filter((lot) => !before.has(lot))
  return added.length === 0 ? NOBODY : new Set(added)
}

function addTo<K>(map: Map<K, number>, key: K, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by)
}
