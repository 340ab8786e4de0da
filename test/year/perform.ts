import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { Program } from '@pointwell/program'
import type { Act, Answer } from './oracle/acts.js'
import { isoOf } from './oracle/berlin.js'
import type { Order } from './oracle/order-points.js'

const euros = (cents: number) =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

/** Acts by the programme's public surface, and says what came of them as the oracle does. */
export class Performer {
  /** Ids that the programme gave, by the key of the act. */
  private readonly ids = new Map<string, string>()
  readonly wallets = new Map<string, number>()

  constructor(private readonly program: Program) {}

  async do(act: Act, now: number): Promise<Answer> {
    const { program } = this
    switch (act.do) {
      case 'register': {
        const { id, joinedAt, birthday, region, staff } = act.profile
        const answer = await program.members.register({ id, joinedAt, birthday, region, staff })
        if (isRefusal(answer)) return refused(answer)
        this.wallets.set(id, answer.member.wallet)
        return { points: 0 }
      }
      case 'policy': {
        const answer = await program.policies.update({ document: act.rules, by: 'rosa' })
        if ('updated' in answer && answer.updated) return { points: 0 }
        throw new Error(`the policy was not taken: ${JSON.stringify(answer)}`)
      }
      case 'order': {
        const event = eventOf(act.order)
        return pointsOf(await program.earn({ source: 'purchase', memberId: act.member, event }))
      }
      case 'confirm':
        return pointsOf(await program.confirmEarned({ source: 'purchase', once: act.orderId }))
      case 'cancel':
        return pointsOf(await program.cancelEarned({ source: 'purchase', once: act.orderId }))
      case 'return': {
        const { returnId, line, quantity } = act
        const taken = { returnId, lines: [{ line, quantity }] }
        const name = { source: 'purchase', once: act.orderId }
        return pointsOf(await program.returnEarned({ ...name, taken }))
      }
      case 'check-in':
      case 'make-up': {
        const makeUp = act.do === 'make-up'
        const date = makeUp ? isoOf(act.day) : program.calendar().dateOf(now)
        const event = { date, makeUp }
        return pointsOf(await program.earn({ source: 'check-in', memberId: act.member, event }))
      }
      case 'behave': {
        const { behaviour, ref, at, member: memberId } = act
        const event = { behaviour, ref, at }
        return pointsOf(await program.earn({ source: 'behaviour', memberId, event }))
      }
      case 'review': {
        const { orderId, line: lineId, characters, photos, member: memberId } = act
        const reviewId = `${orderId}-${lineId}`
        const event = { orderId, lineId, reviewId, characters, photos, at: now }
        return pointsOf(await program.earn({ source: 'review', memberId, event }))
      }
      case 'remove-review': {
        const taken = { why: 'removed', reason: 'spam', by: 'rosa' }
        const once = `${act.orderId}/${act.line}`
        const name = { source: 'review', memberId: act.member, once }
        return pointsOf(await program.returnEarned({ ...name, taken }))
      }
      case 'accept':
        return this.accept(act, now)
      case 'claim': {
        const { member: memberId, key: idempotencyKey } = act
        return pointsOf(await program.claim({ memberId, lots: null, idempotencyKey }))
      }
      case 'redeem':
        return this.redeem(act)
      case 'give-back': {
        const answer = await program.redemptions.cancel(this.ids.get(act.key) ?? 'none')
        return isRefusal(answer) ? refused(answer) : { points: answer.points }
      }
      case 'transfer': {
        const { member: memberId, to, points, key: idempotencyKey } = act
        const request = { memberId, to, points, idempotencyKey, mayKnow: true }
        const answer = await program.transfers.give(request)
        if (isRefusal(answer)) return refused(answer)
        return { points: answer.status === 'received' ? answer.points : Number.NaN }
      }
      default:
        return this.byOperator(act)
    }
  }

