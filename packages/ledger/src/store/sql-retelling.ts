import { readWhole } from '../database/columns.js'
import type { SqlConnection } from '../database/sql-connection.js'
import type { JsonObject } from '../posting/json.js'
import type { RecordId } from '../posting/posting.js'
import { bodyText } from '../posting/transaction-body.js'
import { isSameJson, type Retelling, retold, retoldRecord } from './retelling.js'
import { readTransaction, readWallet, TRANSACTION_COLUMNS } from './rows.js'
import { findLotsOf, findRecords, WALLET } from './sql-reads.js'
import { guardTail, unguardTail } from './tail-guard.js'

/** Rows that are held in memory at a time. */
const PAGE = 500

/** Tells everything of a wallet in other words, in the transaction at hand: who looks sees all of it or
 * nothing. Answers with how many rows changed. */
export async function retellWallet(
  sql: SqlConnection,
  wallet: number,
  retelling: Retelling,
): Promise<number> {
  const lock = sql.dialect === 'mysql' ? ' FOR UPDATE' : ''
  const [row] = await sql.select(`SELECT ${WALLET} FROM ledger_wallet WHERE id = ?${lock}`, [
    wallet,
  ])
  if (!row) return 0
  const { memo } = readWallet(row)
  const other = retelling.memo(memo)
  let changed = 0
  if (!isSameJson(memo, other)) {
    changed += await sql.run('UPDATE ledger_wallet SET memo = ? WHERE id = ?', [
      JSON.stringify(other),
      wallet,
    ])
  }
  changed += await retellHistory(sql, wallet, retelling)
  changed += await retellLots(sql, wallet, retelling)
  changed += await retellRecords(sql, wallet, retelling)
  return changed + (await retellNotices(sql, wallet, retelling))
}

async function retellHistory(
  sql: SqlConnection,
  wallet: number,
  retelling: Retelling,
): Promise<number> {
  let changed = 0
  for (let after = 0; ; ) {
    const rows = await sql.select(
      `SELECT ${TRANSACTION_COLUMNS.join(', ')} FROM ledger_transaction
       WHERE wallet_id = ? AND version > ? ORDER BY version LIMIT ?`,
      [wallet, after, PAGE],
    )
    for (const row of rows) {
      // Its entries are no part of what is told.
      const told = retold(readTransaction(row, []), retelling)
      if (!told) continue
      changed += await sql.run(
        `UPDATE ledger_transaction SET idem_key = ?, reason = ?, body = ?
         WHERE wallet_id = ? AND version = ?`,
        [guardTail(told.key), told.reason, bodyText(told), wallet, told.version],
      )
    }
    if (rows.length < PAGE) return changed
    after = readWhole(rows.at(-1)!.version)
  }
}

async function retellLots(
  sql: SqlConnection,
  wallet: number,
  retelling: Retelling,
): Promise<number> {
  let changed = 0
  for (const { lot } of await findLotsOf(sql, [wallet], { open: false })) {
    const ref = lot.ref === null ? null : retelling.ref(lot.ref)
    if (ref === lot.ref) continue
    changed += await sql.run('UPDATE ledger_lot SET ref = ? WHERE wallet_id = ? AND seq = ?', [
      ref,
      wallet,
      lot.seq,
    ])
  }
  return changed
}

async function retellRecords(
  sql: SqlConnection,
  wallet: number,
  retelling: Retelling,
): Promise<number> {
  const rows = await sql.select('SELECT kind, ref FROM ledger_record WHERE wallet_id = ?', [wallet])
  const ids = rows.map(
    (row): RecordId => ({
      kind: unguardTail(row.kind as string),
      ref: unguardTail(row.ref as string),
    }),
  )
  let changed = 0
  for (let start = 0; start < ids.length; start += PAGE) {
    for (const record of await findRecords(sql, ids.slice(start, start + PAGE))) {
      const told = retoldRecord(record, retelling)
      if (!told) continue
      changed += await sql.run(
        'UPDATE ledger_record SET ref = ?, body = ?, due_at = ? WHERE kind = ? AND ref = ?',
        [
          guardTail(told.ref),
          JSON.stringify(told.body),
          told.dueAt,
          guardTail(record.kind),
          guardTail(record.ref),
        ],
      )
    }
  }
  return changed
}

async function retellNotices(
  sql: SqlConnection,
  wallet: number,
  retelling: Retelling,
): Promise<number> {
  const rows = await sql.select('SELECT seq, topic, body FROM ledger_notice WHERE wallet_id = ?', [
    wallet,
  ])
  let changed = 0
  for (const row of rows) {
    const body = JSON.parse(row.body as string) as JsonObject
    const told = retelling.notice(unguardTail(row.topic as string), body)
    if (isSameJson(body, told)) continue
    changed += told
      ? await sql.run('UPDATE ledger_notice SET body = ? WHERE seq = ?', [
          JSON.stringify(told),
          readWhole(row.seq),
        ])
      : await sql.run('DELETE FROM ledger_notice WHERE seq = ?', [readWhole(row.seq)])
  }
  return changed
}
