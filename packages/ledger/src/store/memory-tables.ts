import { StoreConflict } from '../database/store-conflict.js'
import type { LedgerRecord, LedgerTransaction, RecordId } from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import { isOpen } from '../wallet/is-open.js'
import type { Lot, Wallet } from '../wallet/wallet.js'
import { ascending, compareText } from './database-order.js'
import type { BatchWrites, FigureSum, Seal, SealedHead } from './ledger-store.js'
import { MemoryNotices } from './memory-notices.js'
import type { LotOfWallet } from './rows.js'

interface Figure {
  readonly folded: boolean
  readonly row: FigureSum
}

/** What a store in memory holds. Everything in it is frozen, so it can be handed out as it is. */
export class MemoryTables {
  readonly wallets = new Map<number, Wallet>()
  readonly lots = new Map<number, Map<number, Lot>>()
  /** Of each wallet, by version: version 1 is at place 0. */
  readonly histories = new Map<number, LedgerTransaction[]>()
  readonly byKey = new Map<string, LedgerTransaction>()
  readonly records = new Map<string, LedgerRecord>()
  readonly counters = new Map<string, number>()
  figures: Figure[] = []
  readonly seals: Seal[] = []
  readonly sealedHeads = new Map<number, readonly SealedHead[]>()
  /** The last version of each wallet that is under a seal. */
  readonly sealedVersions = new Map<number, number>()
  readonly notices = new MemoryNotices()

  /** Writes all of a batch or nothing; what is written is frozen already. */
  apply(writes: BatchWrites): void {
    this.assertNew(writes.transactions)
    for (const wallet of writes.wallets) this.wallets.set(wallet.id, wallet)
    for (const { wallet, lot } of writes.lots) entryOf(this.lots, wallet, newMap).set(lot.seq, lot)
    for (const transaction of writes.transactions) {
      entryOf(this.histories, transaction.wallet, newList)[transaction.version - 1] = transaction
      this.byKey.set(transaction.key, transaction)
    }
    for (const record of writes.records) this.records.set(recordKey(record), record)
    for (const { id, value } of writes.counters) this.counters.set(id, value)
    this.notices.add(writes.notices ?? [])
    for (const row of writes.figures) {
      this.figures.push({ folded: false, row: { ...row, amount: BigInt(row.amount) } })
    }
  }

  findWallets(ids: readonly number[]): Wallet[] {
    return ascending(ids).flatMap((id) => this.wallets.get(id) ?? [])
  }

  findLots(wallets: readonly number[], open: boolean): LotOfWallet[] {
    return ascending(wallets).flatMap((wallet) =>
      [...(this.lots.get(wallet)?.values() ?? [])]
        .filter((lot) => !open || isOpen(lot))
        .sort((a, b) => a.seq - b.seq)
        .map((lot) => ({ wallet, lot })),
    )
  }

  findLotsBySeq(wallet: number, seqs: readonly number[]): LotOfWallet[] {
    const lots = this.lots.get(wallet)
    return [...new Set(seqs)].flatMap((seq) => {
      const lot = lots?.get(seq)
      return lot ? [{ wallet, lot }] : []
    })
  }

  findTransactionsByKey(keys: readonly string[]): LedgerTransaction[] {
    return [...new Set(keys)].flatMap((key) => this.byKey.get(key) ?? [])
  }

  findRecords(ids: readonly RecordId[]): LedgerRecord[] {
    return [...new Set(ids.map(recordKey))].flatMap((key) => this.records.get(key) ?? [])
  }

  findAllRecordsOf(wallet: number): LedgerRecord[] {
    return [...this.records.values()].filter((record) => record.wallet === wallet)
  }

  /** Of one wallet, descending by ref. */
  findRecordsOf(wallet: number, kind: string): LedgerRecord[] {
    return [...this.records.values()]
      .filter((record) => record.wallet === wallet && record.kind === kind)
      .sort((a, b) => compareText(b.ref, a.ref))
  }

  /** Everything as it is now, apart from what comes later. */
  clone(): MemoryTables {
    const clone = new MemoryTables()
    copyMap(this.wallets, clone.wallets)
    for (const [wallet, lots] of this.lots) clone.lots.set(wallet, new Map(lots))
    for (const [wallet, history] of this.histories) clone.histories.set(wallet, [...history])
    copyMap(this.records, clone.records)
    clone.figures = [...this.figures]
    clone.seals.push(...this.seals)
    copyMap(this.sealedHeads, clone.sealedHeads)
    return clone
  }

  private assertNew(transactions: readonly LedgerTransaction[]): void {
    const keys = new Set<string>()
    const versions = new Set<string>()
    for (const { key, wallet, version, id } of transactions) {
      const taken = this.byKey.has(key) || keys.has(key) || versions.has(id)
      if (taken || this.histories.get(wallet)?.[version - 1]) {
        throw new StoreConflict('somebody wrote the same key first')
      }
      keys.add(key)
      versions.add(id)
    }
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

function newMap(): Map<number, Lot> {
  return new Map()
}

function newList(): LedgerTransaction[] {
  return []
}

function copyMap<K, V>(from: ReadonlyMap<K, V>, to: Map<K, V>): void {
  for (const [key, value] of from) to.set(key, value)
}
