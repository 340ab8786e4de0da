import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm'

const INDEX = 'game_stake_due'

/** When the payments of a round that has ended are to be gone on with. */
export class AddStakeDue1767225603410 implements MigrationInterface {
  readonly name = 'AddStakeDue1767225603410'

  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits with every change: whoever comes here again after a fall finds it done.
    if (!(await queryRunner.hasColumn('game_stake', 'due_at'))) {
      await queryRunner.query('ALTER TABLE game_stake ADD COLUMN due_at bigint NULL')
    }
    const table = await queryRunner.getTable('game_stake')
    if (!table?.indices.some(({ name }) => name === INDEX)) {
      const index = new TableIndex({ name: INDEX, columnNames: ['due_at', 'id'] })
      await queryRunner.createIndex('game_stake', index)
    }
    // Rounds that broke off before there was this: whoever is paid already is not paid again.
    await queryRunner.query(
      'UPDATE game_stake SET due_at = ended_at WHERE ended_at IS NOT NULL AND due_at IS NULL',
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('game_stake', INDEX)
    await queryRunner.query('ALTER TABLE game_stake DROP COLUMN due_at')
  }
}
