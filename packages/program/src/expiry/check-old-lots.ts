import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** Kinds that the section names are kinds of the programme. */
export function* checkOldLots({ expiry, kinds }: Partial<PolicyDocument>): Generator<PolicyFault> {
  if (!kinds || expiry?.oldLots.policy !== 'grace') return
  for (const [at, kind] of (expiry.oldLots.kinds ?? []).entries()) {
    if (Object.hasOwn(kinds, kind)) continue
    yield { path: ['expiry', 'oldLots', 'kinds', at], message: `There is no kind ${kind}.` }
  }
}
