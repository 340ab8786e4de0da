import type { LedgerContext } from '@pointwell/ledger/graphql'
import type { RequestContext } from '@pointwell/plugin'
import type { Program } from '../open-program.js'
import type { Loaders } from './create-loaders.js'

/** The GraphQL context of the programme's resolvers. */
export interface ProgramContext extends RequestContext, LedgerContext {
  readonly program: Program
  readonly loaders: Loaders
  /** The ledger's number of a member's wallet; undefined when there is no such member. */
  findWalletOf(memberId: string): Promise<number | undefined>
}
