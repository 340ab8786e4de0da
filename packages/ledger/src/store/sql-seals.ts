import { FIRST_ROOT } from '../chain/seal-root.js'
import type { SqlConnection, SqlRow } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import type { Seal, SealedHead } from './ledger-store.js'
import { readSeal, readSealedHead } from './rows.js'

/** Wallets that one statement looks at. */
const PAGE = 5_000

const SEALS: InsertStatement = {
  table: 'ledger_seal',
  columns: ['id', 'sealed_at', 'root', 'previous_root'],
  onConflict: 'fail',
  key: ['id'],
}
const HEADS: InsertStatement = {
  table: 'ledger_seal_head',
  columns: ['seal_id', 'wallet_id', 'version', 'head'],
  onConflict: 'fail',
  key: ['seal_id', 'wallet_id'],
}

/**
 * Writes the next seal inside one transaction. A seal's number is one more than that of the seal it
 * follows: of two servers that seal at once the second meets a duplicate key, and finds less to seal
 * when it runs again.
 */
export async function writeSeal(
  sql: SqlConnection,
  at: number,
  rootOf: (previousRoot: string, heads: readonly SealedHead[]) => string,
): Promise<Seal | undefined> {
  const [last] = await sql.select(
    'SELECT id, sealed_at, root, previous_root FROM ledger_seal ORDER BY id DESC LIMIT 1',
  )
  const previous = last ? readSeal(last) : undefined
  const heads = await findUnsealedHeads(sql)
  if (heads.length === 0) return undefined
  const previousRoot = previous?.root ?? FIRST_ROOT
  const seal: Seal = {
    id: (previous?.id ?? 0) + 1,
    sealedAt: at,
    root: rootOf(previousRoot, heads),
    previousRoot,
  }
  await sql.insert(SEALS, [[seal.id, seal.sealedAt, seal.root, seal.previousRoot]])
  await sql.insert(
    HEADS,
    heads.map(({ wallet, version, head }) => [seal.id, wallet, version, head]),
  )
  return seal
}

/** Heads that no seal has yet, ascending by wallet. */
async function findUnsealedHeads(sql: SqlConnection): Promise<readonly SealedHead[]> {
  const heads: SealedHead[] = []
  let after = 0
  for (;;) {
    // A page of all wallets, not of the moved ones: where few moved, a page of those would walk
    // over all the others in one statement.
    const page: readonly SqlRow[] = await sql.select(
      `SELECT w.id AS wallet_id, w.version, w.head, h.seal_id FROM ledger_wallet w
       LEFT JOIN ledger_seal_head h ON h.wallet_id = w.id AND h.version = w.version
       WHERE w.id > ? ORDER BY w.id LIMIT ${PAGE}`,
      [after],
    )
    for (const row of page) {
      if (row.seal_id === null && row.version !== 0) heads.push(readSealedHead(row))
    }
    if (page.length < PAGE) return heads
    after = page.at(-1)!.wallet_id as number
    await new Promise((resolve) => setImmediate(resolve))
  }
}
