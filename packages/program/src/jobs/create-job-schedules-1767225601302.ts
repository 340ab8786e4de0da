import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { counted, json, text, whole } from '../database/table-columns.js'

const FAILURES = new Table({
  name: 'job_failure',
  columns: [counted('id'), text('job', 64), whole('failed_at'), text('server', 64), json('error')],
  indices: [{ name: 'job_failure_job', columnNames: ['job', 'id'] }],
})

/** By which schedule a job's next run was set, and what failed lately. Can run again after it failed
 * half-way. */
export class CreateJobSchedules1767225601302 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(FAILURES.clone(), true)
    if (await runner.hasColumn('job', 'schedule')) return
    await runner.query('ALTER TABLE job ADD COLUMN schedule varchar(200) NULL')
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('job', 'schedule')) {
      await runner.query('ALTER TABLE job DROP COLUMN schedule')
    }
    await runner.dropTable(FAILURES.name, true)
  }
}