  private async byOperator(
    act: Extract<
      Act,
      {
        do:
          | 'adjust'
          | 'decide'
          | 'freeze'
          | 'end-freeze'
          | 'membership'
          | 'tier'
          | 'accelerate'
          | 'extend'
      }
    >,
  ): Promise<Answer> {
    const { program } = this
    const said = { memberId: act.member, idempotencyKey: act.key, reason: 'the year', by: 'rosa' }
    const acting = { by: 'rosa', roles: ['admin' as const], address: null, reason: 'the year' }
    switch (act.do) {
      case 'adjust': {
        const answer = await program.adjustments.request({
          ...said,
          points: act.points,
          kind: null,
        })
        if (isRefusal(answer)) return refused(answer)
        this.ids.set(act.key, answer.id)
        return { points: answer.status === 'waiting' ? 0 : answer.points }
      }
      case 'decide': {
        const decision = { id: this.ids.get(act.key)!, by: 'ruth' }
        const answer = await (act.approve
          ? program.adjustments.approve(decision)
          : program.adjustments.decline({ ...decision, reason: 'no' }))
        if (isRefusal(answer)) return refused(answer)
        return { points: act.approve ? answer.points : 0 }
      }
      case 'freeze': {
        const { points, until } = act
        const answer = await program.freezes.freeze({ ...said, points, until })
        if (isRefusal(answer)) return refused(answer)
        const result = answer.result as { freeze: string; points: number }
        this.ids.set(act.key, result.freeze)
        return { points: result.points }
      }
      case 'end-freeze': {
        const request = { id: this.ids.get(act.key)!, by: 'rosa', reason: 'the year' }
        const answer = await (act.take
          ? program.freezes.void(request)
          : program.freezes.thaw(request))
        if (isRefusal(answer)) return refused(answer)
        return { points: (answer.result as { points: number }).points }
      }
      case 'membership': {
        const until = 'until' in act ? { until: act.until } : {}
        const answer = await program.memberships.change({ ...said, ...until })
        return isRefusal(answer) ? refused(answer) : { points: 0 }
      }
      case 'tier': {
        const { member: memberId, given, key: idempotencyKey } = act
        const answer = await program.tiers.set({ memberId, given, idempotencyKey, acting })
        return isRefusal(answer) ? refused(answer) : { points: 0 }
      }
      case 'accelerate': {
        const { member: memberId, factor, days, key: idempotencyKey } = act
        const request = { memberId, factor, days, idempotencyKey, acting }
        const answer = await program.tiers.grantAccelerator(request)
        return isRefusal(answer) ? refused(answer) : { points: 0 }
      }
      case 'extend': {
        const { member: memberId, through: expiringBy, days, months, key: idempotencyKey } = act
        const by = days === null ? { months } : { days }
        const words = { reason: 'the year', givenBy: 'rosa' }
        const request = { memberId, expiringBy, idempotencyKey, ...by, ...words }
        return pointsOf(await program.extendPoints(request))
      }
    }
  }

  private async accept(
    { member: memberId, referrer }: Extract<Act, { do: 'accept' }>,
    at: number,
  ): Promise<Answer> {
    // Whose code it is, who brought that member, and so on: what the resolver of codes looks up.
    const line: string[] = []
    for (let up: string | undefined = referrer; up && line.length < 20; ) {
      line.push(up)
      const remembered = await this.program.remembered({ source: 'referral', memberId: up })
      up = (remembered as { accepted: { referrer: string } | null }).accepted?.referrer
    }
    const event = { act: 'accept', line, device: null, payment: null, at }
    const answer = await this.program.earn({ source: 'referral', memberId, event })
    // The same code again, while nobody up the line changed, is the same acceptance.
    return pointsOf(answer)
  }

  private async redeem({
    member: memberId,
    offer: offerId,
    key,
    byQuote,
  }: Extract<Act, { do: 'redeem' }>): Promise<Answer> {
    const { redemptions } = this.program
    let request: Parameters<typeof redemptions.redeem>[0] = {
      memberId,
      offerId,
      idempotencyKey: key,
    }
    if (byQuote) {
      const quote = await redemptions.quote({ memberId, offerId })
      if (isRefusal(quote)) return refused(quote)
      request = { memberId, quoteId: quote.id }
    }
    const answer = await redemptions.redeem(request)
    if (isRefusal(answer)) return refused(answer)
    this.ids.set(key, answer.id)
    return { points: answer.status === 'fulfilled' ? answer.points : Number.NaN }
  }
}

function eventOf({ orderId, at, region, lines, taxCents, couponCents, confirmed }: Order) {
  const money = (cents: number) => `${euros(cents)} EUR`
  return {
    orderId,
    at,
    currency: 'EUR',
    ...(region !== null && { region }),
    lines: lines.map(({ id, cents, quantity, category }) => ({
      id,
      article: `a-${id}`,
      quantity,
      unitPrice: euros(cents),
      ...(category !== null && { category }),
    })),
    ...(taxCents > 0 && { includedTax: money(taxCents) }),
    ...(couponCents > 0 && { paidWithCoupons: money(couponCents) }),
    confirmed,
  }
}

function refused({ code }: Refusal): Answer {
  return { refused: code }
}

function pointsOf(
  answer: { readonly points: number; readonly refused?: undefined } | Refusal,
): Answer {
  return isRefusal(answer) ? refused(answer) : { points: answer.points }
}
