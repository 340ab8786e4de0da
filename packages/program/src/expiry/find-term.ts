import type { ActivityClass, Term } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'

/** What points are, as far as their term goes by it. */
export interface TermSubject {
  readonly kind: string
  readonly source: string
  readonly tier: string
  readonly activity?: ActivityClass | undefined
  /** The grant's own. */
  readonly own?: Term | undefined
}

/**
 * The term for points of a kind (X2, X3), the most particular first: this kind for this tier; the
 * tier's own (gold: never); the grant's own; this kind for members so active; this kind from this
 * source; the kind's.
 */
export function findTerm(
  policy: Pick<PolicyDocument, 'kinds' | 'tiers'>,
  { kind, source, tier, activity, own }: TermSubject,
): Term {
  const terms = policy.kinds[kind]
  if (!terms) throw new Error(`The policy has no points kind ${kind}.`)
  return (
    ownValue(terms.byTier, tier) ??
    policy.tiers.levels.find((level) => level.id === tier)?.expiry ??
    own ??
    (activity && terms.byActivity[activity]) ??
    ownValue(terms.bySource, source) ??
    terms.expiry
  )
}

/** Ids are an operator's words; `constructor` is one too. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
