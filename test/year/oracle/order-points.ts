import { dateOf, partsOf } from './berlin.js'
import type { Campaign, Level, Rules } from './rules.js'

export interface Line {
  readonly id: string
  readonly cents: number
  readonly quantity: number
  readonly category: string | null
}

export interface Order {
  readonly orderId: string
  readonly at: number
  readonly region: string | null
  readonly lines: readonly Line[]
  readonly taxCents: number
  readonly couponCents: number
  readonly confirmed: boolean
}

/** Who bought it, as far as it counts. */
export interface Buyer {
  readonly region: string | null
  readonly staff: boolean
  readonly birthday: { readonly month: number; readonly day: number } | null
  readonly level: Level
  readonly campaigns: readonly Campaign[]
}

/** What one campaign added; `extra`: what of it does not go down with the goods. */
export interface Added {
  readonly campaign: Campaign
  readonly points: number
  readonly extra: number
}

export interface Earned {
  readonly points: number
  readonly added: readonly Added[]
}

const hundredths = (rate: string) => BigInt(Math.round(Number(rate) * 100))

/** An order's points (E2): one exact fraction, rounded once. `returned`: pieces by line. */
export function orderPoints(
  { sources: { purchase } }: Rules,
  order: Order,
  { buyer, returned }: { buyer: Buyer; returned: ReadonlyMap<string, number> },
): Earned {
  const { settings } = purchase
  const { goods, paid } = amountsOf(order)
  const earning = Math.max(0, paid - order.taxCents)
  if (goods === 0) return { points: 0, added: [] }
  let parts = 0n
  for (const { id, cents, quantity, category } of order.lines) {
    const rate = hundredths((category !== null && settings.categoryRates[category]) || '1')
    parts += BigInt(cents * (quantity - (returned.get(id) ?? 0))) * rate
  }
  // So far a number of 1 ÷ 10,000 of the major unit.
  let whole = 10_000n * hundredths(settings.spendPerPoint)
  parts *= 100n
  const times = (rate: string) => {
    parts *= hundredths(rate)
    whole *= 100n
  }
  const region = order.region ?? buyer.region
  times((region !== null && settings.regionRates[region]) || '1')
  if (buyer.staff) times(settings.staffRate)
  times(buyer.level.earnMultiplier)
  if (settings.birthday && isBirthday(dateOf(order.at), buyer.birthday)) {
    times(buyer.level.birthdayMultiplier)
  }
  parts *= BigInt(earning)
  whole *= BigInt(goods)
  const rounded = (extra: number) => {
    const all = parts > 0n ? parts + BigInt(extra) * whole : 0n
    const isHalfUp = settings.rounding === 'half-up'
    return Number(isHalfUp ? (2n * all + whole) / (2n * whole) : all / whole)
  }
  const added: Added[] = []
  let extra = 0
  let points = rounded(0)
  for (const campaign of buyer.campaigns) {
    times(campaign.multiplier)
    extra += campaign.extraPoints
    const more = rounded(extra) - points
    points += more
    if (more > 0)
      added.push({ campaign, points: more, extra: Math.min(campaign.extraPoints, more) })
  }
  return { points, added }
}

/** What was paid for the goods that were kept, whole cents: what counts for the tier. */
export function qualifyingCents(order: Order, returned: ReadonlyMap<string, number>): number {
  const { goods, paid } = amountsOf(order)
  if (goods === 0) return 0
  const kept = order.lines.reduce(
    (sum, { id, cents, quantity }) => sum + cents * (quantity - (returned.get(id) ?? 0)),
    0,
  )
  return Number((BigInt(kept) * BigInt(paid)) / BigInt(goods))
}

function amountsOf({ lines, couponCents }: Order) {
  const goods = lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0)
  return { goods, paid: Math.max(0, goods - couponCents) }
}

/** The 29th of February is kept on the 28th in common years. */
function isBirthday(date: number, birthday: Buyer['birthday']): boolean {
  if (!birthday) return false
  const { year, month, day } = partsOf(date)
  const isLeap = year % 4 === 0
  const kept = birthday.month === 2 && birthday.day === 29 && !isLeap ? 28 : birthday.day
  return month === birthday.month && day === kept
}

/** What campaigns add to an act's points (E11): factors multiplied, rounded down, then the extra points. */
export function actPoints(points: number, campaigns: readonly Campaign[]): Earned {
  const added: Added[] = []
  let total = points
  let factor = 1n
  let scale = 1n
  let extra = 0
  for (const campaign of points === 0 ? [] : campaigns) {
    factor *= hundredths(campaign.multiplier)
    scale *= 100n
    extra += campaign.extraPoints
    const more = Number((BigInt(points) * factor) / scale) + extra - total
    total += more
    if (more > 0)
      added.push({ campaign, points: more, extra: Math.min(campaign.extraPoints, more) })
  }
  return { points: total, added }
}

/** Of campaigns the last one loses first. */
export function cut(added: readonly Added[], by: number): readonly Added[] {
  let left = by
  const kept: Added[] = []
  for (const it of [...added].reverse()) {
    const gone = Math.min(it.points, left)
    left -= gone
    const points = it.points - gone
    if (points > 0) kept.unshift({ ...it, points, extra: Math.min(it.extra, points) })
  }
  return kept
}

/**
 * What stands of each part of a grant when `standing` of it do: extra points for as long as there is
 * anything, the rest in proportion, cut off from the last part on.
 */
export function partsStanding(
  parts: readonly { readonly granted: number; readonly extra: number }[],
  standing: number,
): number[] {
  const fixed = parts.reduce((sum, it) => sum + it.extra, 0)
  const stand = parts.map(() => 0)
  let extras = Math.min(standing, fixed)
  parts.forEach(({ extra }, place) => {
    const stays = Math.min(extra, extras)
    extras -= stays
    stand[place] = stays
  })
  let left = Math.max(0, standing - fixed)
  let whole = parts.reduce((sum, it) => sum + it.granted - it.extra, 0)
  for (let place = parts.length - 1; place >= 0; place--) {
    const own = parts[place]!.granted - parts[place]!.extra
    const share = whole === 0 ? 0 : Number((BigInt(own) * BigInt(left)) / BigInt(whole))
    stand[place]! += share
    left -= share
    whole -= own
  }
  return stand
}
