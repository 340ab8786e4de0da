import type { LedgerRecord, LedgerTransaction, RecordId } from '../posting/posting.js'
import type { Wallet } from '../wallet/wallet.js'
import { freezeCopy } from './freeze-copy.js'
import type { BatchWrites, StoreSession } from './ledger-store.js'
import type { MemoryTables } from './memory-tables.js'
import type { LotOfWallet } from './rows.js'
import { SessionRules } from './session-rules.js'

/** Reads what is committed, and keeps what is written until the transaction commits. A batch writes
 * once, at its end, so a session has no need to read what it wrote. */
export class MemorySession implements StoreSession {
  private readonly rules = new SessionRules()
  private readonly made = new Set<string>()
  private writes: BatchWrites | undefined
  private over = false

  constructor(private readonly tables: MemoryTables) {}

  async lockWallets(ids: readonly number[]): Promise<readonly Wallet[]> {
    this.assertReading()
    const wallets = this.tables.findWallets(ids)
    this.rules.lockedWallets(wallets.map(({ id }) => id))
    return wallets
  }

  async findTransactionsByKey(keys: readonly string[]): Promise<readonly LedgerTransaction[]> {
    this.assertReading()
    return this.tables.findTransactionsByKey(keys)
  }

  async findRecords(ids: readonly RecordId[]): Promise<readonly LedgerRecord[]> {
    this.assertReading()
    const records = this.tables.findRecords(ids)
    this.rules.readRecords(ids, records)
    return records
  }

  async findRecordsOf(wallet: number): Promise<readonly LedgerRecord[]> {
    this.assertReading()
    const records = this.tables.findAllRecordsOf(wallet)
    this.rules.readRecords(records, records)
    return records
  }

  async findLots(
    selection: readonly { readonly wallet: number; readonly seqs: readonly number[] }[],
  ): Promise<readonly LotOfWallet[]> {
    this.assertReading()
    const open = this.tables.findLots(
      selection.map(({ wallet }) => wallet),
      true,
    )
    const named = selection.flatMap(({ wallet, seqs }) => this.tables.findLotsBySeq(wallet, seqs))
    const byName = new Map([...open, ...named].map((lot) => [`${lot.wallet}-${lot.lot.seq}`, lot]))
    return [...byName.values()].sort((a, b) => a.wallet - b.wallet || a.lot.seq - b.lot.seq)
  }

  async lockCounters(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.assertReading()
    this.rules.lockedCounters(ids)
    for (const id of ids) this.made.add(id)
    return new Map(ids.map((id) => [id, this.tables.counters.get(id) ?? 0]))
  }

  async write(writes: BatchWrites): Promise<void> {
    this.assertReading()
    const unread = this.rules.unreadRecords(writes)
    this.rules.readRecords(unread, this.tables.findRecords(unread))
    this.rules.assertMayWrite(writes)
    // Now, not at the commit: what the caller does with its objects meanwhile is its own affair.
    this.writes = freezeCopy(writes)
  }

  commit(): void {
    if (this.writes) this.tables.apply(this.writes)
    for (const id of this.made) {
      if (!this.tables.counters.has(id)) this.tables.counters.set(id, 0)
    }
  }

  /** Whatever still holds the session has nothing more to say. */
  end(): void {
    this.over = true
  }

  private assertReading(): void {
    if (this.over) throw new Error('the transaction is over')
    if (this.writes) throw new Error('a session writes once, at its end')
  }
}
