import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** An entry of a transaction: the only place where it is written. Rows lie by wallet and version, so
 * that a history is read in one go, and one tree holds them instead of two. */
@Entity('ledger_entry', { withoutRowid: true })
export class LedgerEntryEntity {
  @PrimaryColumn({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @PrimaryColumn(wholeColumn()) version!: number
  /** Its place among the entries of the transaction, from 0. */
  @PrimaryColumn({ type: 'int' }) position!: number
  @Column(textColumn(200)) account!: string
  @Column({ ...wholeColumn(), nullable: true }) lot!: number | null
  @Column(wholeColumn()) amount!: number
}
