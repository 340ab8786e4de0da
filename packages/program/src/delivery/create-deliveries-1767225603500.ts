import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const TABLE = new Table({
  name: 'message_delivery',
  columns: [
    counted('id'),
    text('ref', 64),
    whole('message'),
    text('notifier', 64),
    text('state', 10),
    whole('attempts'),
    whole('asked_at'),
    whole('due_at', { isNullable: true }),
    text('claim', 36, { isNullable: true }),
    json('detail', { isNullable: true }),
    whole('ended_at', { isNullable: true }),
  ],
  indices: [
    { name: 'message_delivery_once', columnNames: ['message', 'notifier'], isUnique: true },
    { name: 'message_delivery_due', columnNames: ['due_at'] },
    { name: 'message_delivery_claim', columnNames: ['claim'] },
    { name: 'message_delivery_state', columnNames: ['state', 'id'] },
  ],
})

/** What notifiers have to deliver, and what came of it. */
export class CreateDeliveries1767225603500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(TABLE.clone(), true)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE.name, true)
  }
}
