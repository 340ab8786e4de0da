import { openLedgerReads } from '@pointwell/ledger/graphql'
import type { RequestContext } from '@pointwell/plugin'
import type { Program } from '../open-program.js'
import { createLoaders } from './create-loaders.js'
import type { ProgramContext } from './program-context.js'

/**
 * The GraphQL context of one request: what the gateway knows of it, and what the resolvers of the
 * programme and of its plugins read with. Made anew for each request, so that nothing read for one
 * is shown in another.
 */
export function openProgramContext<Facts extends Omit<RequestContext, 'program'>>(
  program: Program,
  facts: Facts,
): Facts & ProgramContext {
  const { ledger } = program
  const { store } = ledger
  const now = () => facts.now()
  return {
    ...facts,
    now,
    program,
    loaders: createLoaders(program),
    ledgerReads: openLedgerReads({
      source: {
        findWallets: (ids) => store.findWallets(ids),
        findLots: (wallets, options) => store.findLots(wallets, options),
        findLotPages: (pages, options) => store.findLotPages(pages, options),
        findTransactions: (wallet, page) => store.findTransactions(wallet, page),
        findNewestTransactions: (wallets, limit) => store.findNewestTransactions(wallets, limit),
        settle: (wallets) => ledger.settle(wallets),
      },
      now,
    }),
    titleOf: (word) => program.titleOf(word, facts.language),
    findWalletOf: async (memberId) => (await program.members.find(memberId))?.wallet,
  }
}
