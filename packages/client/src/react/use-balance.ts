import { useSyncExternalStore } from 'react'
import { balanceStoreOf, type LiveBalance, UNKNOWN } from './balance-store.js'
import { usePointwell } from './pointwell-provider.js'

/** A wallet as it moves: the member's own, or for a storefront that of `memberId`. On a server: not known yet. */
export function useBalance(memberId?: string): LiveBalance {
  const store = balanceStoreOf(usePointwell(), memberId)
  return useSyncExternalStore(store.subscribe, store.snapshot, () => UNKNOWN)
}
