import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** A lot of a wallet. `isOpen` is 1 while any of its points are left, else 0: closed lots only ever
 * become more, and a decision wants the open ones. */
@Entity('ledger_lot', { withoutRowid: true })
@Index('ledger_lot_open', ['walletId', 'isOpen'])
export class LedgerLotEntity {
  @PrimaryColumn({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @PrimaryColumn(wholeColumn()) seq!: number
  @Column({ name: 'is_open', type: 'tinyint' }) isOpen!: number
  @Column(textColumn(100)) kind!: string
  @Column(textColumn(100)) source!: string
  @Column({ ...textColumn(400), nullable: true }) ref!: string | null
  @Column(wholeColumn()) granted!: number
  @Column(wholeColumn()) available!: number
  @Column(wholeColumn()) pending!: number
  @Column(wholeColumn()) claimable!: number
  @Column(wholeColumn()) held!: number
  @Column(wholeColumn()) frozen!: number
  @Column({ name: 'earned_at', ...wholeColumn() }) earnedAt!: number
  @Column({ name: 'confirm_at', ...wholeColumn(), nullable: true }) confirmAt!: number | null
  @Column({ name: 'claim_ms', ...wholeColumn(), nullable: true }) claimMs!: number | null
  @Column({ name: 'claim_by', ...wholeColumn(), nullable: true }) claimBy!: number | null
  @Column({ name: 'expires_at', ...wholeColumn(), nullable: true }) expiresAt!: number | null
  @Column(wholeColumn()) lapsed!: number
  @Column(wholeColumn()) voided!: number
}
