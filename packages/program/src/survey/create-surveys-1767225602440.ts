import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, small, text, whole } from '../database/table-columns.js'

/** Results are read by a stretch of days: of an offer, of a channel, or of all. */
const TABLE = new Table({
  name: 'survey_answer',
  columns: [
    counted('id'),
    text('redemption_id', 64),
    whole('wallet'),
    text('offer_id', 64),
    text('channel', 64),
    text('day', 10),
    small('score'),
    text('comment', 1_000, { isNullable: true }),
    whole('answered_at'),
    whole('changed_at', { isNullable: true }),
  ],
  indices: [
    { name: 'survey_answer_redemption', columnNames: ['redemption_id'], isUnique: true },
    { name: 'survey_answer_wallet', columnNames: ['wallet'] },
    { name: 'survey_answer_offer', columnNames: ['offer_id', 'day', 'id', 'score'] },
    { name: 'survey_answer_channel', columnNames: ['channel', 'day', 'id', 'score'] },
    { name: 'survey_answer_day', columnNames: ['day', 'id', 'score'] },
  ],
})

/** What members think of what they had for points. */
export class CreateSurveys1767225602440 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
