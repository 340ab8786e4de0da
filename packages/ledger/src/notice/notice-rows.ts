import type { LedgerTransaction } from '../posting/posting.js'
import type { NoticeRow, NoticesOf } from './notice.js'

/** What is written of the notices of a transaction. */
export function noticeRows(transaction: LedgerTransaction, noticesOf: NoticesOf): NoticeRow[] {
  const { wallet, version, recordedAt } = transaction
  return noticesOf(transaction).map(({ topic, body, dueAt = recordedAt }) => ({
    topic,
    wallet,
    version,
    recordedAt,
    dueAt,
    body,
  }))
}
