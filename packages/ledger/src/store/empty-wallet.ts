import { GENESIS } from '../chain/hash-transaction.js'
import type { Wallet } from '../wallet/wallet.js'

/** A wallet to which nothing has happened yet. */
export function emptyWallet(id: number, at: number): Wallet {
  return {
    id,
    version: 0,
    balance: { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 },
    lastLot: 0,
    nextDueAt: null,
    lock: null,
    head: GENESIS,
    memo: {},
    updatedAt: at,
  }
}
