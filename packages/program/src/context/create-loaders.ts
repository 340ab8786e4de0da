import {
  groupFirstRows,
  groupReads,
  type LedgerBooks,
  type LedgerTransaction,
  transactionId,
} from '@pointwell/ledger'
import type { Identity, Member } from '../member/member-rows.js'
import type { Members } from '../member/open-members.js'
import type { Message } from '../message/message-rows.js'
import type { Messages } from '../message/open-messages.js'
import type { Offer } from '../offer/offer-terms.js'
import type { Offers } from '../offer/open-offers.js'
import type { Redemptions } from '../redemption/open-redemptions.js'
import type { Redemption } from '../redemption/redemption-record.js'
import type { Surveys } from '../survey/open-surveys.js'
import type { SurveyAnswer } from '../survey/survey-rows.js'
import type { ListedTransfer, Transfers } from '../transfer/open-transfers.js'

/** Reads of all requests, gathered: whatever many fields ask for side by side is one statement (A4).
 * Nothing is remembered, so what follows a write sees it. */
export interface Loaders {
  /** By wallet. */
  identities(wallet: number): Promise<readonly Identity[]>
  /** By wallet. */
  memberOf(wallet: number): Promise<Member | undefined>
  offer(id: string): Promise<Offer | undefined>
  /** How many were sold, by counter. */
  sold(counter: string): Promise<number>
  /** The newest `limit` of a wallet, newest first. */
  redemptions(page: { wallet: number; limit: number }): Promise<readonly Redemption[]>
  /** The newest `limit` of a wallet, newest first. */
  messages(page: { wallet: number; limit: number }): Promise<readonly Message[]>
  /** By redemption. */
  survey(redemptionId: string): Promise<SurveyAnswer | undefined>
  /** Given and received: the newest `limit` of a wallet, newest first. */
  transfers(page: { wallet: number; limit: number }): Promise<readonly ListedTransfer[]>
  transaction(place: { wallet: number; version: number }): Promise<LedgerTransaction | undefined>
}

/** Those of one server. */
export function createLoaders({
  members,
  offers,
  redemptions,
  messages,
  transfers,
  surveys,
  store,
}: {
  members: Pick<Members, 'findByWallets' | 'findIdentities'>
  offers: Pick<Offers, 'findMany'>
  redemptions: Pick<Redemptions, 'findNewest'>
  messages: Pick<Messages, 'findNewest'>
  transfers: Pick<Transfers, 'findNewest'>
  surveys: Pick<Surveys, 'findMany'>
  store: LedgerBooks
}): Loaders {
  return {
    identities: groupReads(async (wallets) => {
      const found = await members.findIdentities(wallets)
      return (wallet) => found.get(wallet) ?? []
    }),
    memberOf: groupReads(async (wallets) => {
      const found = await members.findByWallets(wallets)
      return (wallet) => found.get(wallet)
    }),
    offer: groupReads(async (ids) => {
      const found = await offers.findMany(ids)
      return (id) => found.get(id)
    }),
    sold: groupReads(async (counters) => {
      const found = await store.findCounters(counters)
      return (counter) => found.get(counter) ?? 0
    }),
    messages: groupFirstRows((wallets, limit) => messages.findNewest(wallets, limit)),
    redemptions: groupFirstRows((wallets, limit) => redemptions.findNewest(wallets, limit)),
    survey: groupReads(async (ids) => {
      const found = await surveys.findMany(ids)
      return (id) => found.get(id)
    }),
    transfers: groupFirstRows((wallets, limit) => transfers.findNewest(wallets, limit)),
    transaction: groupReads(async (places) => {
      const found = await store.findTransactionsAt(places)
      const byPlace = new Map(found.map((transaction) => [transactionId(transaction), transaction]))
      return (place) => byPlace.get(transactionId(place))
    }, transactionId),
  }
}
