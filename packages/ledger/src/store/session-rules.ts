import type { LedgerRecord, RecordId } from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import type { BatchWrites } from './ledger-store.js'

/**
 * What every store holds a session to: nothing is written that was not locked before, and a text
 * that would come back as another is not written at all. A breach is a fault of the caller.
 */
export class SessionRules {
  private readonly wallets = new Set<number>()
  private readonly counters = new Set<string>()
  /** Whose a record was when it was read; null: nobody's, it was not there. */
  private readonly owners = new Map<string, number | null>()

  lockedWallets(ids: Iterable<number>): void {
    for (const id of ids) this.wallets.add(id)
  }

  lockedCounters(ids: Iterable<string>): void {
    for (const id of ids) this.counters.add(id)
  }

  readRecords(asked: readonly RecordId[], found: readonly LedgerRecord[]): void {
    for (const id of asked) this.owners.set(recordKey(id), null)
    for (const record of found) this.owners.set(recordKey(record), record.wallet)
  }

  /** Records to be written that nobody has looked at yet. */
  unreadRecords({ records }: BatchWrites): readonly LedgerRecord[] {
    return records.filter((record) => !this.owners.has(recordKey(record)))
  }

  isNew(record: LedgerRecord): boolean {
    return this.owners.get(recordKey(record)) === null
  }

  /** After every record was read. */
  assertMayWrite(writes: BatchWrites): void {
    for (const { id, head } of writes.wallets) {
      this.assertLocked(id)
      assertText('head', head, 64)
    }
    for (const { wallet, lot } of writes.lots) {
      this.assertLocked(wallet)
      assertText('kind', lot.kind, 100)
      assertText('source', lot.source, 100)
      if (lot.ref !== null) assertText('ref', lot.ref, 400)
    }
    for (const transaction of writes.transactions) {
      this.assertLocked(transaction.wallet)
      assertText('key', transaction.key, 200)
      assertText('reason', transaction.reason, 200)
      for (const { account } of transaction.entries) assertText('account', account, 200)
    }
    for (const record of writes.records) {
      this.assertLocked(record.wallet)
      assertText('kind', record.kind, 100)
      assertText('ref', record.ref, 400)
      const owner = this.owners.get(recordKey(record)) ?? null
      if (owner !== null && !this.wallets.has(owner)) {
        throw new Error(
          `record ${record.kind} ${record.ref} belongs to wallet ${owner}, which is not locked`,
        )
      }
    }
    for (const { id } of writes.counters) {
      if (!this.counters.has(id)) throw new Error(`counter ${id} is written but not locked`)
    }
    for (const { account } of writes.figures) assertText('account', account, 200)
    for (const { wallet, topic } of writes.notices ?? []) {
      this.assertLocked(wallet)
      assertText('topic', topic, 100)
    }
  }

  private assertLocked(wallet: number): void {
    if (!this.wallets.has(wallet)) throw new Error(`wallet ${wallet} is written but not locked`)
  }
}

/** Half a surrogate pair has no place in UTF-8 and would come back as something else; a text that
 * is too long is cut by one database and refused by another. */
function assertText(what: string, text: string, most: number): void {
  if (text.length > most) {
    throw new RangeError(`a ${what} has ${most} characters at most, not ${text.length}`)
  }
  if (!isWellFormed(text)) throw new RangeError(`a ${what} holds half a character`)
}

function isWellFormed(text: string): boolean {
  // In every Node we run on; the types of ES2024 know it.
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
