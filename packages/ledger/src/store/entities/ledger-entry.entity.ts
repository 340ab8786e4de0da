import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** An entry of a transaction: the only place where it is written. */
@Entity('ledger_entry')
@Index('ledger_entry_version', ['walletId', 'version'])
export class LedgerEntryEntity {
  @PrimaryGeneratedColumn(wholeColumn()) seq!: number
  @Column({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @Column(wholeColumn()) version!: number
  /** Its place among the entries of the transaction, from 0. */
  @Column({ type: 'int' }) position!: number
  @Column(textColumn(200)) account!: string
  @Column({ ...wholeColumn(), nullable: true }) lot!: number | null
  @Column(wholeColumn()) amount!: number
}
