import type { SqlConnection } from '../database/sql-connection.js'
import type { Lot, Wallet } from '../wallet/wallet.js'
import { findLotsOf, findWallets } from './sql-reads.js'

/** The wallets that there are, by number, with their lots in the order of `seq`, the open ones or all: as
 * the statements of this connection see them, so in a snapshot as of its moment. */
export async function readWallets(
  connection: SqlConnection,
  ids: readonly number[],
  lots: { readonly open: boolean },
): Promise<ReadonlyMap<number, { readonly wallet: Wallet; readonly lots: readonly Lot[] }>> {
  const found = new Map<number, { wallet: Wallet; lots: Lot[] }>()
  if (ids.length === 0) return found
  for (const wallet of await findWallets(connection, ids)) {
    found.set(wallet.id, { wallet, lots: [] })
  }
  for (const { wallet, lot } of await findLotsOf(connection, ids, lots)) {
    found.get(wallet)?.lots.push(lot)
  }
  return found
}
