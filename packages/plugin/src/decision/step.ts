import type { Step } from '@pointwell/ledger'

type Figures = NonNullable<Step['figures']>

/**
 * One step of an explanation (L9). `points`: points after it less points before it, whole or an
 * exact decimal string; all steps together sum to what is granted. `figures` are what a sentence
 * about the step needs (a rate, an amount with its currency).
 */
export function step(name: string, points: number | string, figures?: Figures): Step {
  return figures === undefined ? { step: name, points } : { step: name, points, figures }
}
