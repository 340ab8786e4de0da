import { findDifference } from '../posting/json.js'
import type { LedgerTransaction } from '../posting/posting.js'
import { toldDigest, UNVOUCHED } from './hash-transaction.js'

/** What of a transaction can be told in other words. */
export type Telling = Pick<
  LedgerTransaction,
  'key' | 'reason' | 'content' | 'explanation' | 'result'
>

/**
 * The transaction in other words, under the hash that it has: the digest of the first words stays with it,
 * and what made that one impossible to guess is gone. Undefined: the words are the same.
 */
export function retell(
  tx: LedgerTransaction,
  { tell, ref }: { tell: (tx: LedgerTransaction) => Telling; ref: (text: string) => string },
): LedgerTransaction | undefined {
  const { key, reason, content, explanation, result } = tell(tx)
  const termed = tx.termed.map((lot) => ({ ...lot, ref: lot.ref === null ? null : ref(lot.ref) }))
  const words = { key, reason, content, explanation, result, termed }
  if (isSame(tx, words)) return undefined
  const { salt: _, ...rest } = tx
  return { ...rest, ...words, erased: tx.erased ?? digestOf(tx) }
}

function digestOf(tx: LedgerTransaction): string {
  return tx.salt === undefined ? UNVOUCHED : toldDigest(tx)
}

function isSame(tx: LedgerTransaction, words: Telling & Pick<LedgerTransaction, 'termed'>) {
  const told = ({ key, reason, content, explanation, result, termed }: typeof words) => [
    key,
    reason,
    content,
    explanation as never,
    result,
    termed.map(({ ref }) => ref),
  ]
  return findDifference(told(tx) as never, told(words) as never) === undefined
}
