import type { MigrationInterface, QueryRunner } from 'typeorm'

const COLUMNS = [
  ['card', 'text'],
  ['activation', 'text'],
  ['used_fee_minor', 'bigint'],
] as const

/** What a card does and did, and the delivery fee of an order that used a coupon for it. */
export class AddCards1767225602430 implements MigrationInterface {
  readonly name = 'AddCards1767225602430'

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [column, type] of COLUMNS) {
      // MySQL commits with every change: whoever comes here again after a fall finds it done.
      if (await queryRunner.hasColumn('coupon_code', column)) continue
      await queryRunner.query(`ALTER TABLE coupon_code ADD COLUMN ${column} ${type} NULL`)
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [column] of COLUMNS) {
      await queryRunner.query(`ALTER TABLE coupon_code DROP COLUMN ${column}`)
    }
  }
}
