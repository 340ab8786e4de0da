import type { JsonObject } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'
import { type ActiveDays, addActiveDay } from '../activity/active-days.js'
import type { HeldBadges } from '../badge/held-badge.js'
import type { Boost } from '../boost/earning-boost.js'
import type { CapCounters } from '../caps/apply-caps.js'
import { isOver } from '../caps/period-key.js'
import { type Deeds, readDeeds, writeDeeds } from '../deeds/deeds.js'
import type { Entered } from '../experiment/entered.js'
import { type RenewalMemory, withoutPastRenewals, withSettled } from '../renewal/renewal-memory.js'
import { type RecentActs, withoutPastActs } from '../risk/recent-acts.js'
import type { Accelerator } from '../tier/accelerator.js'
import type { QualifyingSpend } from '../tier/qualifying-spend.js'
import { countWaiting } from '../tier/qualifying-spend.js'
import type { TierChange } from '../tier/tier-changes.js'
import type { TierFloor } from '../tier/tier-floor.js'

/**
 * What the programme remembers of a member in the wallet's memo: it moves with each posting, under
 * the wallet's lock, so a decision always sees it as it is.
 */
export interface ProgrammeMemo extends QualifyingSpend, RenewalMemory {
  /** When the member last did something that points had to do with, epoch milliseconds. */
  readonly lastActiveAt: number | null
  /** What happened until then, epoch milliseconds, was counted in the system that the member was brought
   * from (O3), and earns nothing here. */
  readonly countedUntil: number | null
  /** On which days that was, of the last few months (M5). */
  readonly activeDays: ActiveDays | null
  /** Used up under caps (E8). */
  readonly caps: CapCounters
  /** Redeemed under offers' limits a member (R1), counted like caps: `<offer>:<period>`. */
  readonly offers: CapCounters
  /** How many redemptions the member has that stand (R3). */
  readonly redeemed: number
  /** Given to other members and received from them (L10), counted like caps. */
  readonly transfers: CapCounters
  /** Each source's own memory of the member. */
  readonly sources: Readonly<Record<string, unknown>>
  /** What the member has done and stands (M6, M7). */
  readonly deeds: Deeds
  /** Badges that the member has, by id (M7). */
  readonly badges: HeldBadges
  /** Changes of the tier as they were noticed, the newest last (M3). */
  readonly tierChanges: readonly TierChange[]
  /** Tiers that operators gave until a date (M3). */
  readonly floors: readonly TierFloor[]
  /** Times in which spend counts by a factor for the tier (M4). */
  readonly accelerators: readonly Accelerator[]
  /** Times in which it earns by a factor (R9). */
  readonly boosts: readonly Boost[]
  /** Experiments of segments that it is in (T1). */
  readonly experiments: Entered
  /** What the member did of late, for risk rules (K1); null: nothing, or no rule is enabled. */
  readonly recent: RecentActs | null
}

export function readMemo(memo: JsonObject): ProgrammeMemo {
  const known = memo as Partial<ProgrammeMemo>
  return {
    spend: known.spend ?? {},
    waiting: known.waiting ?? {},
    spentByDay: known.spentByDay ?? {},
    renewed: known.renewed ?? {},
    lastActiveAt: known.lastActiveAt ?? null,
    countedUntil: known.countedUntil ?? null,
    activeDays: known.activeDays ?? null,
    caps: known.caps ?? {},
    offers: known.offers ?? {},
    redeemed: known.redeemed ?? 0,
    transfers: known.transfers ?? {},
    sources: known.sources ?? {},
    deeds: readDeeds(known.deeds),
    badges: known.badges ?? {},
    tierChanges: known.tierChanges ?? [],
    floors: known.floors ?? [],
    accelerators: known.accelerators ?? [],
    boosts: known.boosts ?? [],
    experiments: known.experiments ?? {},
    recent: known.recent ?? null,
  }
}

/** The same with what has confirmed by itself by now in its month: what a tier at an earlier moment is
 * worked out of does not hang on whether anything was posted since. */
export function readMemoAt(
  memo: JsonObject,
  { now, calendar }: { now: number; calendar: Calendar },
): ProgrammeMemo {
  const known = readMemo(memo)
  const spentByDay = withSettled(known.spentByDay, known.waiting, { now, calendar })
  const thisYear = Number(calendar.dateOf(now).slice(0, 4))
  return { ...known, spentByDay, ...countWaiting(known, { now, thisYear }) }
}

/** As JSON without what is empty, and without what is over: counters of days that no event can be
 * about any more, orders that have confirmed by themselves. */
export function writeMemo(
  memo: ProgrammeMemo,
  { now, calendar, maxAgeDays }: { now: number; calendar: Calendar; maxAgeDays: number },
): JsonObject {
  const today = calendar.dateOf(now)
  const oldest = calendar.addDays(today, -maxAgeDays)
  const spentByDay = withSettled(memo.spentByDay, memo.waiting, { now, calendar })
  const settled = countWaiting(memo, { now, thisYear: Number(today.slice(0, 4)) })
  // Late events go by what was in force when they happened.
  const isStillAskedFor = ({ until }: { until: number }) => until > calendar.startOf(oldest)
  const parts = {
    spend: settled.spend,
    waiting: settled.waiting,
    ...withoutPastRenewals({ ...memo, spentByDay }, { now, calendar }),
    caps: withoutPast(memo.caps, oldest, calendar),
    offers: withoutPast(memo.offers, today, calendar),
    transfers: withoutPast(memo.transfers, today, calendar),
    sources: memo.sources,
    deeds: writeDeeds(memo.deeds),
    badges: memo.badges,
    tierChanges: memo.tierChanges,
    floors: memo.floors.filter(isStillAskedFor),
    accelerators: memo.accelerators.filter(isStillAskedFor),
    boosts: memo.boosts.filter(isStillAskedFor),
    experiments: memo.experiments,
  }
  const kept = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)
  const { lastActiveAt, activeDays } = memo
  // What is older than any event can be is refused for that.
  const countedUntil =
    memo.countedUntil !== null && memo.countedUntil > calendar.startOf(oldest)
      ? memo.countedUntil
      : null
  const redeemed = memo.redeemed === 0 ? null : memo.redeemed
  const recent = withoutPastActs(memo.recent, now)
  const single = Object.entries({
    lastActiveAt,
    countedUntil,
    activeDays,
    redeemed,
    recent,
  }).filter(([, it]) => it !== null)
  return Object.fromEntries([...single, ...kept]) as JsonObject
}

function withoutPast(counters: CapCounters, before: string, calendar: Calendar): CapCounters {
  return Object.fromEntries(
    Object.entries(counters).filter(([counter]) => !isOver(counter, before, calendar)),
  )
}

/** After the member itself did something at `at`, epoch milliseconds: earned, claimed or redeemed. */
export function actedAt(
  memo: ProgrammeMemo,
  { at, calendar }: { at: number; calendar: Calendar },
): Pick<ProgrammeMemo, 'lastActiveAt' | 'activeDays'> {
  return {
    lastActiveAt: Math.max(memo.lastActiveAt ?? at, at),
    activeDays: addActiveDay(memo.activeDays, { date: calendar.dateOf(at), calendar }),
  }
}
