import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { tableColumn, textColumn, wholeColumn } from '../../database/columns.js'

const account = tableColumn('account', textColumn(201), { isPrimary: true })

const TABLES = [
  new Table({ name: 'ledger_account', withoutRowid: true, columns: [account] }),
  new Table({
    name: 'ledger_total',
    withoutRowid: true,
    columns: [
      account,
      tableColumn('recorded_at', wholeColumn(), { isPrimary: true }),
      tableColumn('total', wholeColumn()),
    ],
  }),
]

/**
 * Running totals of all accounts (L7). Of what was folded before, only the sums of days are left: such a
 * day counts whole from its first instant on.
 */
export class CreateLedgerTotals1767225600600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
    // MySQL commits with every table: whoever comes here again after a fall begins anew.
    for (const { name } of TABLES) await runner.query(`DELETE FROM ${name}`)
    await runner.query(
      'INSERT INTO ledger_account (account) SELECT DISTINCT account FROM ledger_figure WHERE is_folded = 1',
    )
    await runner.query(
      'INSERT INTO ledger_total (account, recorded_at, total) SELECT account, recorded_at, SUM(SUM(amount)) OVER (PARTITION BY account ORDER BY recorded_at) FROM ledger_figure WHERE is_folded = 1 GROUP BY account, recorded_at',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES) await runner.dropTable(name, true)
  }
}
