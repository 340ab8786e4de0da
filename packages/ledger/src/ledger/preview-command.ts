import type { Command, LabelsOf, LedgerTransaction, Posted } from '../posting/posting.js'
import type { Refusal } from '../refusal/refusal.js'
import { emptyWallet } from '../store/empty-wallet.js'
import type { LedgerBooks, StoreSession } from '../store/ledger-store.js'
import { assertKey } from './assert-key.js'
import { type Request, runBatch } from './run-batch.js'
import { withMissing } from './with-missing.js'

/**
 * What a command would come to if it were posted now: the very same batch as `post` makes of it, what is
 * due included, over books that are read and not locked, and without the write. So it holds up nobody,
 * and somebody else's posting may make it another a moment later. A wallet that was never opened counts
 * as an empty one.
 */
export async function previewCommand(
  books: LedgerBooks,
  command: Command,
  {
    now,
    decideMs,
    labelsOf,
  }: { readonly now: number; readonly decideMs: number; readonly labelsOf: LabelsOf },
): Promise<Posted | Refusal> {
  assertKey(command.key)
  const session = readingSession(books, now)
  let request: Request = { command }
  for (;;) {
    const { answers } = await runBatch(session, [request], { now, decideMs, labelsOf })
    const [answer] = answers
    if (!answer || 'settled' in answer) throw new Error('a command was answered as something else')
    if ('posted' in answer) return answer.posted
    if ('refusal' in answer) return answer.refusal
    const richer = withMissing(request, answer.missing)
    if (!richer) throw answer.fault
    request = richer
  }
}

/** A session that locks nothing and keeps nothing. */
function readingSession(books: LedgerBooks, now: number): StoreSession {
  return {
    async lockWallets(ids) {
      const found = new Map((await books.findWallets(ids)).map((wallet) => [wallet.id, wallet]))
      return ids.map((id) => found.get(id) ?? emptyWallet(id, now))
    },
    async findTransactionsByKey(keys) {
      const found = await Promise.all(keys.map((key) => books.findTransactionByKey(key)))
      return found.filter((transaction): transaction is LedgerTransaction => !!transaction)
    },
    findRecords: (ids) => books.findRecords(ids),
    findRecordsOf() {
      throw new Error('only a merge asks for all records, and it is not previewed')
    },
    async findLots(selection) {
      const wallets = selection.map(({ wallet }) => wallet)
      // Named lots may be exhausted; whoever picks among open ones leaves those alone.
      const open = selection.every(({ seqs }) => seqs.length === 0)
      return books.findLots(wallets, { open })
    },
    lockCounters: (ids) => books.findCounters(ids),
    async write() {},
  }
}
