import { type Refusal, refuse } from '@pointwell/ledger'

const MOST = 500

/** Refuses INVALID_INPUT (`reason`) where nobody could read later why it was done. */
export function checkReason(reason: string): Refusal | null {
  const isText = reason.trim().length > 0 && reason.length <= MOST && !/\p{Cs}/u.test(reason)
  if (isText) return null
  return refuse('INVALID_INPUT', { field: 'reason', detail: `expected 1 to ${MOST} characters` })
}
