import type { ActivityClass } from '@pointwell/plugin'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { type ActiveDays, countActiveDays } from './active-days.js'

/**
 * How active a member is at a moment, epoch milliseconds (M5): by the days of the window that ends
 * with the moment's own day on which the member earned, claimed or redeemed.
 */
export function activityAt(
  { activeDays }: { readonly activeDays: ActiveDays | null },
  {
    policy: { document, calendar },
    at,
  }: { policy: Pick<PolicyInForce, 'calendar'> & { document: ActivityTerms }; at: number },
): ActivityClass {
  const { windowDays, highFrom, mediumFrom } = document.activity
  const days = countActiveDays(activeDays, { through: calendar.dateOf(at), windowDays, calendar })
  if (days >= highFrom) return 'high'
  return days >= mediumFrom ? 'medium' : 'low'
}

type ActivityTerms = Pick<PolicyInForce['document'], 'activity'>
