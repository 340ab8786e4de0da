import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'price_index',
  columns: [
    text('month', 7, { isPrimary: true }),
    text('figure', 20),
    text('recorded_by', 128),
    whole('recorded_at'),
  ],
})

/** Prices of the country by month, which the value of a point can follow. */
export class CreatePriceIndex1767225602000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
