import { type EarnSource, type PluginWatch, runJoin } from '@pointwell/plugin'
import { joinActiveDays } from '../activity/active-days.js'
import type { HeldBadges } from '../badge/held-badge.js'
import { joinCounts, joinDeeds } from '../deeds/deeds.js'
import { readMemory } from '../earning/read-memory.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { joinActs } from '../risk/recent-acts.js'
import type { TierFloor } from '../tier/tier-floor.js'

/** So many changes of the tier are kept. */
const MOST_TIER_CHANGES = 20

/** One of the two, as it is when they are merged. */
export interface Half {
  /** All ids it goes by, its own first. */
  readonly ids: readonly string[]
  readonly memo: ProgrammeMemo
}

interface Terms {
  readonly policy: PolicyInForce
  readonly now: number
  readonly sources: readonly EarnSource[]
  /** What a lot of `from` is called from now on. */
  readonly lotNow: (seq: number) => number
  readonly watch?: PluginWatch | undefined
}

/**
 * The state of the member who is both (M8): as if one had done all. What each counted is added up, caps of
 * today among it; what each was given stays; of a badge that both have, the earlier stays. Sources join
 * their own memories. Throws `PluginFault` where one fails at that.
 */
export function joinMemos(from: Half, into: Half, terms: Terms): ProgrammeMemo {
  const { policy } = terms
  const [gone, stays] = [from.memo, into.memo]
  const renewed = Object.fromEntries(
    Object.entries(gone.renewed).map(([lot, it]) => [String(terms.lotNow(Number(lot))), it]),
  )
  return {
    spend: joinCounts(stays.spend, gone.spend),
    waiting: { ...gone.waiting, ...stays.waiting },
    spentByDay: joinCounts(stays.spentByDay, gone.spentByDay),
    renewed: { ...stays.renewed, ...renewed },
    lastActiveAt: latest(stays.lastActiveAt, gone.lastActiveAt),
    countedUntil: latest(stays.countedUntil, gone.countedUntil),
    activeDays: joinActiveDays(stays.activeDays, gone.activeDays, policy.calendar),
    caps: joinCounts(stays.caps, gone.caps),
    offers: joinCounts(stays.offers, gone.offers),
    redeemed: stays.redeemed + gone.redeemed,
    transfers: joinCounts(stays.transfers, gone.transfers),
    sources: joinMemories(from, into, terms),
    deeds: joinDeeds(stays.deeds, gone.deeds),
    badges: joinBadges(stays.badges, gone.badges),
    tierChanges: [...stays.tierChanges, ...gone.tierChanges]
      .sort((a, b) => a.at - b.at)
      .slice(-MOST_TIER_CHANGES),
    floors: joinFloors([...stays.floors, ...gone.floors], policy),
    accelerators: [...stays.accelerators, ...gone.accelerators],
    boosts: [...stays.boosts, ...gone.boosts],
    // Who goes on is in the variants of the wallet that does.
    experiments: stays.experiments,
    recent: joinActs(stays.recent, gone.recent),
  }
}

/** Null: never. */
function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

function joinBadges(one: HeldBadges, other: HeldBadges): HeldBadges {
  const joined: Record<string, HeldBadges[string]> = { ...one }
  for (const [id, badge] of Object.entries(other)) {
    const own = Object.hasOwn(one, id) ? one[id] : undefined
    joined[id] = own && own.at <= badge.at ? own : badge
  }
  return joined
}

/** The first that is in force counts: the highest. */
function joinFloors(floors: readonly TierFloor[], policy: PolicyInForce): readonly TierFloor[] {
  const rankOf = ({ tier }: TierFloor) =>
    policy.document.tiers.levels.findIndex(({ id }) => id === tier)
  return floors.toSorted((a, b) => rankOf(b) - rankOf(a) || b.until - a.until)
}

/** Of a source that this server does not know, and of one that does not say how, what there is. */
function joinMemories(from: Half, into: Half, terms: Terms): ProgrammeMemo['sources'] {
  const joined: Record<string, unknown> = { ...from.memo.sources, ...into.memo.sources }
  for (const source of terms.sources) {
    const [gone, stays] = [from, into].map(({ memo }) =>
      Object.hasOwn(memo.sources, source.id) ? memo.sources[source.id] : undefined,
    )
    if (!source.join || (gone === undefined && stays === undefined)) continue
    joined[source.id] = runJoin(
      source,
      {
        from: { ids: from.ids, memory: readMemory(source, gone, terms.watch) },
        into: { ids: into.ids, memory: readMemory(source, stays, terms.watch) },
        calendar: terms.policy.calendar,
        now: terms.now,
      },
      terms.watch && { watch: terms.watch },
    )
  }
  return joined
}
