import type { Term } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'

/**
 * The term for points of a kind (X2, X3), the most particular first: this kind for this tier; the
 * tier's own (gold: never); the grant's own; this kind from this source; the kind's.
 */
export function findTerm(
  policy: Pick<PolicyDocument, 'kinds' | 'tiers'>,
  {
    kind,
    source,
    tier,
    own,
  }: { kind: string; source: string; tier: string; own?: Term | undefined },
): Term {
  const terms = policy.kinds[kind]
  if (!terms) throw new Error(`The policy has no points kind ${kind}.`)
  return (
    ownValue(terms.byTier, tier) ??
    policy.tiers.levels.find((level) => level.id === tier)?.expiry ??
    own ??
    ownValue(terms.bySource, source) ??
    terms.expiry
  )
}

/** Ids are an operator's words; `constructor` is one too. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
