import type { RequestContext } from '@pointwell/plugin'
import type { Program } from '../open-program.js'
import type { ProgramContext } from './program-context.js'

/** The GraphQL context of one request: what the gateway knows of it, and what the resolvers of the
 * programme and of its plugins read with. */
export function openProgramContext<Facts extends Omit<RequestContext, 'program'>>(
  program: Program,
  facts: Facts,
): Facts & ProgramContext {
  const { loaders, ledgerReads } = program
  return {
    ...facts,
    now: () => facts.now(),
    program,
    loaders,
    ledgerReads,
    titleOf: (word) => program.titleOf(word, facts.language),
    findWalletOf: async (memberId) => (await program.members.find(memberId))?.wallet,
  }
}
