import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { jsonColumn, textColumn, wholeColumn } from '../../database/columns.js'

/** What a batch moved, by account and labels; once folded (`isFolded` 1), what a day moved, and
 * `recordedAt` is the day's first instant. */
@Entity('ledger_figure')
@Index('ledger_figure_time', ['isFolded', 'recordedAt'])
export class LedgerFigureEntity {
  @PrimaryGeneratedColumn(wholeColumn()) seq!: number
  @Column({ name: 'is_folded', type: 'tinyint' }) isFolded!: number
  @Column({ name: 'recorded_at', ...wholeColumn() }) recordedAt!: number
  @Column(textColumn(200)) account!: string
  @Column(jsonColumn()) labels!: Readonly<Record<string, string>>
  @Column(wholeColumn()) amount!: number
  @Column(wholeColumn()) transactions!: number
}
