import type { Grant } from '@pointwell/plugin'
import type { RenewalAct } from './renew-lots.js'

/** What an event is to the tasks that renew points: what was spent counts once it is confirmed. */
export function renewalAct(
  { id }: { readonly id: string },
  { at, pending, qualifyingMinor = 0, renews }: Grant,
): RenewalAct {
  return { at, source: id, spentMinor: pending ? 0 : qualifyingMinor, ...renews }
}
