import type { SqlConnection } from '../database/sql-connection.js'
import type { LotPage } from './ledger-store.js'
import { LOT_COLUMNS, type LotOfWallet, readLot } from './rows.js'
import { selectEach } from './select-each.js'

const LOT = LOT_COLUMNS.join(', ')
/** Most pages of one statement: each is a `SELECT` of its own. */
const BRANCHES = 200

/** So many lots of each wallet, the newest first, in the order of the pages. */
export async function findLotPages(
  sql: SqlConnection,
  pages: readonly LotPage[],
  { open, limit }: { readonly open: boolean; readonly limit: number },
): Promise<readonly LotOfWallet[]> {
  const lots: LotOfWallet[] = []
  // Along the index of each wallet; a window function would number all of its lots first.
  const which = open ? 'wallet_id = ? AND is_open = 1 AND seq < ?' : 'wallet_id = ? AND seq < ?'
  const ofOne = `SELECT ${LOT} FROM ledger_lot WHERE ${which} ORDER BY seq DESC LIMIT ?`
  for (let start = 0; start < pages.length; start += BRANCHES) {
    const some = pages.slice(start, start + BRANCHES)
    const rows = await sql.select(
      selectEach(sql, ofOne, some.length),
      some.flatMap(({ wallet, before }) => [wallet, before ?? Number.MAX_SAFE_INTEGER, limit]),
    )
    for (const row of rows) lots.push(readLot(row))
  }
  const place = new Map(pages.map(({ wallet }, index) => [wallet, index]))
  return lots.sort((a, b) => place.get(a.wallet)! - place.get(b.wallet)! || b.lot.seq - a.lot.seq)
}
