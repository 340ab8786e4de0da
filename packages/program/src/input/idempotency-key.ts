import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '@pointwell/ledger'

const MAX_KEY = 100

/** Refuses INVALID_INPUT where a key that a client chose is not 1 to 100 characters of whole text. */
export function checkIdempotencyKey(key: string | null | undefined): Refusal | null {
  const length = key?.length ?? 0
  // Half of a pair would be hashed as every other half is.
  if (key && length <= MAX_KEY && !/\p{Cs}/u.test(key)) return null
  const detail = `expected 1 to ${MAX_KEY} characters`
  return refuse('INVALID_INPUT', { field: 'idempotencyKey', detail })
}

/** A key as the ledger gets it: the member's own, and any text. Stored as a hash, because databases
 * differ in what texts they take for the same. */
export function memberKey(
  act:
    | 'redeem'
    | 'claim'
    | 'adjust'
    | 'extend'
    | 'freeze'
    | 'membership'
    | 'transfer'
    | 'tier'
    | 'accelerate',
  { wallet }: { readonly wallet: number },
  key: string,
): string {
  return `${act}:${wallet}:${createHash('sha256').update(key).digest('base64url')}`
}
