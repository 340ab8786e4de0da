import {
  addToCounter,
  type Command,
  closeDraft,
  getCounter,
  holdId,
  holdPoints,
  isRefusal,
  type JsonObject,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  refuse,
  type Step,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import {
  type Money,
  type PluginWatch,
  type RedemptionChannel,
  type RiskAct,
  runCheck,
} from '@pointwell/plugin'
import { periodEnd, periodKey } from '../caps/period-key.js'
import { variantsOf } from '../experiment/variants-of.js'
import { formerly } from '../input/idempotency-key.js'
import { type FormerMember, type MemberProfile, memberFacts } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { actedAt, readMemo, writeMemo } from '../memo/programme-memo.js'
import { buyerOf } from '../offer/buyer-of.js'
import { checkOfferFor, checkOfferWindow } from '../offer/check-offer-open.js'
import { offerFacts } from '../offer/offer-facts.js'
import { offerPrice } from '../offer/offer-price.js'
import type { Offer } from '../offer/offer-terms.js'
import { splitOffer } from '../offer/split-offer.js'
import { servingPointValue } from '../point-value/point-value-at.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { assessAct, NO_RULES, type RiskTools, recentAfter } from '../risk/assess-act.js'
import { heldStep } from '../risk/risk-hold.js'
import {
  type Redemption,
  redemptionId,
  redemptionLabels,
  writeRedemption,
} from './redemption-record.js'

const MINUTE_MS = 60_000

/** A price that was promised. */
export interface Quote {
  readonly id: string
  readonly wallet: number
  readonly offerId: string
  readonly points: number
  /** What is paid in money besides; null: nothing. */
  readonly cash: Money | null
  readonly steps: readonly Step[]
  readonly createdAt: number
  readonly expiresAt: number
}

export interface RedeemSubject {
  /** The id it will have, if this is the first time that it is asked for. */
  readonly id: string
  readonly key: string
  /** How it would have been named before another member was merged into this one. */
  readonly keyOf?: (former: FormerMember) => string
  readonly member: MemberProfile
  readonly offer: Offer
  readonly channel: RedemptionChannel
  readonly quote: Quote | null
  readonly order: unknown
  /** How much of the price is to be paid in points; null: as much as can be. */
  readonly points: number | null
  /** When it was asked for, epoch milliseconds: whose day's stock it takes. */
  readonly askedAt: number
}

/** What a redemption takes one of: of all, counted also where there is no bound, because an operator
 * can set one later; and of the day's, where that is bounded. */
export function stockCounters(
  offer: Pick<Offer, 'id' | 'stock'>,
  date: string,
): { readonly total: string; readonly today: string | null } {
  return {
    total: `stock:${offer.id}`,
    today: offer.stock.perDay === null ? null : `stock:${offer.id}:${date}`,
  }
}

/**
 * A redemption as a command: the offer's bounds, the channel's own check, stock, limits, and the
 * points on hold, in one. Refuses MEMBERSHIP_LAPSED, OFFER_NOT_OPEN, OFFER_NOT_FOR_YOU, QUOTE_EXPIRED, what the channel
 * refuses, LIMIT_REACHED, OUT_OF_STOCK, INSUFFICIENT_POINTS, and what risk rules refuse: in this order.
 */
export function redeemCommand(
  subject: RedeemSubject,
  tools: { policies: PolicyReads; watch?: PluginWatch; risk?: RiskTools },
): Command {
  const { member, offer, quote, order, askedAt } = subject
  const date = tools.policies.at(askedAt).calendar.dateOf(askedAt)
  const { total, today } = stockCounters(offer, date)
  const stock = today === null ? [total] : [total, today]
  const contentOf = (memberId: string): JsonObject => ({
    memberId,
    offerId: offer.id,
    ...(quote && { quoteId: quote.id }),
    ...(subject.points !== null && { points: subject.points }),
    order: order as JsonObject,
  })
  const keyOf = (former: FormerMember) => subject.keyOf?.(former) ?? subject.key
  return {
    wallet: member.wallet,
    key: subject.key,
    content: contentOf(member.id),
    formerly: formerly(member, (former) => ({
      key: keyOf(former),
      content: contentOf(former.id),
    })),
    needs: {
      lots: true,
      records: [redemptionId(subject.id), holdId(subject.id)],
      counters: stock,
    },
    decide: (view) => decide(view, { ...subject, ...tools, stock, date }),
  }
}

interface Case extends RedeemSubject {
  readonly policies: PolicyReads
  readonly watch?: PluginWatch
  readonly risk?: RiskTools
  readonly stock: readonly string[]
  readonly date: string
}

function decide(view: WalletView, redeem: Case): Posting | Refusal {
  const { id, member, offer, channel, quote, stock, risk = NO_RULES } = redeem
  const { now } = view
  const policy = redeem.policies.at(now)
  const { document, calendar } = policy
  const memo = readMemo(view.wallet.memo)
  const facts = memberFacts(member, { policy, memo, at: now, source: channel.id })
  const closed =
    checkMembership(view.wallet, now) ?? checkOfferWindow(offer, now) ?? checkOfferFor(offer, facts)
  if (closed) return closed
  if (quote && quote.expiresAt <= now) return refuse('QUOTE_EXPIRED', { when: quote.expiresAt })

  risk.asking?.(null)
  const channelRefusal = runCheck(
    channel,
    {
      offer: offerFacts(offer),
      order: redeem.order,
      member: facts,
      settings: document.channels[channel.id]?.settings,
      calendar,
      now,
      currency: document.programme.currency,
    },
    redeem.watch && { watch: redeem.watch },
  )
  if (channelRefusal) return channelRefusal

  const draft = openDraft(view)
  const priced =
    quote ??
    offerPrice(offer, {
      ...buyerOf({
        wallet: view.wallet,
        region: member.region,
        memo,
        lots: view.lots.values(),
        policy,
        now,
      }),
      pricing: document.pricing,
      pointValue: servingPointValue(policy, now),
      loop: channel.loop,
      sold: getCounter(draft, stockCounters(offer, redeem.date).total),
    })
  if ('refused' in priced) return priced
  const price = quote ?? splitOffer(offer, priced, redeem.points)
  if ('refused' in price) return price

  const limited = checkLimit(offer, { used: memo.offers, redeem })
  if (isRefusal(limited)) return limited
  const soldOut = checkStock(offer, { redeem, sold: (counter) => getCounter(draft, counter) })
  if (soldOut) return soldOut
  const held = holdPoints(draft, { ref: id, points: price.points })
  if (isRefusal(held)) return held
  const assessed = {
    act: redeemAct({ offer, price, order: redeem.order }),
    member: facts,
    recent: memo.recent,
    policy,
    now,
  }
  const hold = assessAct(risk, assessed)
  if (isRefusal(hold)) return hold

  for (const counter of stock) addToCounter(draft, counter, 1)
  const offers = limited
    ? { ...memo.offers, [limited]: (memo.offers[limited] ?? 0) + 1 }
    : memo.offers
  setMemo(
    draft,
    writeMemo(
      {
        ...memo,
        offers,
        redeemed: memo.redeemed + 1,
        recent: recentAfter(risk, assessed),
        ...actedAt(memo, { at: now, calendar }),
      },
      { now, calendar, maxAgeDays: document.events.maxAgeDays },
    ),
  )
  const variants = variantsOf(document.experiments, { wallet: view.wallet, at: now })
  const redemption: Redemption = {
    id,
    wallet: member.wallet,
    dueAt: price.cash
      ? now + document.redemption.paymentMinutes * MINUTE_MS
      : (hold?.until ?? now + leaseMs(document.redemption.timeoutSeconds)),
    memberId: member.id,
    channel: channel.id,
    offer: offerFacts(offer),
    points: price.points,
    ...(price.cash && { cash: { ...price.cash, paid: null, refunded: null } }),
    tier: facts.tier.id,
    ...(Object.keys(variants).length > 0 && { variants }),
    order: redeem.order,
    ...(hold && { hold }),
    status: price.cash ? 'awaiting-payment' : hold ? 'under-review' : 'held',
    createdAt: now,
    settledAt: null,
    attempts: 0,
    cancellations: 0,
    receipt: null,
    refusal: null,
    stock,
    limit: limited,
    version: view.wallet.version + 1,
  }
  putRecord(draft, writeRedemption(redemption))
  return closeDraft(draft, {
    type: 'hold',
    reason: `offer:${offer.id}`,
    explanation: hold ? [...price.steps, heldStep(hold)] : price.steps,
    policyVersion: policy.version,
    labels: redemptionLabels(redemption),
    result: { redemptionId: id },
  })
}

/** What risk rules are asked about. `order`: null where only a price is asked for. */
export function redeemAct({
  offer,
  price,
  order,
}: {
  readonly offer: Offer
  readonly price: { readonly points: number; readonly cash: Money | null }
  readonly order: unknown
}): RiskAct {
  const { points, cash } = price
  const event = { offer: offerFacts(offer), order, cash }
  return { kind: 'redeem', plugin: offer.channel, points, event }
}

/** For so long nobody else takes up a redemption that a server is asking the channel about: longer
 * than the channel may take, and than the answer takes to be written. */
export function leaseMs(timeoutSeconds: number): number {
  return timeoutSeconds * 2_000 + 10_000
}

/** The counter that the offer's limit a member goes by; null: there is none. */
function checkLimit(
  { id, limitPerMember }: Offer,
  { used, redeem }: { used: Readonly<Record<string, number>>; redeem: Case },
): string | null | Refusal {
  if (!limitPerMember) return null
  const { count, period } = limitPerMember
  const { calendar } = redeem.policies.at(redeem.askedAt)
  const counter = `${id}:${periodKey(period, redeem.date, calendar)}`
  if ((used[counter] ?? 0) < count) return counter
  const when = periodEnd(period, redeem.date, calendar)
  return refuse('LIMIT_REACHED', { limit: count, ...(when !== null && { when }) })
}

function checkStock(
  offer: Offer,
  { redeem, sold }: { redeem: Case; sold: (counter: string) => number },
): Refusal | null {
  const { total, today } = stockCounters(offer, redeem.date)
  if (offer.stock.total !== null && sold(total) >= offer.stock.total) {
    return refuse('OUT_OF_STOCK', { available: 0 })
  }
  if (today && sold(today) >= offer.stock.perDay!) {
    const when = redeem.policies.at(redeem.askedAt).calendar.endOf(redeem.date)
    return refuse('OUT_OF_STOCK', { available: 0, when })
  }
  return null
}
