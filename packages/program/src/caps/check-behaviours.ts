import type { EarnSource } from '@pointwell/plugin'
import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** Caps on behaviours that their sources do not have: such a cap would hold nobody back. */
export function* checkBehaviours(
  { caps, sources }: Partial<PolicyDocument>,
  plugins: readonly EarnSource[],
): Generator<PolicyFault> {
  if (!caps || !sources) return
  for (const [id, byBehaviour] of Object.entries(caps.perBehaviour)) {
    const source = plugins.find((plugin) => plugin.id === id)
    if (!source || !Object.hasOwn(sources, id)) continue
    const known = new Set(source.behaviours?.(sources[id]!.settings))
    for (const behaviour of Object.keys(byBehaviour)) {
      if (known.has(behaviour)) continue
      const path = ['caps', 'perBehaviour', id, behaviour]
      yield { path, message: `There is no behaviour ${behaviour} of ${id}.` }
    }
  }
}
