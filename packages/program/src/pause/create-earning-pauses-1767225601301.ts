import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'earning_pause',
    columns: [
      counted('id'),
      text('source', 64),
      whole('closed'),
      text('reason', 500),
      text('paused_by', 128),
      whole('paused_at'),
      text('resume_reason', 500, { isNullable: true }),
      text('resumed_by', 128, { isNullable: true }),
      whole('resumed_at', { isNullable: true }),
    ],
    indices: [{ name: 'earning_pause_open', columnNames: ['source', 'closed'], isUnique: true }],
  }),
  new Table({
    name: 'kept_event',
    columns: [
      counted('id'),
      text('event_key', 200),
      text('source', 64),
      whole('pause_id'),
      text('member_id', 64),
      text('once', 128),
      json('event'),
      json('content'),
      whole('happened_at'),
      whole('kept_at'),
      text('status', 16),
      json('changes'),
      whole('changes_made'),
      whole('points', { isNullable: true }),
      text('refusal', 64, { isNullable: true }),
      whole('settled_at', { isNullable: true }),
      whole('next_try_at'),
    ],
    indices: [
      { name: 'kept_event_key', columnNames: ['event_key'], isUnique: true },
      { name: 'kept_event_order', columnNames: ['status', 'happened_at', 'id'] },
      { name: 'kept_event_source', columnNames: ['source', 'status', 'id'] },
    ],
  }),
  new Table({
    name: 'kept_settlement',
    columns: [
      text('source', 64, { isPrimary: true }),
      whole('up_to'),
      text('reason', 500),
      text('requested_by', 128),
      whole('requested_at'),
    ],
  }),
]

/** When earning is paused, what came meanwhile, and how far it may be settled. Can run again after it
 * failed half-way. */
export class CreateEarningPauses1767225601301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
