import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'policy_version',
  columns: [
    whole('version', { isPrimary: true }),
    whole('effective_from'),
    json('document'),
    text('created_by', 128),
    whole('created_at'),
    text('note', 500, { isNullable: true }),
  ],
})

/** Every policy there ever was. */
export class CreatePolicies1767225600200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
