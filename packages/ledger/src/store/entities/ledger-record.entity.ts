import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { jsonColumn, textColumn, wholeColumn } from '../../database/columns.js'
import type { JsonObject } from '../../posting/json.js'

/** A small document of a wallet: an order, a redemption. */
@Entity('ledger_record')
@Index('ledger_record_due', ['kind', 'dueAt'])
@Index('ledger_record_wallet', ['walletId', 'kind', 'ref'])
export class LedgerRecordEntity {
  @PrimaryColumn(textColumn(101)) kind!: string
  @PrimaryColumn(textColumn(401)) ref!: string
  @Column({ name: 'wallet_id', ...wholeColumn() }) walletId!: number
  @Column({ name: 'due_at', ...wholeColumn(), nullable: true }) dueAt!: number | null
  @Column(jsonColumn()) body!: JsonObject
}
