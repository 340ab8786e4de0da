import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** A wallet's head under a seal. */
@Entity('ledger_seal_head', { withoutRowid: true })
@Index('ledger_seal_head_wallet', ['walletId', 'version'])
export class LedgerSealHeadEntity {
  @PrimaryColumn({ name: 'seal_id', ...wholeColumn() }) sealId!: number
  @PrimaryColumn({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @Column(wholeColumn()) version!: number
  @Column(textColumn(64)) head!: string
}
