import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  type TableColumnOptions,
  TableIndex,
} from 'typeorm'

/** The tables of shipments and of pools of codes, the same on SQLite and MySQL. */
export class CreateGoods1767225603110 implements MigrationInterface {
  readonly name = 'CreateGoods1767225603110'

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'goods_shipment',
        columns: [
          { ...id('redemption_id', 64), isPrimary: true },
          id('member_id', 64),
          id('offer_id', 64),
          { name: 'title', type: 'text' },
          id('kind', 16),
          orNull(id('address_ref', 64)),
          orNull(id('account', 64)),
          orNull(id('sku', 64)),
          orNull(id('code', 200)),
          orNull({ name: 'return_days', type: 'int' }),
          id('status', 24),
          instant('ordered_at'),
          orNull(instant('picked_at')),
          orNull(instant('sent_at')),
          orNull(id('carrier', 64)),
          orNull(id('tracking', 100)),
          orNull(instant('arrives_by')),
          orNull(instant('received_at')),
          orNull(instant('return_requested_at')),
          orNull(instant('return_accepted_at')),
          orNull(instant('ended_at')),
          orNull(id('note', 500)),
          { name: 'version', type: 'int' },
        ],
        indices: [
          new TableIndex({
            name: 'goods_shipment_member',
            columnNames: ['member_id', 'ordered_at', 'redemption_id'],
          }),
          new TableIndex({
            name: 'goods_shipment_work',
            columnNames: ['status', 'ordered_at', 'redemption_id'],
          }),
        ],
      }),
    )
    await queryRunner.createTable(
      new Table({
        name: 'goods_code',
        columns: [
          { ...id('offer_id', 64), isPrimary: true },
          { ...id('code', 200), isPrimary: true },
          id('status', 8),
          orNull(id('redemption_id', 64)),
          instant('imported_at'),
        ],
        indices: [
          new TableIndex({
            name: 'goods_code_redemption',
            columnNames: ['redemption_id'],
            isUnique: true,
          }),
          new TableIndex({ name: 'goods_code_free', columnNames: ['offer_id', 'status', 'code'] }),
        ],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('goods_code')
    await queryRunner.dropTable('goods_shipment')
  }
}

function id(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) }
}

/** Epoch milliseconds. */
function instant(name: string): TableColumnOptions {
  return { name, type: 'bigint' }
}

function orNull(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true }
}
