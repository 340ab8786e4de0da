import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { jsonColumn, textColumn, wholeColumn } from '../../database/columns.js'
import type { TransactionBody } from '../../posting/transaction-body.js'

/**
 * A line of history without its entries. Rows are appended in the order of `seq`, which is not the
 * order of commits: `version` is. A wallet's `recorded_at` never goes down as its version goes up,
 * so a moment is found along (wallet, version), and needs no index of its own.
 */
@Entity('ledger_transaction')
@Index('ledger_transaction_version', ['walletId', 'version'], { unique: true })
@Index('ledger_transaction_key', ['idemKey'], { unique: true })
export class LedgerTransactionEntity {
  @PrimaryGeneratedColumn(wholeColumn()) seq!: number
  @Column({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @Column(wholeColumn()) version!: number
  @Column({ name: 'idem_key', ...textColumn(201) }) idemKey!: string
  @Column(textColumn(20)) type!: string
  @Column(textColumn(200)) reason!: string
  @Column({ name: 'recorded_at', ...wholeColumn() }) recordedAt!: number
  @Column({ name: 'effective_at', ...wholeColumn() }) effectiveAt!: number
  @Column({ name: 'previous_hash', ...textColumn(64) }) previousHash!: string
  @Column(textColumn(64)) hash!: string
  @Column(jsonColumn()) body!: TransactionBody
}
