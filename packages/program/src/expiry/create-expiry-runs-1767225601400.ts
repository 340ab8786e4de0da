import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'expiry_run',
  columns: [
    text('id', 64, { isPrimary: true }),
    whole('after_member'),
    whole('members'),
    whole('lots'),
    whole('points'),
    whole('started_at'),
    whole('finished_at', { isNullable: true }),
  ],
})

/** How far old lots have been given the last day that a policy has for them. */
export class CreateExpiryRuns1767225601400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
