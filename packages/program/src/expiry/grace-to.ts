import type { PolicyInForce } from '../policy/policy-in-force.js'

/** The new expiry of points that come back at `at` to a lot which ran out meanwhile (L2): a grace ends
 * with its last day. Null: they are lost. */
export function graceTo(
  { document: { reinstate }, calendar }: PolicyInForce,
  at: number,
): number | null {
  if (reinstate.policy === 'forfeit') return null
  return calendar.endOf(calendar.addDays(calendar.dateOf(at), reinstate.days))
}
