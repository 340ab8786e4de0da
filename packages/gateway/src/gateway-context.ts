import type { LedgerContext } from '@pointwell/ledger/graphql'
import type { Language, RequestContext, Viewer } from '@pointwell/plugin'
import type { WalletFeed } from './feed/wallet-feed.js'
import type { Client } from './rate/client-of.js'

/** What the gateway itself knows of a request. */
export interface RequestFacts {
  /** On every log line and in the answer's `x-request-id`. */
  readonly requestId: string
  readonly viewer: Viewer
  /** Whom it counts for. */
  readonly client: Client
  readonly language: Language
  /** Where it came from: the client behind trusted proxies, or whoever connected. */
  readonly address: string | null
  /** Epoch milliseconds. */
  now(): number
  actingFor(memberId: string | null | undefined): string
  readonly walletFeed: WalletFeed
}

/** The GraphQL context: the gateway's facts, and what whoever runs it adds for the resolvers. */
export interface GatewayContext extends RequestFacts, RequestContext, LedgerContext {
  /** The ledger's number of a member's wallet; undefined when there is no such member. */
  findWalletOf(memberId: string): Promise<number | undefined>
}

/**
 * Makes the context of one operation: called once for each request, and for each operation on a
 * socket, with what is known of who asks. Reads may be shared between contexts; rights are not.
 */
export type OpenContext = (facts: RequestFacts) => GatewayContext
