import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, text } from '../database/table-columns.js'

/** Results of an experiment are read by a stretch of days, and joined to their answers. */
const TABLE = new Table({
  name: 'survey_variant',
  columns: [
    counted('id'),
    text('redemption_id', 64),
    text('experiment', 40),
    text('variant', 40),
    text('offer_id', 64),
    text('channel', 64),
    text('day', 10),
  ],
  indices: [
    {
      name: 'survey_variant_redemption',
      columnNames: ['redemption_id', 'experiment'],
      isUnique: true,
    },
    { name: 'survey_variant_day', columnNames: ['experiment', 'day'] },
  ],
})

/** Which variants of experiments the redemptions were of that members have said something about. */
export class CreateSurveyVariants1767225603600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
