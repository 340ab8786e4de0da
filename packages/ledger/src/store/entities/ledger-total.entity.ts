import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textColumn, wholeColumn } from '../../database/columns.js'

/** The running total of an account: all that was recorded in it at or before `recordedAt`, of the
 * figures that are folded. A row for each millisecond in which it moved. */
@Entity('ledger_total', { withoutRowid: true })
export class LedgerTotalEntity {
  @PrimaryColumn({ name: 'account', ...textColumn(201) }) account!: string
  @PrimaryColumn({ name: 'recorded_at', ...wholeColumn() }) recordedAt!: number
  @Column(wholeColumn()) total!: number
}
