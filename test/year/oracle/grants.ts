import { addMonths, dateOf, endOf, monthOf, partsOf, weekOf } from './berlin.js'
import type { Grant, GrantPart, OracleMember } from './member.js'
import { cut, type Earned, partsStanding } from './order-points.js'
import type { Activity, Campaign, Cap, Period, Rules, Term } from './rules.js'
import { endOfNew } from './terms.js'
import type { OracleLot } from './wallet.js'

/** What a source decided, before staff, caps, budgets and terms. */
export interface Decided extends Earned {
  readonly source: string
  readonly at: number
  /** When the member acted, where that is another moment: a day that is made up for. */
  readonly actedAt?: number
  readonly isOrder?: boolean
  readonly pending?: { readonly confirmAt: number }
  readonly claimMs?: number | null
  readonly kind?: string | null
  readonly own?: Term | null
}

/** Points that budgets have paid, by budget. */
export type Budgets = Map<string, number>

/** Grants what a source decided: staff, caps, budgets, a lot for each kind of terms (E8, E9, E11, E12). */
export function grantTo(
  member: OracleMember,
  decided: Decided,
  { rules, budgets, now }: { rules: Rules; budgets: Budgets; now: number },
): Grant {
  const { source, at, isOrder = false } = decided
  const actedAt = decided.actedAt ?? at
  const level = member.standing.levelAt(rules, actedAt, now)
  const activity = activityAt(member, rules, actedAt)
  let points = decided.points
  if (member.profile.staff && source !== 'purchase') {
    points = Math.floor((points * Math.round(Number(rules.staff.rate) * 100)) / 100)
  }
  const limit = (cap: Cap) => (level.id in cap.byTier ? cap.byTier[level.id]! : cap.limit)
  if (isOrder) points = Math.min(points, limit(rules.caps.pointsPerOrder) ?? points)
  const counters: string[] = []
  const hold = (counter: string, cap: Cap) => {
    counters.push(counter)
    const most = limit(cap)
    if (most === null) return
    const used = member.counted(counter)
    if (counter.startsWith('orders')) points = used < most ? points : 0
    else points = Math.min(points, Math.max(0, most - used))
  }
  const day = dateOf(at)
  if (isOrder) hold(`orders:${day}`, rules.caps.ordersPerDay)
  hold(`all:${day}`, rules.caps.pointsPerDay)
  for (const cap of rules.caps.perSource[source] ?? []) {
    hold(`${source}:${cap.period}:${periodOf(cap.period, day)}`, cap)
  }

  const added = cut(decided.added, decided.points - points)
  const anyway = points - added.reduce((sum, it) => sum + it.points, 0)
  const parts: { campaign: Campaign | null; points: number; extra: number; budgets: string[] }[] =
    []
  for (const it of [{ campaign: null, points: anyway, extra: 0 }, ...added]) {
    const payers = budgetsFor(it.campaign, rules, now)
    const room = payers.map(({ name, most }) => Math.max(0, most - (budgets.get(name) ?? 0)))
    const paid = Math.min(it.points, ...room)
    for (const { name } of payers) budgets.set(name, (budgets.get(name) ?? 0) + paid)
    const names = payers.map(({ name }) => name)
    parts.push({
      campaign: it.campaign,
      points: paid,
      extra: Math.min(it.extra, paid),
      budgets: names,
    })
  }

  const kind = decided.kind ?? rules.sources[source as keyof Rules['sources']].kind
  const open = (campaign: Campaign | null, sum: number): OracleLot | null => {
    const own = campaign?.kind ?? kind
    const term = campaign?.expiry ?? (own === kind ? (decided.own ?? null) : null)
    const subject = { kind: own, source, tier: level.id, activity, own: term, earnedAt: at }
    return member.wallet.grant({
      kind: own,
      source,
      points: sum,
      earnedAt: at,
      pending: decided.pending ?? null,
      claimMs: decided.claimMs ?? null,
      expiresAt: endOfNew(rules, subject),
    })
  }
  const paid = parts.filter((part) => part.points > 0)
  const together = paid.filter(({ campaign }) => !campaign || !hasOwnLot(campaign))
  const apart = paid.filter((part) => !together.includes(part))
  const kept: GrantPart[] = []
  for (const group of [together, ...apart.map((part) => [part])]) {
    const sum = group.reduce((all, part) => all + part.points, 0)
    if (sum === 0) continue
    const only = group.length === 1 ? group[0]!.campaign : null
    const lot = open(only && hasOwnLot(only) ? only : null, sum)
    for (const part of group) {
      kept.push({ ...part, lot, granted: part.points, standing: part.points })
    }
  }
  const granted = kept.reduce((sum, part) => sum + part.granted, 0)
  for (const counter of counters) {
    member.count(counter, counter.startsWith('orders') ? (granted > 0 ? 1 : 0) : granted)
  }
  return {
    source,
    member,
    at,
    isOrder,
    granted,
    standing: granted,
    parts: kept,
    counters,
    forgiven: new Map(),
    cancelled: false,
  }
}

