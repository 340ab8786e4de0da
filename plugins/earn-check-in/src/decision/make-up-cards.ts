import type { CheckInMemory } from '../memory/check-in-memory.js'
import type { CheckInSettings } from '../settings/check-in-settings.js'

/** Cards that a member has used in a month (`YYYY-MM`). */
export function cardsUsed({ cards }: CheckInMemory, month: string): number {
  return cards?.month === month ? cards.used : 0
}

/** Cards that a member still has in a month. */
export function cardsLeft(
  memory: CheckInMemory,
  month: string,
  { makeUp }: Pick<CheckInSettings, 'makeUp'>,
): number {
  return makeUp.enabled ? Math.max(0, makeUp.cardsPerMonth - cardsUsed(memory, month)) : 0
}
