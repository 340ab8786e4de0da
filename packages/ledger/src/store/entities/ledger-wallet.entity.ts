import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { jsonColumn, textColumn, wholeColumn } from '../../database/columns.js'
import type { JsonObject } from '../../posting/json.js'
import type { WalletLock } from '../../wallet/wallet-lock.js'

/** A wallet as its last transaction left it. */
@Entity('ledger_wallet')
@Index('ledger_wallet_due', ['nextDueAt'])
export class LedgerWalletEntity {
  @PrimaryColumn(wholeColumn()) id!: number
  @Column(wholeColumn()) version!: number
  @Column(wholeColumn()) available!: number
  @Column(wholeColumn()) pending!: number
  @Column(wholeColumn()) claimable!: number
  @Column(wholeColumn()) held!: number
  @Column(wholeColumn()) frozen!: number
  @Column(wholeColumn()) debt!: number
  @Column({ name: 'last_lot', ...wholeColumn() }) lastLot!: number
  @Column({ name: 'next_due_at', ...wholeColumn(), nullable: true }) nextDueAt!: number | null
  @Column(textColumn(64)) head!: string
  @Column(jsonColumn()) memo!: JsonObject
  @Column({ name: 'updated_at', ...wholeColumn() }) updatedAt!: number
  @Column({ name: 'use_lock', ...jsonColumn(), nullable: true }) lock!: WalletLock | null
}
