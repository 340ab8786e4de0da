import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** What many share: stock, a budget. */
@Entity('ledger_counter')
export class LedgerCounterEntity {
  @PrimaryColumn(textColumn(201)) id!: string
  @Column(wholeColumn()) value!: number
}
