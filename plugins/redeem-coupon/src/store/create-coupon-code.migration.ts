import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
  type TableColumnOptions,
  TableIndex,
} from 'typeorm'

/** The table of coupons, on SQLite and MySQL alike. */
export class CreateCouponCode1767225600000 implements MigrationInterface {
  readonly name = 'CreateCouponCode1767225600000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const onMysql = queryRunner.dataSource.driver.options.type !== 'better-sqlite3'
    /** Ids differ by case, which MySQL forgets unless it is told; SQLite always minds. */
    const id = (length: number): Partial<TableColumnOptions> => ({
      type: 'varchar',
      length: String(length),
      ...(onMysql && { charset: 'ascii', collation: 'ascii_bin' }),
    })
    const text: Partial<TableColumnOptions> = {
      type: 'text',
      ...(onMysql && { charset: 'utf8mb4', collation: 'utf8mb4_bin' }),
    }
    const column = (name: string, options: Partial<TableColumnOptions>) =>
      new TableColumn({ type: 'bigint', ...options, name })

    await queryRunner.createTable(
      new Table({
        name: 'coupon_code',
        columns: [
          column('code', { ...id(24), isPrimary: true }),
          column('redemption_id', id(64)),
          column('member_id', id(64)),
          column('offer_id', id(64)),
          column('title', text),
          column('type', id(24)),
          column('amount_minor', {}),
          column('threshold_minor', {}),
          column('currency', id(3)),
          column('issued_at', {}),
          column('expires_at', {}),
          column('extended', { type: 'smallint' }),
          column('status', id(8)),
          column('used_order_id', { ...id(64), isNullable: true }),
          column('used_order_minor', { isNullable: true }),
          column('discount_minor', { isNullable: true }),
          column('used_at', { isNullable: true }),
          column('released_order_id', { ...id(64), isNullable: true }),
          column('voided_at', { isNullable: true }),
          column('version', { type: 'int' }),
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
