import type { MemberFacts } from '@pointwell/plugin'
import { activityAt } from '../activity/activity-at.js'
import { boostFacts } from '../boost/earning-boost.js'
import { openCampaigns } from '../campaign/open-campaigns.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { PausesSeen } from '../pause/pauses-seen.js'
import type { TierLevel } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { deriveTier } from '../tier/derive-tier.js'

/** What the programme's own table says of a member, besides linked identities and consents. */
export interface MemberProfile {
  /** The ledger's number of the wallet. */
  readonly wallet: number
  /** The shop's own id. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly joinedAt: number
  readonly birthday: { readonly month: number; readonly day: number } | null
  readonly region: string | null
  readonly staff: boolean
  /** In a case of over-linked identities, and nobody has cleared it: earns nothing (E12). */
  readonly overLinked: boolean
  /** Not the member's own: pauses of earning as the same read found them (E10). */
  readonly pauses: PausesSeen
  /** Segments of the last review (M6). */
  readonly segments: readonly string[]
  /** Members that were merged into this one (M8), the first one first; absent: none. */
  readonly formerly?: readonly MergedMember[]
}

/** A member that goes by another id since it was merged. */
export interface FormerMember {
  readonly wallet: number
  /** The shop's own id, which is an alias from then on. */
  readonly id: string
}

/** Since when, epoch milliseconds. */
export interface MergedMember extends FormerMember {
  readonly at: number
}

/** All ids that a member goes by, its own first. */
export function idsOf({ id, formerly = [] }: Pick<MemberProfile, 'id' | 'formerly'>): string[] {
  return [id, ...formerly.map((former) => former.id)]
}

/** The wallets that a member has had, its own first. */
export function walletsOf({
  wallet,
  formerly = [],
}: Pick<MemberProfile, 'wallet' | 'formerly'>): number[] {
  return [wallet, ...formerly.map((former) => former.wallet)]
}

/** What a decision about an event at `at` may know of the member. */
export function memberFacts(
  member: MemberProfile,
  {
    policy,
    memo,
    at,
    source,
    isOrder,
  }: {
    policy: PolicyInForce
    memo: ProgrammeMemo
    at: number
    source: string
    /** Whether the source's events are orders; absent: they are not. */
    isOrder?: boolean
  },
): MemberFacts {
  const level = tierAt(memo, { policy, at })
  const { id, earnMultiplier, birthdayMultiplier } = level
  const activity = activityAt(memo, { policy, at })
  const badges = Object.keys(memo.badges)
  return {
    id: member.id,
    ...(member.formerly && { formerIds: member.formerly.map(({ id }) => id) }),
    joinedAt: member.joinedAt,
    region: member.region,
    staff: member.staff,
    birthday: member.birthday,
    tier: { id, earnMultiplier, birthdayMultiplier },
    activity,
    segments: member.segments,
    badges,
    campaigns: [
      ...openCampaigns(policy.document.campaigns, {
        at,
        source,
        tier: id,
        region: member.region,
        segments: member.segments,
        badges,
        activity,
      }),
      ...boostFacts(memo.boosts, { at, source, isOrder }),
    ],
  }
}

/** The member's tier at a moment, epoch milliseconds (M3). */
export function tierAt(
  memo: ProgrammeMemo,
  { policy, at }: { policy: PolicyInForce; at: number },
): TierLevel {
  return deriveTier(policy.document, {
    qualifying: memo,
    floors: memo.floors,
    at,
    calendar: policy.calendar,
  })
}
