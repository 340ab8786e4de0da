import type { CampaignFacts } from '@pointwell/plugin'
import type { Campaign } from '../policy/policy-document.js'

/** The campaigns that an event at `at` (epoch milliseconds) falls under (E11). */
export function openCampaigns(
  campaigns: readonly Campaign[],
  event: {
    at: number
    source: string
    tier: string
    region: string | null
    /** Those that the member is in. */
    segments: readonly string[]
  },
): CampaignFacts[] {
  const at = new Date(event.at).toISOString()
  const isFor = (list: readonly string[] | null, what: string | null) =>
    list === null || (what !== null && list.includes(what))
  return campaigns
    .filter(
      ({ from, until, sources, tiers, regions, segments }) =>
        from <= at &&
        at < until &&
        isFor(sources, event.source) &&
        isFor(tiers, event.tier) &&
        isFor(regions, event.region) &&
        (segments === null || segments.some((it) => event.segments.includes(it))),
    )
    .map(({ id, multiplier, extraPoints }) => ({ id, multiplier, extraPoints }))
}
