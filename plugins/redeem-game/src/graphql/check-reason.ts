import { type Refusal, refuse, text } from '@pointwell/plugin'

const reasonSchema = text({ max: 500 })

/** Refuses INVALID_INPUT (`reason`) where nobody could read later why it was done. */
export function checkReason(reason: string | null | undefined): Refusal | null {
  if (reason === null || reason === undefined) return null
  const isGood = reasonSchema.safeParse(reason).success && reason.trim() !== ''
  return isGood
    ? null
    : refuse('INVALID_INPUT', { field: 'reason', detail: 'Expected 1 to 500 characters.' })
}
