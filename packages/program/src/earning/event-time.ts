import { type Refusal, refuse } from '@pointwell/ledger'
import type { PolicyInForce } from '../policy/policy-in-force.js'

const MINUTE_MS = 60_000

/** When an event happened: its `at`, if it has one, else now. Epoch milliseconds. */
export function eventTime(event: unknown, now: number): number {
  const at = (event as { at?: unknown } | null)?.at
  return typeof at === 'number' && Number.isSafeInteger(at) ? at : now
}

/** Refuses EVENT_TOO_OLD (`when`: the oldest that would do) and EVENT_IN_FUTURE (`when`: from when
 * on it would do). */
export function checkEventTime(
  at: number,
  { now, policy }: { now: number; policy: PolicyInForce },
): Refusal<'EVENT_TOO_OLD' | 'EVENT_IN_FUTURE'> | null {
  const { calendar, document } = policy
  const { maxAgeDays, maxFutureMinutes } = document.events
  const oldest = calendar.startOf(calendar.addDays(calendar.dateOf(now), -maxAgeDays))
  if (at < oldest) return refuse('EVENT_TOO_OLD', { field: 'at', when: oldest })
  const aheadMs = maxFutureMinutes * MINUTE_MS
  if (at > now + aheadMs) return refuse('EVENT_IN_FUTURE', { field: 'at', when: at - aheadMs })
  return null
}

/** Refuses EVENT_TOO_OLD (`when`) for what happened before the member was brought here: there it was
 * counted, and here nobody would know it again. */
export function checkNotCounted(
  at: number,
  { countedUntil }: { readonly countedUntil: number | null },
): Refusal<'EVENT_TOO_OLD'> | null {
  if (countedUntil === null || at > countedUntil) return null
  return refuse('EVENT_TOO_OLD', { field: 'at', when: countedUntil + 1 })
}
