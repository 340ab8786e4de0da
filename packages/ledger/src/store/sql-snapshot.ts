import { readWhole } from '../database/columns.js'
import type { SqlConnection } from '../database/sql-connection.js'
import type { LedgerTransaction } from '../posting/posting.js'
import type { Wallet } from '../wallet/wallet.js'
import { ascending } from './database-order.js'
import type { Seal, SealedHead, StoreSnapshot } from './ledger-store.js'
import { type LotOfWallet, readSeal, readSealedHead, readWallet } from './rows.js'
import { findHistories } from './sql-history.js'
import { findLotsOf, selectInLists, WALLET } from './sql-reads.js'
import { findTotalsAt } from './sql-totals.js'

/** Reads on a connection whose every statement sees the same moment. */
export class SqlSnapshot implements StoreSnapshot {
  constructor(private readonly sql: SqlConnection) {}

  async wallets(afterId: number, limit: number): Promise<readonly Wallet[]> {
    const rows = await this.sql.select(
      `SELECT ${WALLET} FROM ledger_wallet WHERE id > ? ORDER BY id LIMIT ?`,
      [afterId, limit],
    )
    return rows.map(readWallet)
  }

  lotsOf(wallets: readonly number[]): Promise<readonly LotOfWallet[]> {
    return findLotsOf(this.sql, wallets, { open: false })
  }

  transactionsOf(wallets: readonly number[]): Promise<readonly LedgerTransaction[]> {
    return findHistories(this.sql, wallets)
  }

  async figureTotals(): Promise<ReadonlyMap<string, bigint>> {
    // As text: a sum may be larger than what a driver makes of a number.
    const type = this.sql.dialect === 'sqlite' ? 'TEXT' : 'CHAR'
    const rows = await this.sql.select(
      `SELECT account, CAST(SUM(amount) AS ${type}) AS total FROM ledger_figure GROUP BY account`,
    )
    return new Map(rows.map((row) => [row.account as string, BigInt(row.total as string)]))
  }

  totalsAt(at: number): Promise<ReadonlyMap<string, bigint>> {
    return findTotalsAt(this.sql, at)
  }

  async seals(): Promise<readonly Seal[]> {
    const rows = await this.sql.select(
      'SELECT id, sealed_at, root, previous_root FROM ledger_seal ORDER BY id',
    )
    return rows.map(readSeal)
  }

  async sealedHeads(seal: number): Promise<readonly SealedHead[]> {
    const rows = await this.sql.select(
      'SELECT wallet_id, version, head FROM ledger_seal_head WHERE seal_id = ? ORDER BY wallet_id',
      [seal],
    )
    return rows.map(readSealedHead)
  }

  async sealedHeadsOf(
    wallets: readonly number[],
  ): Promise<readonly (SealedHead & { readonly seal: number })[]> {
    const rows = await selectInLists(ascending(wallets), (list) =>
      this.sql.select(
        'SELECT seal_id, wallet_id, version, head FROM ledger_seal_head WHERE wallet_id IN (?) ORDER BY wallet_id, version',
        [list],
      ),
    )
    return rows.map((row) => ({ ...readSealedHead(row), seal: readWhole(row.seal_id) }))
  }
}
