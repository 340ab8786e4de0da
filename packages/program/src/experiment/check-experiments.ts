import Big from 'big.js'
import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { unknownNames } from '../policy/unknown-names.js'

/** What the list of experiments says of itself and of segments. */
export function* checkExperiments({
  experiments,
  segments: known,
}: Partial<PolicyDocument>): Generator<PolicyFault> {
  const seen = new Set<string>()
  for (const [place, { id, segments, variants, rolledOut }] of (experiments ?? []).entries()) {
    const path = ['experiments', place]
    if (seen.has(id)) yield { path: [...path, 'id'], message: `There are two experiments ${id}.` }
    seen.add(id)
    const isSegment = (name: string) => known?.list.some((it) => it.id === name) ?? true
    yield* unknownNames([...path, 'segments'], 'segment', segments, isSegment)
    const names = variants.map((variant) => variant.id)
    for (const [at, name] of names.entries()) {
      if (names.indexOf(name) === at) continue
      yield { path: [...path, 'variants', at, 'id'], message: `There are two variants ${name}.` }
    }
    const all = variants.reduce((sum, { share }) => sum.plus(share), new Big(0))
    if (all.gt(1)) {
      yield {
        path: [...path, 'variants'],
        message: `Expected shares of at most 1 together, not ${all}.`,
      }
    }
    if (rolledOut !== null && !names.includes(rolledOut)) {
      yield { path: [...path, 'rolledOut'], message: `There is no variant ${rolledOut}.` }
    }
  }
}
