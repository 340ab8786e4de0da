import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { json, small, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'offer',
    columns: [
      text('id', 64, { isPrimary: true }),
      whole('version'),
      text('channel', 40),
      small('active'),
      whole('from_at', { isNullable: true }),
      whole('until_at', { isNullable: true }),
      json('terms'),
      whole('created_at'),
      whole('updated_at'),
    ],
    indices: [{ name: 'offer_channel', columnNames: ['channel', 'id'] }],
  }),
  new Table({
    name: 'quote',
    columns: [
      text('id', 32, { isPrimary: true }),
      whole('member'),
      text('offer', 64),
      whole('points'),
      json('steps'),
      whole('created_at'),
      whole('expires_at'),
    ],
    indices: [{ name: 'quote_expires_at', columnNames: ['expires_at'] }],
  }),
]

/** What can be had for points, and prices that were promised. */
export class CreateOffers1767225600400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
