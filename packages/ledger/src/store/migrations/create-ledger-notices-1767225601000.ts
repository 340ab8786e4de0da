import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { jsonColumn, tableColumn, textColumn, wholeColumn } from '../../database/columns.js'

const whole = (name: string) => tableColumn(name, wholeColumn())
const maybeText = (name: string, length: number) =>
  tableColumn(name, { ...textColumn(length), nullable: true })

const TABLE = new Table({
  name: 'ledger_notice',
  columns: [
    tableColumn('seq', wholeColumn(), { isPrimary: true, isGenerated: true }),
    tableColumn('topic', textColumn(101)),
    whole('wallet_id'),
    whole('version'),
    whole('recorded_at'),
    whole('due_at'),
    whole('attempts'),
    maybeText('claimed_by', 36),
    whole('claimed_until'),
    maybeText('last_error', 500),
    tableColumn('body', jsonColumn()),
  ],
  indices: [
    { name: 'ledger_notice_due', columnNames: ['topic', 'due_at'] },
    { name: 'ledger_notice_wallet', columnNames: ['topic', 'wallet_id', 'attempts'] },
  ],
})

/** What is still to be done about transactions: written with them, gone when it is done. */
export class CreateLedgerNotices1767225601000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE, true)
  }
}
