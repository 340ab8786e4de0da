import { type Refusal, refuse } from '@pointwell/ledger'

export const ON_HOLD =
  'These points are reserved for a redemption that is unknown here: end it there, or let the points be available.'

/** A line that says what it may not. */
export function refuseLine(field: string, detail: string): Refusal {
  return refuse('INVALID_INPUT', { field, detail })
}
