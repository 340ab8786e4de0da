import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Whether what is kept is an act of the member, or what a source does about acts of others (M5). */
export class AddKeptByItself1767225602410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // MySQL commits with every table: whoever comes here again after a fall finds it done.
    if (await runner.hasColumn('kept_event', 'by_itself')) return
    await runner.query('ALTER TABLE kept_event ADD COLUMN by_itself tinyint NOT NULL DEFAULT 0')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kept_event DROP COLUMN by_itself')
  }
}
