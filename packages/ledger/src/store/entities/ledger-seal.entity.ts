import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** A root over the heads that moved since the seal before. */
@Entity('ledger_seal')
export class LedgerSealEntity {
  @PrimaryColumn(wholeColumn()) id!: number
  @Column({ name: 'sealed_at', ...wholeColumn() }) sealedAt!: number
  @Column(textColumn(128)) root!: string
  @Column({ name: 'previous_root', ...textColumn(128) }) previousRoot!: string
}
