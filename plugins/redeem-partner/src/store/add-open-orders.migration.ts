import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm'

const INDEX = 'partner_right_open'

/** Orders that are open, in the order in which an operator reads them. */
export class AddOpenOrders1767225603130 implements MigrationInterface {
  readonly name = 'AddOpenOrders1767225603130'

  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits with every change: whoever comes here again after a fall finds it done.
    const table = await queryRunner.getTable('partner_right')
    if (table?.indices.some(({ name }) => name === INDEX)) return
    const columnNames = ['partner_id', 'status', 'ordered_at', 'redemption_id']
    await queryRunner.createIndex('partner_right', new TableIndex({ name: INDEX, columnNames }))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('partner_right', INDEX)
  }
}
