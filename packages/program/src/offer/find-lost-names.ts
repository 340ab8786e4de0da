import type { PolicyDocument } from '../policy/policy-document.js'
import type { DocumentFault } from '../policy/read-policy.js'
import type { Offer } from './offer-terms.js'

type Audience = Pick<Offer, 'id' | 'tiers' | 'segments' | 'badges'>

/** A tier, a segment or a badge that a document lacks. */
interface LostName {
  /** Where offers name it. */
  readonly of: 'tiers' | 'segments' | 'badges'
  /** Where the document would have it. */
  readonly at: string
  readonly what: string
  readonly name: string
}

/** What offers may name, that the document before had and this one has not. */
export function lostNames(document: PolicyDocument, before: PolicyDocument): readonly LostName[] {
  const had = namesIn(before)
  const has = namesIn(document)
  return had.filter(({ of, name }) => !has.some((it) => it.of === of && it.name === name))
}

/**
 * Names that offers are for, and would be for in vain (M6): fewer members would see these, or none, and nobody
 * would be told. A fault for each name; the first offer is named.
 */
export function findNamedByOffers(
  lost: readonly LostName[],
  offers: readonly Audience[],
): DocumentFault[] {
  return lost.flatMap(({ of, at, what, name }) => {
    const [first, ...more] = offers.filter((offer) => offer[of]?.includes(name))
    if (!first) return []
    const others = more.length > 0 ? ` and ${more.length} more` : ''
    const message = `The ${what} ${name} is missing, which offer ${first.id}${others} is for.`
    return [{ path: at, message }]
  })
}

function namesIn({ tiers, segments, badges }: PolicyDocument): readonly LostName[] {
  return [
    ...tiers.levels.map(
      ({ id: name }) => ({ of: 'tiers', at: 'tiers.levels', what: 'tier', name }) as const,
    ),
    ...segments.list.map(
      ({ id: name }) => ({ of: 'segments', at: 'segments.list', what: 'segment', name }) as const,
    ),
    ...badges.map(({ id: name }) => ({ of: 'badges', at: 'badges', what: 'badge', name }) as const),
  ]
}
