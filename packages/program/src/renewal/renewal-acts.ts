import type { Grant } from '@pointwell/plugin'
import type { RenewalAct } from './renew-lots.js'

/** What an event is to the tasks that renew points: nothing as long as it waits to be confirmed, so
 * that an order which is never paid for renews nothing. */
export function renewalActs(
  { id }: { readonly id: string },
  { at, pending, qualifyingMinor = 0, streak, behaviour }: Grant,
): readonly RenewalAct[] {
  return pending ? [] : [{ at, source: id, spentMinor: qualifyingMinor, streak, behaviour }]
}
