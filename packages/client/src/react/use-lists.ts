import {
  LotsOfDocument,
  type LotsOfQuery,
  type MemberLotsFragment,
  type MemberTransactionsFragment,
  MyLotsDocument,
  type MyLotsQuery,
  MyRedemptionsDocument,
  type MyRedemptionsQuery,
  MyTransactionsDocument,
  type MyTransactionsQuery,
  OffersDocument,
  type PriceFragment,
  type RedeemedFragment,
  RedemptionsOfDocument,
  type RedemptionsOfQuery,
  TransactionsOfDocument,
  type TransactionsOfQuery,
} from '../documents/documents.js'
import { memberOf, of } from './use-member.js'
import { type PagesState, usePages } from './use-pages.js'

export interface ListOptions {
  /** Whose; a member leaves it out. */
  readonly memberId?: string
  /** How many a page, 1 to 100; default 20. */
  readonly first?: number
}

/** What points buy, with the price for the member. */
export function useOffers({
  memberId,
  channel,
  first,
}: ListOptions & {
  /** Of one channel alone: `coupon`. */
  readonly channel?: string
} = {}): PagesState<PriceFragment> {
  return usePages(OffersDocument, { memberId, channel, first }, ({ offers }) => offers)
}

/** The history of a wallet, the newest first. */
export function useTransactions({
  memberId,
  first,
}: ListOptions = {}): PagesState<
  MemberTransactionsFragment['wallet']['transactions']['nodes'][number]
> {
  return usePages<MyTransactionsQuery | TransactionsOfQuery, object, never>(
    of(memberId, MyTransactionsDocument, TransactionsOfDocument),
    { memberId, first },
    (answer) => memberOf(answer)?.wallet.transactions as never,
  )
}

/** The lots with points left, the newest first: what runs out when. */
export function useLots({
  memberId,
  first,
}: ListOptions = {}): PagesState<MemberLotsFragment['wallet']['lots']['nodes'][number]> {
  return usePages<MyLotsQuery | LotsOfQuery, object, never>(
    of(memberId, MyLotsDocument, LotsOfDocument),
    { memberId, first },
    (answer) => memberOf(answer)?.wallet.lots as never,
  )
}

/** What was redeemed, the newest first. */
export function useRedemptions({
  memberId,
  first,
}: ListOptions = {}): PagesState<RedeemedFragment> {
  return usePages<MyRedemptionsQuery | RedemptionsOfQuery, object, RedeemedFragment>(
    of(memberId, MyRedemptionsDocument, RedemptionsOfDocument),
    { memberId, first },
    (answer) => memberOf(answer)?.redemptions,
  )
}
