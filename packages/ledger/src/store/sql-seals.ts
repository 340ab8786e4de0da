import { FIRST_ROOT } from '../chain/seal-root.js'
import { readWhole } from '../database/columns.js'
import type { SqlConnection } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import type { Seal, SealedHead } from './ledger-store.js'
import { readSeal, readSealedHead } from './rows.js'

/** Wallets that one statement looks at. */
const PAGE = 2_000
/** A seal is written when there are so many heads for it, which are less than two pages then: that
 * takes some hundredths of a second, in which nobody else can write to SQLite. */
export const HEADS_OF_A_SEAL = 2_000

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

/** One page of all wallets: those of its heads that no seal has yet, and where to go on; `null` at
 * the end. */
export interface HeadPage {
  readonly heads: readonly SealedHead[]
  readonly next: number | null
}

/**
 * The wallets behind `after`, ascending. A page of all wallets, not of the moved ones: where few
 * moved, a page of those would walk over all the others in one statement.
 */
export async function findUnsealedHeads(sql: SqlConnection, after: number): Promise<HeadPage> {
  const page = await sql.select(
    `SELECT w.id AS wallet_id, w.version, w.head, h.seal_id FROM ledger_wallet w
     LEFT JOIN ledger_seal_head h ON h.wallet_id = w.id AND h.version = w.version
     WHERE w.id > ? ORDER BY w.id LIMIT ${PAGE}`,
    [after],
  )
  const heads = page
    .filter((row) => row.seal_id === null && row.version !== 0)
    .map((row) => readSealedHead(row))
  return { heads, next: page.length < PAGE ? null : readWhole(page.at(-1)!.wallet_id) }
}

/**
 * Writes the next seal inside one transaction; undefined when others have sealed all of these heads
 * since they were looked for. A seal's number is one more than that of the seal it follows: of two
 * servers that seal at once the second meets a duplicate key, and finds less to seal when it runs
 * again. A head that has moved on meanwhile is sealed as it was: history has it.
 */
export async function writeSeal(
  sql: SqlConnection,
  at: number,
  found: readonly SealedHead[],
  rootOf: (previousRoot: string, heads: readonly SealedHead[]) => string,
): Promise<Seal | undefined> {
  const [last] = await sql.select(
    'SELECT id, sealed_at, root, previous_root FROM ledger_seal ORDER BY id DESC LIMIT 1',
  )
  const previous = last ? readSeal(last) : undefined
  const heads = await withoutSealed(sql, found)
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

async function withoutSealed(
  sql: SqlConnection,
  heads: readonly SealedHead[],
): Promise<readonly SealedHead[]> {
  const rows = await sql.select(
    'SELECT wallet_id, MAX(version) AS version FROM ledger_seal_head WHERE wallet_id IN (?) GROUP BY wallet_id',
    [heads.map(({ wallet }) => wallet)],
  )
  const sealed = new Map(rows.map((row) => [readWhole(row.wallet_id), readWhole(row.version)]))
  return heads.filter(({ wallet, version }) => version > (sealed.get(wallet) ?? 0))
}
