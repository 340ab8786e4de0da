import type { PolicyDocument } from '../policy/policy-document.js'
import type { DocumentFault } from '../policy/read-policy.js'
import { unknownNames } from '../policy/unknown-names.js'

/** Campaigns name segments that there are (M6, E11). Asked of what is written only: versions from before
 * this was looked at have to stay readable. */
export function findSegmentFaults({ campaigns, segments }: PolicyDocument): DocumentFault[] {
  const known = new Set(segments.list.map(({ id }) => id))
  return campaigns.flatMap((campaign, place) => {
    const path = ['campaigns', place, 'segments']
    const unknown = unknownNames(path, 'segment', campaign.segments, (it) => known.has(it))
    return [...unknown].map(({ path, message }) => ({ path: path.join('.'), message }))
  })
}
