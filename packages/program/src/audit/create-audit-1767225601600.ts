import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'audit_entry',
  columns: [
    counted('id'),
    whole('at'),
    text('actor', 200),
    json('roles'),
    text('address', 64, { isNullable: true }),
    text('act', 64),
    text('target_kind', 40),
    text('target_id', 128),
    text('reason', 500, { isNullable: true }),
    json('state_before'),
    json('state_after'),
    text('act_key', 200, { isNullable: true }),
  ],
  indices: [
    { name: 'audit_entry_act_key', columnNames: ['act_key'], isUnique: true },
    { name: 'audit_entry_at', columnNames: ['at'] },
    { name: 'audit_entry_actor', columnNames: ['actor', 'id'] },
    { name: 'audit_entry_act', columnNames: ['act', 'id'] },
    { name: 'audit_entry_target', columnNames: ['target_kind', 'target_id', 'id'] },
  ],
})

/** What operators did. Rows are added and never changed. */
export class CreateAudit1767225601600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
