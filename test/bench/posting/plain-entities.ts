import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'

/** The ledger's tables as an ordinary TypeORM programme would describe them: a property a column. */

export type Row = Record<string, string | number | null>

const TABLES = {
  ledger_wallet: {
    key: ['id'],
    whole: ['version', 'available', 'pending', 'claimable', 'held', 'frozen', 'debt', 'last_lot'],
    text: ['head', 'memo'],
    others: ['next_due_at', 'updated_at'],
  },
  ledger_lot: {
    key: ['wallet_id', 'seq'],
    whole: ['is_open', 'granted', 'available', 'pending', 'claimable', 'held', 'frozen'],
    text: ['kind', 'source', 'ref'],
    others: [
      ...['earned_at', 'confirm_at', 'claim_ms', 'claim_by', 'expires_at'],
      ...['lapsed', 'voided'],
    ],
  },
  ledger_transaction: {
    key: ['seq'],
    whole: ['wallet_id', 'version', 'recorded_at', 'effective_at'],
    text: ['idem_key', 'type', 'reason', 'previous_hash', 'hash', 'body'],
    others: [],
  },
  ledger_entry: {
    key: ['wallet_id', 'version', 'position'],
    whole: ['lot', 'amount'],
    text: ['account'],
    others: [],
  },
  ledger_record: {
    key: ['kind', 'ref'],
    whole: ['wallet_id', 'due_at'],
    text: ['body'],
    others: [],
  },
} as const

export type TableName = keyof typeof TABLES

const WHOLE: EntitySchemaColumnOptions = {
  type: 'bigint',
  nullable: true,
  transformer: { to: (value) => value, from: (value) => (value === null ? null : Number(value)) },
}
const TEXT: EntitySchemaColumnOptions = { type: 'text', nullable: true }

export const PLAIN_ENTITIES = Object.entries(TABLES).map(
  ([name, { key, whole, text, others }]) =>
    new EntitySchema<Row>({
      name,
      tableName: name,
      columns: {
        ...asColumns(whole, WHOLE),
        ...asColumns(others, WHOLE),
        ...asColumns(text, TEXT),
        ...asColumns(key, { ...(name === 'ledger_record' ? TEXT : WHOLE), primary: true }),
        ...(name === 'ledger_transaction' && {
          seq: { type: 'integer', primary: true, generated: 'increment' },
        }),
      } as Record<string, EntitySchemaColumnOptions>,
    }),
)

function asColumns(names: readonly string[], column: EntitySchemaColumnOptions) {
  return Object.fromEntries(names.map((name) => [name, column]))
}
