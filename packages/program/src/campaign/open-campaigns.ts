import type { ActivityClass, CampaignFacts } from '@pointwell/plugin'
import type { Campaign } from '../policy/policy-document.js'

/** What decides whether a campaign counts for an event, but for what only the lock tells of a member. */
interface EventPlace {
  /** Epoch milliseconds. */
  readonly at: number
  readonly source: string
  readonly region: string | null
}

/** The campaigns that an event falls under (E11). */
export function openCampaigns(
  campaigns: readonly Campaign[],
  event: EventPlace & {
    readonly tier: string
    /** Those that the member is in. */
    readonly segments: readonly string[]
    /** Those that the member has. */
    readonly badges: readonly string[]
    readonly activity: ActivityClass
  },
): CampaignFacts[] {
  return possibleCampaigns(campaigns, event)
    .filter(
      ({ tiers, segments, badges, activity }) =>
        isFor(tiers, event.tier) &&
        isFor(activity, event.activity) &&
        (segments === null || segments.some((it) => event.segments.includes(it))) &&
        (badges === null || badges.some((it) => event.badges.includes(it))),
    )
    .map(({ id, multiplier, extraPoints }) => ({ id, multiplier, extraPoints }))
}

/** Those that it may fall under, whatever of the member only the lock tells. */
export function possibleCampaigns(
  campaigns: readonly Campaign[],
  event: EventPlace,
): readonly Campaign[] {
  if (campaigns.length === 0) return campaigns
  const at = new Date(event.at).toISOString()
  return campaigns.filter(
    ({ from, until, sources, regions }) =>
      from <= at && at < until && isFor(sources, event.source) && isFor(regions, event.region),
  )
}

function isFor(list: readonly string[] | null, what: string | null): boolean {
  return list === null || (what !== null && list.includes(what))
}
