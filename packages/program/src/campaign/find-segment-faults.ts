import type { PolicyDocument } from '../policy/policy-document.js'
import type { DocumentFault } from '../policy/read-policy.js'

/** Campaigns name segments that there are (M6, E11). Asked of what is written only: versions from before
 * this was looked at have to stay readable. */
export function findSegmentFaults({ campaigns, segments }: PolicyDocument): DocumentFault[] {
  const known = new Set(segments.list.map(({ id }) => id))
  return campaigns.flatMap((campaign, place) =>
    (campaign.segments ?? []).flatMap((name, at) =>
      known.has(name)
        ? []
        : [{ path: `campaigns.${place}.segments.${at}`, message: `There is no segment ${name}.` }],
    ),
  )
}
