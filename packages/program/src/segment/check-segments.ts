import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { unknownNames } from '../policy/unknown-names.js'

/** What the list of segments says of itself and of other sections. */
export function* checkSegments({
  segments,
  tiers,
  badges,
}: Partial<PolicyDocument>): Generator<PolicyFault> {
  const seen = new Set<string>()
  for (const [place, { id, anyOf }] of (segments?.list ?? []).entries()) {
    const path = ['segments', 'list', place]
    if (seen.has(id)) yield { path: [...path, 'id'], message: `There are two segments ${id}.` }
    for (const [which, it] of anyOf.entries()) {
      const at = [...path, 'anyOf', which]
      const isTier = (tier: string) => tiers?.levels.some((level) => level.id === tier) ?? true
      const isBadge = (badge: string) => badges?.some((known) => known.id === badge) ?? true
      yield* unknownNames([...at, 'tiers'], 'tier', it.tiers, isTier)
      yield* unknownNames([...at, 'badges'], 'badge', it.badges, isBadge)
      yield* unknownNames([...at, 'notIn'], 'earlier segment', it.notIn, (name) => seen.has(name))
    }
    seen.add(id)
  }
}
