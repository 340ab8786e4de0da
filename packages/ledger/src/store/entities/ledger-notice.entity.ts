import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { jsonColumn, textColumn, wholeColumn } from '../../database/columns.js'
import type { JsonObject } from '../../posting/json.js'

/** What is still to be done about a transaction. `attempts` is above 0 while somebody has it in hand
 * (`claimedBy`, until `claimedUntil`) and after it failed. */
@Entity('ledger_notice')
@Index('ledger_notice_due', ['topic', 'dueAt'])
@Index('ledger_notice_wallet', ['topic', 'walletId', 'attempts'])
export class LedgerNoticeEntity {
  @PrimaryGeneratedColumn(wholeColumn()) seq!: number
  @Column(textColumn(101)) topic!: string
  @Column({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @Column(wholeColumn()) version!: number
  @Column({ name: 'recorded_at', ...wholeColumn() }) recordedAt!: number
  @Column({ name: 'due_at', ...wholeColumn() }) dueAt!: number
  @Column(wholeColumn()) attempts!: number
  @Column({ name: 'claimed_by', ...textColumn(36), nullable: true }) claimedBy!: string | null
  @Column({ name: 'claimed_until', ...wholeColumn() }) claimedUntil!: number
  @Column({ name: 'last_error', ...textColumn(500), nullable: true }) lastError!: string | null
  @Column(jsonColumn()) body!: JsonObject
}
