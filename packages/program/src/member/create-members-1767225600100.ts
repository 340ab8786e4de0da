import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, small, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'member',
    columns: [
      counted('id'),
      text('external_id', 64),
      whole('joined_at'),
      small('birthday_month', { isNullable: true }),
      small('birthday_day', { isNullable: true }),
      text('region', 64, { isNullable: true }),
      small('staff'),
      json('consents'),
    ],
    indices: [{ name: 'member_external_id', columnNames: ['external_id'], isUnique: true }],
  }),
  new Table({
    name: 'member_identity',
    columns: [
      text('kind', 40, { isPrimary: true }),
      text('value', 128, { isPrimary: true }),
      whole('member'),
    ],
    indices: [{ name: 'member_identity_member', columnNames: ['member'] }],
  }),
]

/** Who takes part, and what is linked to them. Can run again after it failed half-way. */
export class CreateMembers1767225600100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
