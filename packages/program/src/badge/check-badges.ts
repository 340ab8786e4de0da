import { minorDigits } from '@pointwell/plugin'
import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** What the list of badges says of other sections. */
export function* checkBadges({
  badges,
  sources,
  programme,
}: Partial<PolicyDocument>): Generator<PolicyFault> {
  const seen = new Set<string>()
  const digits = programme ? minorDigits(programme.currency) : Infinity
  for (const [place, { id, goal }] of (badges ?? []).entries()) {
    const path = ['badges', place]
    if (seen.has(id)) yield { path: [...path, 'id'], message: `There are two badges ${id}.` }
    seen.add(id)
    if ('source' in goal && sources && !Object.hasOwn(sources, goal.source)) {
      yield { path: [...path, 'goal', 'source'], message: `There is no source ${goal.source}.` }
    }
    if (goal.type === 'spend' && (goal.amount.split('.')[1]?.length ?? 0) > digits) {
      const message = `${programme?.currency} has ${digits} digits after the point.`
      yield { path: [...path, 'goal', 'amount'], message }
    }
  }
}
