import { hashTransaction } from '../chain/hash-transaction.js'
import { newSalt } from '../chain/new-salt.js'
import type { Command, LabelsOf, LedgerTransaction, Posting } from '../posting/posting.js'
import { sameTerms } from '../wallet/lot-terms.js'
import type { Lot, Wallet } from '../wallet/wallet.js'

/** Until its hash is known, which is over all the rest. */
type Unsealed = Omit<LedgerTransaction, 'hash'> & { hash: string }

/** The line of history that a posting becomes: numbered, linked to the one before, sealed by its
 * hash. */
export function writeTransaction(
  { wallet: before, lots: lotsBefore }: { wallet: Wallet; lots: ReadonlyMap<number, Lot> },
  posting: Posting,
  request: Pick<Command, 'key' | 'content'>,
  labelsOf?: LabelsOf,
): LedgerTransaction {
  const transaction: Unsealed = {
    id: `${before.id}-${posting.wallet.version}`,
    wallet: before.id,
    version: posting.wallet.version,
    type: posting.type,
    reason: posting.reason,
    key: request.key,
    content: request.content,
    entries: posting.entries,
    termed: posting.lots.filter((lot) => hasNewTerms(lot, lotsBefore.get(lot.seq))),
    before: before.balance,
    balance: posting.wallet.balance,
    ...(posting.wallet.lock !== before.lock && { lock: posting.wallet.lock }),
    explanation: posting.explanation,
    policyVersion: posting.policyVersion,
    labels: labelsOf
      ? { ...labelsOf(before, posting.wallet.updatedAt), ...posting.labels }
      : posting.labels,
    corrects: posting.corrects,
    recordedAt: posting.wallet.updatedAt,
    effectiveAt: posting.effectiveAt,
    result: posting.result,
    previousHash: before.head,
    salt: newSalt(),
    hash: '',
  }
  transaction.hash = hashTransaction(transaction)
  return transaction
}

function hasNewTerms(lot: Lot, before: Lot | undefined): boolean {
  return before === undefined || !sameTerms(lot, before)
}