/** Only `target` of a grant stands any more (L5); answers with what went. */
export function takeBack(
  grant: Grant,
  target: number,
  { rules, budgets }: { rules: Rules; budgets: Budgets },
): number {
  const { member, parts } = grant
  const standing = Math.min(grant.standing, target)
  const gone = grant.standing - standing
  const stands = partsStanding(parts, standing)
  const lots = new Set(parts.map(({ lot }) => lot!))
  for (const lot of lots) {
    const going = parts.flatMap((part, place) => {
      const points = part.standing - stands[place]!
      return part.lot === lot && points > 0 ? [{ part, points }] : []
    })
    const points = going.reduce((sum, it) => sum + it.points, 0)
    if (points === 0) continue
    const forgivenBefore = grant.forgiven.get(lot) ?? 0
    const taken = member.wallet.clawBack(lot, {
      points,
      forgivenBefore,
      policy: rules.returns.policy,
    })
    grant.forgiven.set(lot, forgivenBefore + taken.forgiven)
    let { real } = taken
    for (const it of going) {
      const share = Math.min(it.points, real)
      real -= share
      for (const name of it.part.budgets) budgets.set(name, (budgets.get(name) ?? 0) - share)
    }
  }
  parts.forEach((part, place) => {
    part.standing = stands[place]!
  })
  for (const counter of grant.counters) {
    if (!counter.startsWith('orders')) member.count(counter, -gone)
    else if (grant.standing > 0 && standing === 0) member.count(counter, -1)
  }
  grant.standing = standing
  return gone
}

function hasOwnLot({ kind, expiry, budget, department }: Campaign): boolean {
  return [kind, expiry, budget, department].some((it) => it !== null)
}

/** Who pays (E9): what is earned anyway stops before the reserve, campaigns may use all. */
function budgetsFor(
  campaign: Campaign | null,
  { budgets }: Rules,
  now: number,
): { name: string; most: number }[] {
  const month = monthOf(dateOf(now))
  const { points } = budgets.programme
  const all = { name: `programme:${month}`, most: points }
  if (!campaign) {
    const reserve = Math.ceil((points * budgets.reservePercent) / 100)
    return [all, { name: `anyway:${month}`, most: points - reserve }]
  }
  const { id, budget, department } = campaign
  const of = department === null ? undefined : budgets.departments[department]
  return [
    all,
    ...(budget === null ? [] : [{ name: `campaign:${id}`, most: budget }]),
    ...(of ? [{ name: `department:${department}:${month}`, most: of.points }] : []),
  ]
}

export function periodOf(period: Period | 'ever', day: number): number {
  switch (period) {
    case 'day':
      return day
    case 'week':
      return weekOf(day)
    case 'month':
      return monthOf(day)
    case 'year':
      return partsOf(day).year
    default:
      return 0
  }
}

/** How active a member is (M5): by the days on which it did something, the present one among them. */
export function activityAt(member: OracleMember, { activity }: Rules, at: number): Activity {
  const today = dateOf(at)
  let days = 0
  for (let back = 0; back < activity.windowDays; back++) {
    if (member.active.has(today - back)) days++
  }
  if (days >= activity.highFrom) return 'high'
  return days >= activity.mediumFrom ? 'medium' : 'low'
}

/** The campaigns that an act falls under (E11). */
export function campaignsFor(
  rules: Rules,
  it: { source: string; at: number; region: string | null; tier: string },
): Campaign[] {
  const isFor = (list: readonly string[] | null, what: string | null) =>
    list === null || (what !== null && list.includes(what))
  return rules.campaigns.filter(
    (campaign) =>
      Date.parse(campaign.from) <= it.at &&
      it.at < Date.parse(campaign.until) &&
      isFor(campaign.sources, it.source) &&
      isFor(campaign.regions, it.region) &&
      isFor(campaign.tiers, it.tier),
  )
}

/** Until when points that come back to a lot which ran out can be used; null: not at all (L2). */
export function reinstatedTo({ reinstate }: Rules, at: number): number | null {
  return reinstate.policy === 'forfeit' ? null : endOf(dateOf(at) + reinstate.days)
}

/** So many months from a day on. */
export function termFrom(at: number, months: number): number {
  return endOf(addMonths(dateOf(at), months) - 1)
}
