import DataLoader from 'dataloader'
import type { Identity, Member } from '../member/member-rows.js'
import type { Offer } from '../offer/offer-terms.js'
import type { Program } from '../open-program.js'

/** Reads of one request, gathered: whatever many fields ask for side by side is one statement (A4). */
export interface Loaders {
  readonly memberOfWallet: DataLoader<number, Member | undefined>
  readonly identities: DataLoader<number, readonly Identity[]>
  readonly offer: DataLoader<string, Offer | undefined>
  /** How many were sold, by counter. */
  readonly sold: DataLoader<string, number>
}

export function createLoaders(program: Program): Loaders {
  // Nothing is remembered, so what follows a write in the same request sees it.
  const options = { cache: false, maxBatchSize: 1_000 }
  return {
    memberOfWallet: new DataLoader(async (wallets) => {
      const found = await program.members.findByWallets(wallets)
      return wallets.map((wallet) => found.get(wallet))
    }, options),
    identities: new DataLoader(async (wallets) => {
      const found = await program.members.findIdentities(wallets)
      return wallets.map((wallet) => found.get(wallet) ?? [])
    }, options),
    offer: new DataLoader(async (ids) => {
      const found = await program.offers.findMany(ids)
      return ids.map((id) => found.get(id))
    }, options),
    sold: new DataLoader(async (counters) => {
      const found = await program.ledger.store.findCounters([...new Set(counters)])
      return counters.map((counter) => found.get(counter) ?? 0)
    }, options),
  }
}
