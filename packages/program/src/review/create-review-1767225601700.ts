import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { json, small, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'member_standing',
    columns: [
      whole('member', { isPrimary: true }),
      small('recency', { isNullable: true }),
      small('frequency', { isNullable: true }),
      small('monetary', { isNullable: true }),
      json('segments'),
    ],
  }),
  new Table({
    name: 'member_review',
    columns: [
      whole('number', { isPrimary: true }),
      text('day', 10),
      text('rules', 64),
      whole('started_at'),
      whole('finished_at', { isNullable: true }),
      json('cuts'),
      whole('reached'),
      whole('members'),
      json('sizes'),
    ],
  }),
]

/** What the daily review found of each member, and how far it has come. Can run again after it failed
 * half-way. */
export class CreateReview1767225601700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
