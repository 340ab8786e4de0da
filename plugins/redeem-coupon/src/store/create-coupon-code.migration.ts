import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  type TableColumnOptions,
  TableIndex,
} from 'typeorm'

/** The table of coupons, the same on SQLite and MySQL. */
export class CreateCouponCode1767225600000 implements MigrationInterface {
  readonly name = 'CreateCouponCode1767225600000'

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'coupon_code',
        columns: [
          { ...id('code', 24), isPrimary: true },
          id('redemption_id', 64),
          id('member_id', 64),
          id('offer_id', 64),
          { name: 'title', type: 'text' },
          id('type', 24),
          whole('amount_minor'),
          whole('threshold_minor'),
          id('currency', 3),
          whole('issued_at'),
          whole('expires_at'),
          { name: 'extended', type: 'smallint' },
          id('status', 8),
          { ...id('used_order_id', 64), isNullable: true },
          { ...whole('used_order_minor'), isNullable: true },
          { ...whole('discount_minor'), isNullable: true },
          { ...whole('used_at'), isNullable: true },
          { ...id('released_order_id', 64), isNullable: true },
          { ...whole('voided_at'), isNullable: true },
          { name: 'version', type: 'int' },
        ],
        indices: [
          new TableIndex({
            name: 'coupon_code_redemption',
            columnNames: ['redemption_id'],
            isUnique: true,
          }),
          new TableIndex({
            name: 'coupon_code_member',
            columnNames: ['member_id', 'issued_at', 'code'],
          }),
        ],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('coupon_code')
  }
}

function id(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) }
}

/** A whole number up to 2^53−1: minor units, epoch milliseconds. */
function whole(name: string): TableColumnOptions {
  return { name, type: 'bigint' }
}
