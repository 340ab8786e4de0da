import type { PluginStore, PoolCounts } from '@pointwell/plugin'
import { type Balance, findBalances } from './balance.js'
import { countPools } from './code-pool.js'

/** What the partners of one page hold, each kind read when it is asked for first, and then for all of
 * the page in one statement (A4). */
export interface PartnerReads {
  balances(): Promise<ReadonlyMap<string, Balance>>
  pools(): Promise<ReadonlyMap<string, (PoolCounts & { readonly offerId: string })[]>>
}

export function openPartnerReads(store: PluginStore, partnerIds: readonly string[]): PartnerReads {
  let balances: ReturnType<PartnerReads['balances']> | undefined
  let pools: ReturnType<PartnerReads['pools']> | undefined
  return {
    balances() {
      balances ??= findBalances(store, partnerIds)
      return balances
    },
    pools() {
      pools ??= countPools(store, partnerIds)
      return pools
    },
  }
}
