import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm'
import { orNull, textColumn, wholeColumn } from './columns.js'

/** Partners, their counters and ledger, what members got of them, and pools of codes: the same on
 * SQLite and MySQL. */
export class CreatePartner1767225603120 implements MigrationInterface {
  readonly name = 'CreatePartner1767225603120'

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.createTable(table)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await queryRunner.dropTable(name)
  }
}

const key = (name: string, length: number) => ({ ...textColumn(name, length), isPrimary: true })

const TABLES = [
  new Table({
    name: 'partner_account',
    columns: [
      key('id', 64),
      { name: 'title', type: 'text' },
      textColumn('terms', 8),
      textColumn('currency', 3),
      orNull(wholeColumn('credit_limit_minor')),
      { name: 'active', type: 'smallint' },
      orNull(textColumn('api_url', 500)),
      orNull(textColumn('secret_name', 40)),
      wholeColumn('created_at'),
      { name: 'version', type: 'int' },
    ],
  }),
  new Table({
    name: 'partner_balance',
    columns: [
      key('partner_id', 64),
      wholeColumn('balance_minor'),
      wholeColumn('reserved_minor'),
      wholeColumn('floor_minor'),
    ],
  }),
  new Table({
    name: 'partner_entry',
    columns: [
      key('posting', 200),
      key('account', 8),
      textColumn('partner_id', 64),
      textColumn('kind', 8),
      wholeColumn('amount_minor'),
      orNull(textColumn('redemption_id', 64)),
      orNull(textColumn('offer_id', 64)),
      wholeColumn('at'),
    ],
    indices: [
      new TableIndex({
        name: 'partner_entry_statement',
        columnNames: ['partner_id', 'account', 'at', 'posting'],
      }),
      new TableIndex({ name: 'partner_entry_redemption', columnNames: ['redemption_id'] }),
    ],
  }),
  new Table({
    name: 'partner_right',
    columns: [
      key('redemption_id', 64),
      textColumn('partner_id', 64),
      textColumn('member_id', 64),
      textColumn('offer_id', 64),
      { name: 'title', type: 'text' },
      textColumn('source', 12),
      wholeColumn('cost_minor'),
      { name: 'returnable', type: 'smallint' },
      orNull(textColumn('product', 64)),
      orNull(textColumn('privilege', 64)),
      textColumn('status', 12),
      orNull(textColumn('code', 200)),
      orNull(wholeColumn('starts_at')),
      orNull(wholeColumn('ends_at')),
      wholeColumn('ordered_at'),
      orNull(wholeColumn('given_at')),
      orNull(wholeColumn('voided_at')),
      orNull(textColumn('refusal', 64)),
      { name: 'attempts', type: 'int' },
      wholeColumn('asked_until'),
      { name: 'version', type: 'int' },
    ],
    indices: [
      new TableIndex({
        name: 'partner_right_member',
        columnNames: ['member_id', 'privilege', 'ends_at'],
      }),
      new TableIndex({ name: 'partner_right_given', columnNames: ['partner_id', 'given_at'] }),
      new TableIndex({ name: 'partner_right_voided', columnNames: ['partner_id', 'voided_at'] }),
    ],
  }),
  new Table({
    name: 'partner_code',
    columns: [
      key('offer_id', 64),
      key('code', 200),
      textColumn('partner_id', 64),
      textColumn('status', 8),
      orNull(textColumn('redemption_id', 64)),
      wholeColumn('imported_at'),
    ],
    indices: [
      new TableIndex({
        name: 'partner_code_redemption',
        columnNames: ['redemption_id'],
        isUnique: true,
      }),
      new TableIndex({ name: 'partner_code_free', columnNames: ['offer_id', 'status', 'code'] }),
      new TableIndex({
        name: 'partner_code_partner',
        columnNames: ['partner_id', 'offer_id', 'status'],
      }),
    ],
  }),
]
