import { joinWave, type Wallet } from '@pointwell/ledger'
import type { ProgramContext } from './program-context.js'

/** A member's wallet with what is due done. One that a server died before opening is opened. */
export async function loadWallet(
  { ledgerReads, program }: Pick<ProgramContext, 'ledgerReads' | 'program'>,
  id: number,
): Promise<Wallet> {
  const wallet = await ledgerReads.findWallet(id)
  if (wallet) return wallet
  await joinWave(() => program.ledger.openWallets([id]))
  const opened = await ledgerReads.findWallet(id)
  if (!opened) throw new Error(`The wallet ${id} could not be opened.`)
  return opened
}
