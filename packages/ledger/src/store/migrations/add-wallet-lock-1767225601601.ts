import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What keeps the points of a wallet from being used. */
export class AddWalletLock1767225601601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // MySQL commits with every table: whoever comes here again after a fall finds it done.
    if (await runner.hasColumn('ledger_wallet', 'use_lock')) return
    await runner.query('ALTER TABLE ledger_wallet ADD COLUMN use_lock mediumtext NULL')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_wallet DROP COLUMN use_lock')
  }
}
