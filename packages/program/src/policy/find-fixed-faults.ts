import type { PolicyDocument } from './policy-document.js'
import type { DocumentFault } from './read-policy.js'

/** What amounts and days that are in the books already are read by. */
const FIXED = ['zone', 'currency'] as const

/**
 * Faults of a document that has another zone or currency than the policy in force. Amounts of money
 * do not say their currency, and figures are folded by the days of the zone: read by another one,
 * all of them would be wrong. As long as there is nothing to read (`inUse`) both may change, but only
 * at once: later there may be.
 */
export function findFixedFaults(
  { programme }: PolicyDocument,
  {
    inForce,
    startsNow,
    inUse,
  }: {
    inForce: PolicyDocument['programme']
    startsNow: boolean
    inUse: boolean
  },
): DocumentFault[] {
  if (startsNow && !inUse) return []
  const why = inUse
    ? 'There are members or offers already, whose days and amounts are counted by it.'
    : 'Before there are members it can be changed, but only at once.'
  return FIXED.filter((field) => programme[field] !== inForce[field]).map((field) => ({
    path: `programme.${field}`,
    message: `It is ${inForce[field]} and stays so. ${why}`,
  }))
}
