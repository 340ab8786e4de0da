import { Entity, PrimaryColumn } from 'typeorm'
import { textColumn } from '../../database/columns.js'

/** An account that has a running total, so that all of them can be asked for one by one. */
@Entity('ledger_account', { withoutRowid: true })
export class LedgerAccountEntity {
  @PrimaryColumn({ name: 'account', ...textColumn(201) }) account!: string
}
