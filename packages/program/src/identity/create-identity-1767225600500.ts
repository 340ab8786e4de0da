import { randomUUID } from 'node:crypto'
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { small, text } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'programme_identity',
  columns: [small('only', { isPrimary: true }), text('id', 36)],
})

/** What this programme's database is told apart by, whatever address a server knows it under. */
export class CreateIdentity1767225600500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
    await runner.manager
      .createQueryBuilder()
      .insert()
      .into(TABLE.name, ['only', 'id'])
      .values({ only: 1, id: randomUUID() })
      // MySQL commits a new table at once: one that is there already may have its row.
      .orIgnore()
      .execute()
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
