import type { Refusal } from '@pointwell/ledger'
import { refuse } from './refuse.js'

const MOST = 500

/** Refuses INVALID_INPUT (`reason`) where there is a reason of an operator's act and nobody could read later
 * why it was done. */
export function checkReason(reason: string | null | undefined): Refusal | null {
  if (reason === null || reason === undefined) return null
  const isText = reason.trim().length > 0 && reason.length <= MOST && !/\p{Cs}/u.test(reason)
  if (isText) return null
  return refuse('INVALID_INPUT', { field: 'reason', detail: `Expected 1 to ${MOST} characters.` })
}
