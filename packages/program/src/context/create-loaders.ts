import { type LedgerTransaction, transactionId } from '@pointwell/ledger'
import DataLoader from 'dataloader'
import type { Identity } from '../member/member-rows.js'
import type { Offer } from '../offer/offer-terms.js'
import type { Program } from '../open-program.js'
import type { Redemption } from '../redemption/redemption-record.js'

/** Reads of one request, gathered: whatever many fields ask for side by side is one statement (A4). */
export interface Loaders {
  /** By wallet. */
  readonly identities: DataLoader<number, readonly Identity[]>
  readonly offer: DataLoader<string, Offer | undefined>
  /** How many were sold, by counter. */
  readonly sold: DataLoader<string, number>
  /** The newest `limit` of a wallet, newest first. */
  readonly redemptions: DataLoader<{ wallet: number; limit: number }, readonly Redemption[]>
  readonly transaction: DataLoader<
    { wallet: number; version: number },
    LedgerTransaction | undefined
  >
}

export function createLoaders({
  members,
  offers,
  redemptions,
  ledger: { store },
}: Program): Loaders {
  return {
    identities: loader(async (wallets) => {
      const found = await members.findIdentities(wallets)
      return (wallet) => found.get(wallet) ?? []
    }),
    offer: loader(async (ids) => {
      const found = await offers.findMany(ids)
      return (id) => found.get(id)
    }),
    sold: loader(async (counters) => {
      const found = await store.findCounters([...new Set(counters)])
      return (counter) => found.get(counter) ?? 0
    }),
    redemptions: loader(async (pages) => {
      const limit = Math.max(...pages.map((page) => page.limit))
      const wallets = [...new Set(pages.map((page) => page.wallet))]
      const byWallet = new Map<number, Redemption[]>(wallets.map((wallet) => [wallet, []]))
      for (const redemption of await redemptions.findNewest(wallets, limit)) {
        byWallet.get(redemption.wallet)?.push(redemption)
      }
      return (page) => (byWallet.get(page.wallet) ?? []).slice(0, page.limit)
    }),
    transaction: loader(async (places) => {
      const distinct = new Map(places.map((place) => [transactionId(place), place]))
      const found = await store.findTransactionsAt([...distinct.values()])
      const byPlace = new Map(found.map((transaction) => [transactionId(transaction), transaction]))
      return (place) => byPlace.get(transactionId(place))
    }),
  }
}

/** Gathers what is asked for in one turn. Nothing is remembered, so what follows a write in the same
 * request sees it. */
function loader<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
): DataLoader<Key, Value> {
  return new DataLoader<Key, Value>(
    async (keys) => {
      const answerOf = await ask(keys)
      return keys.map(answerOf)
    },
    { cache: false, maxBatchSize: 1_000 },
  )
}
