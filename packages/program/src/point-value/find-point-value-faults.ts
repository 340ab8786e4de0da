import type { Calendar } from '@pointwell/plugin'
import type { DocumentFault } from '../policy/read-policy.js'
import type { PointValueChange, PointValuePolicy } from './point-value-section.js'

/**
 * Faults of a document that changes what a point is worth in a way that members were not told of (X8):
 * a change has to be in the policy for `announceMonths` before its first day, one that has begun stays
 * as it is, and a transition is not cut short. What is only announced may be taken back.
 */
export function findPointValueFaults(
  after: PointValuePolicy,
  { before, now, calendar }: { before: PointValuePolicy; now: number; calendar: Calendar },
): DocumentFault[] {
  const today = calendar.dateOf(now)
  const begun = (all: readonly PointValueChange[]) => all.filter(({ from }) => from <= today)
  const faults: DocumentFault[] = []
  const earliest = calendar.addMonths(today, before.announceMonths)
  for (const [place, change] of after.changes.entries()) {
    if (before.changes.some((known) => isSame(known, change)) || change.from >= earliest) continue
    faults.push({
      path: `pointValue.changes.${place}.from`,
      message: `Members have to be told ${before.announceMonths} months ahead: expected ${earliest} or later.`,
    })
  }
  for (const change of begun(before.changes)) {
    if (after.changes.some((it) => isSame(it, change))) continue
    faults.push({
      path: 'pointValue.changes',
      message: `The change of ${change.from} has begun and stays as it is.`,
    })
  }
  const last = begun(before.changes).at(-1)
  const lasts = last && today < calendar.addDays(last.from, before.transitionDays)
  if (lasts && after.transitionDays < before.transitionDays) {
    faults.push({
      path: 'pointValue.transitionDays',
      message: `The transition of ${last.from} lasts: expected at least ${before.transitionDays}.`,
    })
  }
  return faults
}

function isSame(a: PointValueChange, b: PointValueChange): boolean {
  return a.from === b.from && a.value === b.value
}
