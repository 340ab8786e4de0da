import type { MigrationInterface, QueryRunner } from 'typeorm'
import { TableColumn } from 'typeorm'
import { json } from '../database/table-columns.js'

/** The part of a promised price that is paid in money. */
export class AddQuoteCash1767225602450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('quote', new TableColumn(json('cash', { isNullable: true })))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('quote', 'cash')
  }
}
