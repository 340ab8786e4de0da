import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'member_erasure',
  columns: [
    counted('id'),
    whole('member'),
    text('pseudonym', 40),
    text('request_key', 64),
    text('state', 16),
    json('subject', { isNullable: true }),
    json('acting', { isNullable: true }),
    whole('forfeited'),
    whole('forgiven'),
    whole('asked_at'),
    whole('done_at', { isNullable: true }),
    whole('claimed_until'),
  ],
  indices: [
    { name: 'member_erasure_member', columnNames: ['member'], isUnique: true },
    { name: 'member_erasure_request', columnNames: ['request_key'], isUnique: true },
    { name: 'member_erasure_state', columnNames: ['state', 'id'] },
  ],
})

/** Who was erased, and how far that has come; on a member's own row, since when it is no more. Can run again
 * after it failed half-way. */
export class CreateErasures1767225602400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
    if (await runner.hasColumn('member', 'erased_at')) return
    await runner.query('ALTER TABLE member ADD COLUMN erased_at bigint NULL')
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('member', 'erased_at')) {
      await runner.query('ALTER TABLE member DROP COLUMN erased_at')
    }
    await runner.dropTable(TABLE.name, true)
  }
}
