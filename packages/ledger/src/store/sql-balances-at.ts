import { readWhole } from '../database/columns.js'
import type { SqlConnection, SqlParameter } from '../database/sql-connection.js'
import { DUE } from '../ledger/assert-key.js'
import type { TransactionBody } from '../posting/transaction-body.js'
import { unpackBalance } from '../wallet/pack.js'
import type { Balance } from '../wallet/wallet.js'
import type { WalletMoment } from './ledger-store.js'
import { selectEach } from './select-each.js'
import { findWallets } from './sql-reads.js'

/** Versions of a history that one round looks at: each round leaves a 17th of it. */
const PIVOTS = 16
/** Most moments that one statement is about. */
const MOMENTS = 200

/** Where in a history a moment lies: recorded at or before it up to `low`, behind it from `high` on. */
interface Search extends WalletMoment {
  readonly place: number
  /** The newest version when the search began: what comes later is behind the moment too. */
  readonly last: number
  low: number
  high: number
}

/**
 * Balances at moments, in the order of the moments; undefined where there is no such wallet. One
 * statement for the wallets, one a round of the search (5 for a million versions), and one for what
 * is due behind the place found; of none of them more rows than 16 a moment.
 */
export async function findBalancesAt(
  sql: SqlConnection,
  moments: readonly WalletMoment[],
): Promise<readonly (Balance | undefined)[]> {
  if (moments.length === 0) return []
  const ids = moments.map(({ wallet }) => wallet)
  const wallets = new Map((await findWallets(sql, ids)).map((wallet) => [wallet.id, wallet]))
  const searches: Search[] = []
  for (const [place, { wallet, at }] of moments.entries()) {
    const found = wallets.get(wallet)
    if (!found || found.version === 0 || found.updatedAt <= at) continue
    searches.push({ place, wallet, at, last: found.version, low: 0, high: found.version })
  }
  await narrowAll(sql, searches)
  // What no transaction takes away again is what the wallet holds now.
  const balances = ids.map((wallet) => wallets.get(wallet)?.balance)
  for (const [place, balance] of await findBalancesBehind(sql, searches)) balances[place] = balance
  return balances
}

/** A wallet's time never runs backwards as its version goes up: halves, only more of them at a time. */
async function narrowAll(sql: SqlConnection, searches: readonly Search[]): Promise<void> {
  for (let open = searches; ; ) {
    open = open.filter(({ low, high }) => high - low > 1)
    if (open.length === 0) return
    for (let start = 0; start < open.length; start += MOMENTS) {
      await narrow(sql, open.slice(start, start + MOMENTS))
    }
  }
}

async function narrow(sql: SqlConnection, searches: readonly Search[]): Promise<void> {
  const asked = searches.map((search) => ({ search, pivots: pivotsOf(search) }))
  const rows = await sql.select(
    `SELECT t.wallet_id, t.version, t.recorded_at FROM ledger_transaction t WHERE ${asked.map(() => '(t.wallet_id = ? AND t.version IN (?))').join(' OR ')}`,
    asked.flatMap(({ search, pivots }): SqlParameter[] => [search.wallet, pivots]),
  )
  const recordedAt = new Map(
    rows.map((row) => [
      `${readWhole(row.wallet_id)}-${readWhole(row.version)}`,
      readWhole(row.recorded_at),
    ]),
  )
  for (const { search, pivots } of asked) {
    for (const version of pivots) {
      const at = recordedAt.get(`${search.wallet}-${version}`)
      if (at === undefined) throw new Error(`wallet ${search.wallet} has no version ${version}`)
      if (at <= search.at) search.low = Math.max(search.low, version)
      else search.high = Math.min(search.high, version)
    }
  }
}

/** Versions between `low` and `high`, evenly spread; all of them where they are few. */
function pivotsOf({ low, high }: Search): number[] {
  const between = high - low - 1
  const count = Math.min(PIVOTS, between)
  return Array.from(
    { length: count },
    (_, n) => low + Math.ceil(((n + 1) * between) / (count + 1)),
  ).filter((version, n, all) => version !== all[n - 1])
}

/** What was there before the first transaction behind each moment that does not belong to it: what was
 * due by then and was written later does. Absent where all do. */
async function findBalancesBehind(
  sql: SqlConnection,
  searches: readonly Search[],
): Promise<ReadonlyMap<number, Balance>> {
  // Along the index: it stops at the first one.
  const ofOne = `SELECT ? AS place, t.body FROM ledger_transaction t WHERE t.wallet_id = ? AND t.version > ? AND t.version <= ? AND (t.effective_at > ? OR SUBSTR(t.idem_key, 1, ${DUE.length}) <> '${DUE}') ORDER BY t.version LIMIT 1`
  const balances = new Map<number, Balance>()
  for (let start = 0; start < searches.length; start += MOMENTS) {
    const some = searches.slice(start, start + MOMENTS)
    const rows = await sql.select(
      selectEach(sql, ofOne, some.length),
      some.flatMap(({ place, wallet, low, last, at }) => [place, wallet, low, last, at]),
    )
    for (const row of rows) {
      const body = JSON.parse(row.body as string) as TransactionBody
      balances.set(readWhole(row.place), unpackBalance(body.before))
    }
  }
  return balances
}
