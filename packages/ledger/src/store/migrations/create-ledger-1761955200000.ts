import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import {
  tableColumn as column,
  jsonColumn,
  textColumn,
  wholeColumn,
} from '../../database/columns.js'

const whole = (name: string, isPrimary = false) => column(name, wholeColumn(), { isPrimary })
const maybeWhole = (name: string) => column(name, { ...wholeColumn(), nullable: true })
const text = (name: string, length: number, isPrimary = false) =>
  column(name, textColumn(length), { isPrimary })
const maybeText = (name: string, length: number) =>
  column(name, { ...textColumn(length), nullable: true })
const json = (name: string) => column(name, jsonColumn())
const flag = (name: string) => column(name, { type: 'tinyint' })
const counted = (name: string) =>
  column(name, wholeColumn(), { isPrimary: true, isGenerated: true })
const BALANCE = ['available', 'pending', 'claimable', 'held', 'frozen']

const TABLES = [
  new Table({
    name: 'ledger_wallet',
    columns: [
      whole('id', true),
      whole('version'),
      ...BALANCE.map((name) => whole(name)),
      whole('debt'),
      whole('last_lot'),
      maybeWhole('next_due_at'),
      text('head', 64),
      json('memo'),
      whole('updated_at'),
    ],
    indices: [{ name: 'ledger_wallet_due', columnNames: ['next_due_at'] }],
  }),
  new Table({
    name: 'ledger_lot',
    withoutRowid: true,
    columns: [
      whole('wallet_id', true),
      whole('seq', true),
      flag('is_open'),
      text('kind', 100),
      text('source', 100),
      maybeText('ref', 400),
      whole('granted'),
      ...BALANCE.map((name) => whole(name)),
      whole('earned_at'),
      maybeWhole('confirm_at'),
      maybeWhole('claim_ms'),
      maybeWhole('claim_by'),
      maybeWhole('expires_at'),
      whole('lapsed'),
      whole('voided'),
    ],
    indices: [{ name: 'ledger_lot_open', columnNames: ['wallet_id', 'is_open'] }],
  }),
  new Table({
    name: 'ledger_transaction',
    columns: [
      counted('seq'),
      whole('wallet_id'),
      whole('version'),
      text('idem_key', 201),
      text('type', 20),
      text('reason', 200),
      whole('recorded_at'),
      whole('effective_at'),
      text('previous_hash', 64),
      text('hash', 64),
      json('body'),
    ],
    indices: [
      {
        name: 'ledger_transaction_version',
        columnNames: ['wallet_id', 'version'],
        isUnique: true,
      },
      { name: 'ledger_transaction_key', columnNames: ['idem_key'], isUnique: true },
    ],
  }),
  new Table({
    name: 'ledger_entry',
    withoutRowid: true,
    columns: [
      whole('wallet_id', true),
      whole('version', true),
      column('position', { type: 'int' }, { isPrimary: true }),
      text('account', 200),
      maybeWhole('lot'),
      whole('amount'),
    ],
  }),
  new Table({
    name: 'ledger_record',
    columns: [
      text('kind', 101, true),
      text('ref', 401, true),
      whole('wallet_id'),
      maybeWhole('due_at'),
      json('body'),
    ],
    indices: [
      { name: 'ledger_record_due', columnNames: ['kind', 'due_at'] },
      { name: 'ledger_record_wallet', columnNames: ['wallet_id', 'kind', 'ref'] },
    ],
  }),
  new Table({
    name: 'ledger_counter',
    columns: [text('id', 201, true), whole('value')],
  }),
  new Table({
    name: 'ledger_figure',
    columns: [
      counted('seq'),
      flag('is_folded'),
      whole('recorded_at'),
      text('account', 200),
      json('labels'),
      whole('amount'),
      whole('transactions'),
    ],
    indices: [{ name: 'ledger_figure_time', columnNames: ['is_folded', 'recorded_at'] }],
  }),
  new Table({
    name: 'ledger_seal',
    columns: [whole('id', true), whole('sealed_at'), text('root', 128), text('previous_root', 128)],
  }),
  new Table({
    name: 'ledger_seal_head',
    withoutRowid: true,
    columns: [whole('seal_id', true), whole('wallet_id', true), whole('version'), text('head', 64)],
    indices: [{ name: 'ledger_seal_head_wallet', columnNames: ['wallet_id', 'version'] }],
  }),
]

/** The ledger's tables. MySQL keeps what was made when a later statement fails, so each is made
 * only when it is not there, and the migration can run again. */
export class CreateLedger1761955200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.dropTable(name, true)
  }
}
