import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { json, small, text, whole } from '../database/table-columns.js'

const TABLES = [
  new Table({
    name: 'missed_redemption',
    columns: [
      text('offer', 64, { isPrimary: true }),
      whole('member', { isPrimary: true }),
      whole('points'),
      whole('first_at'),
      whole('last_at'),
    ],
    indices: [{ name: 'missed_redemption_member', columnNames: ['member'] }],
  }),
  new Table({
    name: 'playbook',
    columns: [
      text('id', 26, { isPrimary: true }),
      text('request_key', 64),
      text('offer', 64),
      text('state', 10),
      json('terms'),
      json('found'),
      text('period', 16),
      whole('missed'),
      whole('reached'),
      whole('points'),
      text('applied_by', 128),
      whole('applied_at'),
      text('reverted_by', 128, { isNullable: true }),
      whole('reverted_at', { isNullable: true }),
      whole('next_try_at', { isNullable: true }),
    ],
    indices: [
      { name: 'playbook_request', columnNames: ['request_key'], isUnique: true },
      { name: 'playbook_period', columnNames: ['period'] },
      { name: 'playbook_due', columnNames: ['next_try_at'] },
    ],
  }),
  new Table({
    name: 'playbook_share',
    columns: [
      text('playbook', 26, { isPrimary: true }),
      whole('place', { isPrimary: true }),
      whole('member'),
      whole('points'),
      small('state'),
    ],
    indices: [
      { name: 'playbook_share_state', columnNames: ['playbook', 'state', 'place'] },
      { name: 'playbook_share_member', columnNames: ['member'] },
    ],
  }),
  // One row that whoever applies a playbook takes first, so that none spends what another counts on.
  new Table({
    name: 'playbook_turn',
    columns: [whole('id', { isPrimary: true }), whole('at')],
  }),
]

/** Who came too late for an offer, and what operators did about it (R14). */
export class CreatePlaybooks1767225602500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table.name, true)
  }
}
