import type { PolicyDocument } from '../policy/policy-document.js'
import type { DocumentFault } from '../policy/read-policy.js'
import type { Offer } from './offer-terms.js'

type Audience = Pick<Offer, 'id' | 'tiers' | 'segments' | 'badges'>

const LISTS = [
  { of: 'tiers', at: 'tiers.levels', what: 'tier', idsIn: (it) => ids(it.tiers.levels) },
  { of: 'segments', at: 'segments.list', what: 'segment', idsIn: (it) => ids(it.segments.list) },
  { of: 'badges', at: 'badges', what: 'badge', idsIn: (it) => ids(it.badges) },
] as const satisfies readonly {
  of: keyof Audience
  at: string
  what: string
  idsIn: (document: PolicyDocument) => readonly string[]
}[]

/** Whether a document lacks names of the one before that offers may go by. */
export function losesNames(document: PolicyDocument, before: PolicyDocument): boolean {
  return LISTS.some(({ idsIn }) => lostIn(idsIn, document, before).length > 0)
}

/**
 * Tiers, segments and badges that a document takes away from offers that are for them (M6): nobody would see
 * these any more, and nobody would be told. What was not there before either is not its fault.
 */
export function findLostNames(
  document: PolicyDocument,
  { before, offers }: { readonly before: PolicyDocument; readonly offers: readonly Audience[] },
): DocumentFault[] {
  return LISTS.flatMap(({ of, at, what, idsIn }) =>
    lostIn(idsIn, document, before).flatMap((name) => {
      const [first, ...more] = offers.filter((offer) => offer[of]?.includes(name))
      if (!first) return []
      const others = more.length > 0 ? ` and ${more.length} more` : ''
      return [
        {
          path: at,
          message: `The ${what} ${name} is missing, which offer ${first.id}${others} is for.`,
        },
      ]
    }),
  )
}

function lostIn(
  idsIn: (document: PolicyDocument) => readonly string[],
  document: PolicyDocument,
  before: PolicyDocument,
): readonly string[] {
  const there = new Set(idsIn(document))
  return idsIn(before).filter((name) => !there.has(name))
}

function ids(list: readonly { readonly id: string }[]): readonly string[] {
  return list.map(({ id }) => id)
}
