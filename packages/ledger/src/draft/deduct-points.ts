import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { checkAmount } from './check-amount.js'
import type { Draft } from './draft.js'
import { takeAvailable } from './take-available.js'

/**
 * Available points are taken for good, soonest-expiring first; `reason` is a stable word, and figures
 * count them under `voided:REASON`. Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE, INSUFFICIENT_POINTS.
 */
export function deductPoints(
  draft: Draft,
  { points, reason }: { points: number; reason: string },
): number | Refusal<LedgerRefusalCode> {
  const fault = checkAmount(points)
  if (fault) return fault
  const { available } = draft.balance
  if (available < points) return refuse('INSUFFICIENT_POINTS', { available, needed: points })
  takeAvailable(draft, { points, to: `voided:${reason}` })
  return points
}
