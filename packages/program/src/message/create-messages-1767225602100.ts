import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'message',
  columns: [
    counted('id'),
    whole('wallet'),
    text('kind', 40),
    text('name', 100),
    json('figures'),
    whole('written_at'),
  ],
  indices: [
    { name: 'message_wallet', columnNames: ['wallet', 'id'] },
    { name: 'message_name', columnNames: ['wallet', 'name'], isUnique: true },
  ],
})

/** What members are told. */
export class CreateMessages1767225602100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
