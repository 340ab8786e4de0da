import type { Reinstate } from '@pointwell/ledger'
import { graceTo } from '../expiry/grace-to.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'

/** What becomes of points that come back to a lot which expired meanwhile. */
export function reinstate(policy: PolicyInForce, now: number): Reinstate {
  const to = graceTo(policy, now)
  return to === null ? { policy: 'forfeit' } : { policy: 'grace', graceMs: to - now }
}
