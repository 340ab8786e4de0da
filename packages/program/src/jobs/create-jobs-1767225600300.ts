import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'job',
  columns: [
    text('name', 64, { isPrimary: true }),
    whole('next_run_at'),
    text('lease_owner', 64, { isNullable: true }),
    whole('lease_until'),
    whole('last_started_at', { isNullable: true }),
    whole('last_finished_at', { isNullable: true }),
    json('last_result', { isNullable: true }),
    json('last_error', { isNullable: true }),
    whole('runs'),
    whole('failures'),
  ],
})

/** When each job runs next, and which server has it now. */
export class CreateJobs1767225600300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
