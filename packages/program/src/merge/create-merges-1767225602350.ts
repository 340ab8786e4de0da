import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'member_merge',
  columns: [
    text('id', 26, { isPrimary: true }),
    text('request_key', 64),
    whole('from_member'),
    whole('into_member'),
    text('from_id', 64),
    text('into_id', 64),
    text('reason', 500),
    text('requested_by', 128),
    whole('requested_at'),
    whole('next_try_at', { isNullable: true }),
    whole('finished_at', { isNullable: true }),
  ],
  indices: [
    { name: 'member_merge_request', columnNames: ['request_key'], isUnique: true },
    // Nobody ends twice.
    { name: 'member_merge_from', columnNames: ['from_member'], isUnique: true },
    { name: 'member_merge_into', columnNames: ['into_member'] },
    { name: 'member_merge_due', columnNames: ['next_try_at'] },
  ],
})

const COLUMNS = [
  ['merged_into', 'bigint NULL'],
  ['merged_from', 'text NULL'],
] as const

/**
 * Members that were merged into others, and on a member's own row who answers for it and for whom it
 * answers: an event is decided with one look at that row. Can run again after it failed half-way.
 */
export class CreateMerges1767225602350 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
    for (const [name, type] of COLUMNS) {
      if (await runner.hasColumn('member', name)) continue
      await runner.query(`ALTER TABLE member ADD COLUMN ${name} ${type}`)
    }
    const member = await runner.getTable('member')
    if (member?.indices.some(({ name }) => name === 'member_merged_into')) return
    await runner.query('CREATE INDEX member_merged_into ON member (merged_into)')
  }

  async down(runner: QueryRunner): Promise<void> {
    const member = await runner.getTable('member')
    if (member?.indices.some(({ name }) => name === 'member_merged_into')) {
      await runner.dropIndex('member', 'member_merged_into')
    }
    for (const [name] of COLUMNS.toReversed()) {
      if (await runner.hasColumn('member', name)) {
        await runner.query(`ALTER TABLE member DROP COLUMN ${name}`)
      }
    }
    await runner.dropTable(TABLE.name, true)
  }
}
