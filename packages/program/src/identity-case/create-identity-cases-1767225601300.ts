import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, small, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'identity_sighting',
    columns: [
      text('kind', 40, { isPrimary: true }),
      text('value', 128, { isPrimary: true }),
      whole('member', { isPrimary: true }),
      whole('first_seen_at'),
      whole('last_seen_at'),
    ],
    indices: [{ name: 'identity_sighting_member', columnNames: ['member'] }],
  }),
  new Table({
    name: 'identity_case',
    columns: [
      counted('id'),
      text('evidence', 16),
      text('kind', 40),
      text('value', 128),
      whole('member'),
      text('status', 16),
      whole('found'),
      whole('allowed'),
      whole('opened_at'),
      whole('decided_at', { isNullable: true }),
      text('decided_by', 128, { isNullable: true }),
      text('decision_reason', 500, { isNullable: true }),
    ],
    indices: [
      {
        name: 'identity_case_subject',
        columnNames: ['evidence', 'kind', 'value', 'member'],
        isUnique: true,
      },
      { name: 'identity_case_status', columnNames: ['status', 'id'] },
    ],
  }),
  new Table({
    name: 'identity_case_member',
    columns: [
      whole('case_id', { isPrimary: true }),
      whole('member', { isPrimary: true }),
      small('stops'),
    ],
    indices: [{ name: 'identity_case_member_stops', columnNames: ['member', 'stops'] }],
  }),
]

/**
 * With whom identities were seen, the cases that came of it, and on a member's own row whether one of
 * them stops it from earning: an event is decided with one look at that row. Can run again after it
 * failed half-way.
 */
export class CreateIdentityCases1767225601300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
    if (await runner.hasColumn('member', 'over_linked')) return
    await runner.query('ALTER TABLE member ADD COLUMN over_linked tinyint NOT NULL DEFAULT 0')
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('member', 'over_linked')) {
      await runner.query('ALTER TABLE member DROP COLUMN over_linked')
    }
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
