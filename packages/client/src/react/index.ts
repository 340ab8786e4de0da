'use client'

export type { LiveBalance } from './balance-store.js'
export { PointwellProvider, usePointwell } from './pointwell-provider.js'
export { type Action, type DoneOf, type Outcome, useAction } from './use-action.js'
export { useBalance } from './use-balance.js'
export {
  type ListOptions,
  useLots,
  useOffers,
  useRedemptions,
  useTransactions,
} from './use-lists.js'
export { useMembership, useTasks, useWallet } from './use-member.js'
export { type Connection, type PagesState, usePages } from './use-pages.js'
export { type QueryState, useQuery } from './use-query.js'
export { useQuote } from './use-quote.js'
export { type Redeeming, useRedeem } from './use-redeem.js'
