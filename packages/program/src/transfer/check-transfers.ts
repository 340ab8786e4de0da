import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** Kinds and tiers that the rules of transfers name are the programme's. */
export function* checkTransfers({
  transfers,
  kinds,
  tiers,
}: Partial<PolicyDocument>): Generator<PolicyFault> {
  for (const [place, kind] of (transfers?.kinds ?? []).entries()) {
    if (kinds && !Object.hasOwn(kinds, kind)) {
      yield { path: ['transfers', 'kinds', place], message: `There is no kind ${kind}.` }
    }
  }
  for (const [place, tier] of (transfers?.tiers ?? []).entries()) {
    if (tiers && !tiers.levels.some(({ id }) => id === tier)) {
      yield { path: ['transfers', 'tiers', place], message: `There is no tier ${tier}.` }
    }
  }
}
