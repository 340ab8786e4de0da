import type { PolicyInForce } from './policy-in-force.js'

/** The points kind of what nothing else names a kind for: an operator's credit, a channel's award. */
export function usualKind({ document: { adjustments, kinds } }: PolicyInForce): string {
  return adjustments.kind ?? (Object.hasOwn(kinds, 'bonus') ? 'bonus' : 'task')
}
