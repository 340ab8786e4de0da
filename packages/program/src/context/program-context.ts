import type { Wallet } from '@pointwell/ledger'
import { type LedgerContext, openLedgerReads } from '@pointwell/ledger/graphql'
import type { Language, RequestContext } from '@pointwell/plugin'
import type { Program } from '../open-program.js'
import { createLoaders, type Loaders } from './loaders.js'

/** The GraphQL context of the programme's resolvers. */
export interface ProgramContext extends RequestContext, LedgerContext {
  readonly program: Program
  readonly loaders: Loaders
}

/** What the programme adds to the gateway's facts of one request. */
export interface ProgramFacts
  extends Omit<ProgramContext, 'viewer' | 'language' | 'now' | 'actingFor'> {
  /** The number of a member's wallet; undefined when there is no such member. */
  findWalletOf(memberId: string): Promise<number | undefined>
}

/** Made anew for each request, so that nothing read for one is shown in another. */
export function openProgramFacts(
  program: Program,
  { language, now }: { language: Language; now: () => number },
): ProgramFacts {
  const { store, settle } = program.ledger
  return {
    program,
    loaders: createLoaders(program),
    ledgerReads: openLedgerReads({
      source: {
        findWallets: (ids) => store.findWallets(ids),
        findLots: (wallets, options) => store.findLots(wallets, options),
        findTransactions: (wallet, page) => store.findTransactions(wallet, page),
        findNewestTransactions: (wallets, limit) => store.findNewestTransactions(wallets, limit),
        settle,
      },
      now,
    }),
    titleOf: (word) => program.titleOf(word, language),
    findWalletOf: async (memberId) => (await program.members.find(memberId))?.wallet,
  }
}

/** A member's wallet with what is due done. One that a server died before opening is opened. */
export async function loadWallet(context: ProgramContext, id: number): Promise<Wallet> {
  const wallet = await context.ledgerReads.findWallet(id)
  if (wallet) return wallet
  await context.program.ledger.openWallets([id])
  const opened = await context.ledgerReads.findWallet(id)
  if (!opened) throw new Error(`The wallet ${id} could not be opened.`)
  return opened
}
