import type { Reinstate } from '@pointwell/ledger'
import type { PolicyInForce } from '../policy/policy-in-force.js'

/** What becomes of points whose lot expired meanwhile (L2); a grace ends with its last day. */
export function reinstate({ document, calendar }: PolicyInForce, now: number): Reinstate {
  const { reinstate } = document
  if (reinstate.policy === 'forfeit') return { policy: 'forfeit' }
  const lastDay = calendar.addDays(calendar.dateOf(now), reinstate.days)
  return { policy: 'grace', graceMs: calendar.endOf(lastDay) - now }
}
