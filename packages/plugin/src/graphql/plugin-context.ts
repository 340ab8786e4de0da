import type { LedgerTransaction } from '@pointwell/ledger'
import { type LedgerContext, type WalletType, walletType } from '@pointwell/ledger/graphql'
import type { RequestContext } from '../contract/request-context.js'

/** The GraphQL context of a plugin's resolvers: what the programme does for them, and what the ledger's
 * own types read with. */
export type PluginContext = RequestContext & LedgerContext

/** The wallet a transaction belongs to, as it is now. */
export async function walletOf(
  context: LedgerContext,
  transaction: LedgerTransaction,
): Promise<WalletType> {
  const wallet = await context.ledgerReads.findWallet(transaction.wallet)
  if (!wallet) throw new Error(`The wallet of transaction ${transaction.id} is gone.`)
  return walletType(wallet)
}
