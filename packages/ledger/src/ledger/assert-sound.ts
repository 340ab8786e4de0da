import type { Command, Posting, RecordId, WalletView } from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import { type Balance, LOT_STATES } from '../wallet/wallet.js'

/** A decision made something that cannot be booked: a fault of the programme, nothing is written. */
export class UnsoundPosting extends Error {
  override readonly name = 'UnsoundPosting'
}

const BALANCES = [...LOT_STATES, 'debt'] as const

type Fail = (fault: string) => never

/**
 * The last look before a posting becomes history: entries are whole, sum to zero by lot, and are
 * what changed the balance; no balance is below zero; the version goes up by one; and the counters
 * and records that change were asked for, so that nothing is written over unseen.
 */
export function assertSound(
  { wallet: before, counters, records }: WalletView,
  posting: Posting,
  needs: Command['needs'] = {},
  /** Its records become those of this wallet. */
  absorbed: number | null = null,
): void {
  const fail: Fail = (fault) => {
    throw new UnsoundPosting(`${posting.type} of wallet ${before.id}: ${fault}`)
  }
  if (posting.wallet.id !== before.id) fail(`was decided for wallet ${posting.wallet.id}`)
  if (posting.wallet.version !== before.version + 1) fail('was decided on another version')
  assertEntries(before.balance, posting, fail)
  assertBalance(posting.wallet.balance, fail)
  for (const [id, delta] of posting.counters) {
    if (!counters.has(id)) fail(`counter ${id} was not asked for`)
    const value = (counters.get(id) ?? 0) + delta
    if (!Number.isSafeInteger(value)) fail(`counter ${id} would be ${value}`)
  }
  for (const record of posting.records) {
    const found = records.get(recordKey(record))
    if (absorbed !== null && found?.wallet === absorbed && record.wallet === before.id) continue
    if (!isAmong(record, needs.records)) fail(`record ${wordFor(record)} was not asked for`)
    const owner = found?.wallet ?? before.id
    if (record.wallet !== before.id || owner !== before.id) {
      fail(`record ${wordFor(record)} belongs to wallet ${owner}`)
    }
  }
}

function assertEntries(before: Balance, { entries, wallet }: Posting, fail: Fail): void {
  const sums = new Map<number | null, number>()
  const balance: Record<string, number> = { ...before }
  for (const { account, lot, amount } of entries) {
    if (!Number.isSafeInteger(amount) || amount === 0) fail(`${account} moves by ${amount}`)
    sums.set(lot, (sums.get(lot) ?? 0) + amount)
    if (account === 'debt') balance[account]! -= amount
    else if (Object.hasOwn(before, account)) balance[account]! += amount
  }
  for (const [lot, sum] of sums) {
    if (sum !== 0) fail(`entries of ${lot === null ? 'no lot' : `lot ${lot}`} sum to ${sum}`)
  }
  for (const name of BALANCES) {
    const points = wallet.balance[name]
    if (points !== balance[name]) fail(`${name} is ${points}, entries make it ${balance[name]}`)
  }
}

function assertBalance(balance: Balance, fail: Fail): void {
  for (const name of BALANCES) {
    const points = balance[name]
    if (!Number.isSafeInteger(points) || points < 0) fail(`${name} would be ${points}`)
  }
  const { debt, available } = balance
  if (debt > 0 && available > 0) fail('owes points and has some to pay with')
}

function isAmong(record: RecordId, asked: readonly RecordId[] = []): boolean {
  return asked.some(({ kind, ref }) => kind === record.kind && ref === record.ref)
}

function wordFor({ kind, ref }: RecordId): string {
  return `${kind} ${ref}`
}
