import type { EarnedRecord } from '@pointwell/plugin'

/** Whether an act is confirmed and not given back as a whole, as far as its record says. One that caps cut
 * to nothing says no more than that some of it came back: that is taken for all. */
export function stands(act: EarnedRecord | null | undefined): boolean {
  if (act?.status !== 'confirmed') return false
  return act.granted === 0 ? act.returns.length === 0 : act.standing > 0
}
