import { exact } from '@pointwell/economy'
import type { Calendar } from '@pointwell/plugin'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { PointValueChange, PointValuePolicy } from './point-value-section.js'

export interface PointValueNow {
  /** What a point is worth since the last change; a decimal, 1 before the first one. */
  readonly value: string
  /** What prices are made with: the best of that and of what still serves in a transition. */
  readonly serving: string
  /** While an earlier, better value still serves: the first instant at which it no longer does, epoch
   * milliseconds. */
  readonly transitionUntil: number | null
  /** What is announced next. */
  readonly next: PointValueChange | null
}

/** What a point is worth at an instant, epoch milliseconds (X8). */
export function pointValueAt(
  { changes, transitionDays }: Pick<PointValuePolicy, 'changes' | 'transitionDays'>,
  { at, calendar }: { at: number; calendar: Calendar },
): PointValueNow {
  const today = calendar.dateOf(at)
  const begun = changes.filter(({ from }) => from <= today)
  const value = begun.at(-1)?.value ?? '1'
  let best: { readonly value: string; readonly until: string | null } = { value, until: null }
  for (const [place, { from }] of begun.entries()) {
    // What a change put an end to goes on serving for a while, if it is better.
    const before = begun[place - 1]?.value ?? '1'
    const until = calendar.addDays(from, transitionDays)
    if (today < until && exact(before).gt(exact(best.value))) best = { value: before, until }
  }
  return {
    value,
    serving: best.value,
    transitionUntil: best.until === null ? null : calendar.startOf(best.until),
    next: changes[begun.length] ?? null,
  }
}

/** What prices are made with at an instant, epoch milliseconds. */
export function servingPointValue(
  { document, calendar }: Pick<PolicyInForce, 'document' | 'calendar'>,
  at: number,
): string {
  return pointValueAt(document.pointValue, { at, calendar }).serving
}
