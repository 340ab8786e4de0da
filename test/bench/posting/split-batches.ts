import type { Row, TableName } from './plain-entities.js'
import type { WrittenBatch } from './record-writes.js'

/** All rows of one posting, by column. */
export interface PostingRows {
  readonly transaction: Row
  readonly lot: Row
  readonly record: Row
  readonly entries: readonly Row[]
}

/** Of postings that each granted one lot for one order: whose rows are whose. */
export function splitBatches(batches: readonly WrittenBatch[]): PostingRows[] {
  return batches.flatMap((batch) => {
    const lots = keyed(batch, 'ledger_lot', ({ ref }) => String(ref))
    const records = keyed(batch, 'ledger_record', ({ ref }) => String(ref))
    const entries = rowsOf(batch, 'ledger_entry')
    return rowsOf(batch, 'ledger_transaction').map((transaction, place) => {
      const ref = String(transaction.idem_key).slice('earn:purchase:'.length)
      return {
        transaction,
        lot: lots.get(ref)!,
        record: records.get(ref)!,
        entries: entries.slice(place * 2, place * 2 + 2),
      }
    })
  })
}

function rowsOf(batch: WrittenBatch, table: TableName): Row[] {
  const written = batch.find((one) => one.table === table)
  if (!written) return []
  return written.rows.map((values) =>
    Object.fromEntries(written.columns.map((name, place) => [name, values[place]!])),
  )
}

function keyed(batch: WrittenBatch, table: TableName, key: (row: Row) => string): Map<string, Row> {
  return new Map(rowsOf(batch, table).map((row) => [key(row), row]))
}
