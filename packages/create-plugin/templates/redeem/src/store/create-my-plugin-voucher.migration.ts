import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm'

/** The table of vouchers, the same on SQLite and MySQL. */
export class CreateMyPluginVoucher1700000000000 implements MigrationInterface {
  readonly name = 'CreateMyPluginVoucher1700000000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'my_plugin_voucher',
        columns: [
          { name: 'redemption_id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'member_id', type: 'varchar', length: '64' },
          { name: 'code', type: 'varchar', length: '20' },
          { name: 'status', type: 'varchar', length: '8' },
          { name: 'expires_at', type: 'bigint' },
          { name: 'used_for', type: 'varchar', length: '64', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'my_plugin_voucher_code', columnNames: ['code'], isUnique: true }),
          new TableIndex({ name: 'my_plugin_voucher_member', columnNames: ['member_id'] }),
        ],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('my_plugin_voucher')
  }
}
