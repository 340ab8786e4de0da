import type { Posting } from '../posting/posting.js'
import { LOT_STATES, type Wallet } from '../wallet/wallet.js'

/** A decision made something that cannot be booked: a fault of the programme, nothing is written. */
export class UnsoundPosting extends Error {
  override readonly name = 'UnsoundPosting'
}

/**
 * The last look before a posting becomes history: entries sum to zero and are whole, no balance is
 * below zero, the version goes up by one, and counters were asked for.
 */
export function assertSound(
  before: Wallet,
  posting: Posting,
  counters: ReadonlyMap<string, number>,
): void {
  const fail = (fault: string): never => {
    throw new UnsoundPosting(`${posting.type} of wallet ${before.id}: ${fault}`)
  }
  let sum = 0
  for (const { account, amount } of posting.entries) {
    if (!Number.isSafeInteger(amount) || amount === 0) fail(`${account} moves by ${amount}`)
    sum += amount
  }
  if (sum !== 0) fail(`entries sum to ${sum}`)
  for (const state of [...LOT_STATES, 'debt'] as const) {
    const points = posting.wallet.balance[state]
    if (!Number.isSafeInteger(points) || points < 0) fail(`${state} would be ${points}`)
  }
  const { debt, available } = posting.wallet.balance
  if (debt > 0 && available > 0) fail('owes points and has some to pay with')
  if (posting.wallet.version !== before.version + 1) fail('was decided on another version')
  for (const id of posting.counters.keys()) {
    if (!counters.has(id)) fail(`counter ${id} was not asked for`)
  }
}
