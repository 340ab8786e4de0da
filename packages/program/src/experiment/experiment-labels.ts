import type { LabelsOf } from '@pointwell/ledger'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type Variants, variantsOf } from './variants-of.js'

const PREFIX = 'experiment:'
const NONE = {}

/** A member's variants are on every transaction of it, also those that no request asked for (T1, W1). */
export function experimentLabels(policies: PolicyReads): LabelsOf {
  return (wallet, at) => {
    const { experiments } = policies.at(at).document
    if (experiments.length === 0) return NONE
    const labels: Record<string, string> = {}
    for (const [id, variant] of Object.entries(variantsOf(experiments, { wallet, at }))) {
      labels[`${PREFIX}${id}`] = variant
    }
    return labels
  }
}

/** The same, read back. */
export function labelledVariants(labels: Readonly<Record<string, string>>): Variants {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, variant]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), variant]] : [],
    ),
  )
}
