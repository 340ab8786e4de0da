import { inTurn, type JsonObject, type Step, step } from '@pointwell/plugin'
import type { Big } from 'big.js'
import { limitFor } from '../settings/purchase-settings.js'
import { type AddedPoints, addedPoints } from './added-points.js'
import { exact, ONE, shownQuotient, wholeQuotient, ZERO } from './exact.js'
import { lineParts, partsOf } from './line-parts.js'
import { majorOf, type OrderAmounts } from './order-amounts.js'
import { categoryRate, orderRates, type RateFacts } from './order-rates.js'

export interface PurchasePoints {
  /** Whole, ≥ 0; may be larger than a wallet can hold. */
  readonly points: Big
  /** Sums to `points`, exactly. */
  readonly because: readonly Step[]
  /** What of `points` each campaign added, whole. */
  readonly campaigns: readonly AddedPoints[]
}

/**
 * What an order's kept goods earn (E2): spend × rates, less the share that earns nothing, under the
 * limits an item and an order, rounded once. Everything before the rounding is one exact fraction with
 * the same denominator, so nothing is lost on the way; the steps show it to six decimal places, and
 * the last one takes up what the shown figures leave.
 */
export function purchasePoints(facts: RateFacts, amounts: OrderAmounts): PurchasePoints {
  const { settings, member } = facts
  const { goods, earning, kept } = amounts
  const spendPerPoint = exact(settings.spendPerPoint)
  const story = tellSteps()

  story.tell('base', shownQuotient(kept, spendPerPoint), {
    goods: kept.toFixed(),
    spendPerPoint: settings.spendPerPoint,
  })

  const weighed = weighGoods(facts, kept)
  if (!weighed.plain) {
    story.tell('category', shownQuotient(weighed.sum, spendPerPoint), { rates: weighed.rates })
  }

  let factor = ONE
  for (const { step: name, rate, figures } of orderRates(facts)) {
    factor = factor.times(rate)
    story.tell(name, shownQuotient(weighed.sum.times(factor), spendPerPoint), figures)
  }

  if (goods.eq(0)) return { points: ZERO, because: story.steps, campaigns: [] }
  // From here on points are a number of parts, each 1 ÷ whole.
  const { whole, share } = partsOf({ settings, factor }, amounts)
  if (!earning.eq(goods)) {
    const after = shownQuotient(weighed.sum.times(share), whole)
    story.tell('non-earning', after, nonEarningFigures(facts, amounts))
  }
  let parts = weighed.sum.times(share)

  const itemLimit = limitFor(settings.pointsPerItem, member.tier.id)
  if (itemLimit !== null) {
    const capped = capItems(facts, { most: whole.times(itemLimit), share })
    if (capped.lt(parts)) {
      parts = capped
      story.tell('item-cap', shownQuotient(parts, whole), { limit: itemLimit })
    }
  }

  // An order that earns nothing by itself (staff, paid with points, all returned) gets none on top.
  for (const { id, extraPoints } of parts.gt(0) ? inTurn(member.campaigns) : []) {
    if (extraPoints === 0) continue
    parts = parts.plus(whole.times(extraPoints))
    story.tell('campaign-extra', shownQuotient(parts, whole), {
      campaign: id,
      points: extraPoints,
    })
  }

  const orderLimit = limitFor(settings.pointsPerOrder, member.tier.id)
  if (orderLimit !== null && parts.gt(whole.times(orderLimit))) {
    parts = whole.times(orderLimit)
    story.tell('order-cap', exact(orderLimit), { limit: orderLimit })
  }

  const points = wholeQuotient(parts, whole, settings.rounding)
  story.tell('rounding', points, { rounding: settings.rounding })
  const campaigns = addedPoints(facts, (rates, extra) => {
    const measure = partsOf({ settings, factor: rates }, amounts)
    const own =
      itemLimit === null
        ? weighed.sum.times(measure.share)
        : capItems(facts, { most: measure.whole.times(itemLimit), share: measure.share })
    const all = own.gt(0) ? own.plus(measure.whole.times(extra)) : own
    const most = orderLimit === null ? all : measure.whole.times(orderLimit)
    return wholeQuotient(all.gt(most) ? most : all, measure.whole, settings.rounding)
  })
  return { points, because: story.steps, campaigns }
}

/** Kept goods times their categories' rates. `plain`: no rate but 1 is among them. */
function weighGoods({ event, settings }: RateFacts, kept: Big) {
  let sum = kept
  let plain = true
  const rates: Record<string, string> = {}
  for (const { unitPrice, quantity, returned = 0, category } of event.lines) {
    const rate = categoryRate(category, settings)
    if (category === undefined || rate.eq(1)) continue
    plain = false
    rates[category] = rate.toFixed()
    sum = sum.plus(
      exact(unitPrice)
        .times(quantity - returned)
        .times(rate.minus(1)),
    )
  }
  return { sum, plain, rates }
}

/** The parts of all kept goods when no piece has more than `most`. */
function capItems({ event, settings }: RateFacts, { most, share }: { most: Big; share: Big }): Big {
  return event.lines.reduce(
    (sum, line) => sum.plus(lineParts(line, { settings, share, most })),
    ZERO,
  )
}

function nonEarningFigures({ event }: RateFacts, { goods, earning }: OrderAmounts): JsonObject {
  const figures: Record<string, string> = { goods: goods.toFixed(), earning: earning.toFixed() }
  for (const name of ['includedTax', 'paidWithPoints', 'paidWithCoupons'] as const) {
    const amount = event[name]
    if (amount) figures[name] = majorOf(amount).toFixed()
  }
  return figures
}

/** Steps from running totals: each is told by where the points stand after it. */
function tellSteps() {
  const steps: Step[] = []
  let total = ZERO
  return {
    steps,
    tell(name: string, after: Big, figures: JsonObject): void {
      const points = after.minus(total)
      total = after
      // Rounding that changed nothing is not worth a line; a rate without effect still is.
      if (name !== 'rounding' || !points.eq(0)) steps.push(step(name, points.toFixed(), figures))
    },
  }
}
