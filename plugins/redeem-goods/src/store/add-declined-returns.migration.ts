import type { MigrationInterface, QueryRunner } from 'typeorm'

const COLUMNS = [
  ['return_declined_at', 'bigint'],
  ['return_declined_because', 'varchar(500)'],
] as const

/** When a return was declined, and why. */
export class AddDeclinedReturns1767225603115 implements MigrationInterface {
  readonly name = 'AddDeclinedReturns1767225603115'

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [column, type] of COLUMNS) {
      // MySQL commits with every change: whoever comes here again after a fall finds it done.
      if (await queryRunner.hasColumn('goods_shipment', column)) continue
      await queryRunner.query(`ALTER TABLE goods_shipment ADD COLUMN ${column} ${type} NULL`)
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [column] of COLUMNS) {
      await queryRunner.query(`ALTER TABLE goods_shipment DROP COLUMN ${column}`)
    }
  }
}
