import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm'
import { whole } from '../database/table-columns.js'

const INDEX = 'audit_entry_member'

/** The member that an entry about something else speaks of, by the number of its wallet. */
export class AddAuditMember1767225602520 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // MySQL commits with every change: whoever comes here again after a fall finds it done.
    if (!(await runner.hasColumn('audit_entry', 'member'))) {
      await runner.addColumn('audit_entry', new TableColumn(whole('member', { isNullable: true })))
    }
    const table = await runner.getTable('audit_entry')
    if (table?.indices.some(({ name }) => name === INDEX)) return
    const index = new TableIndex({ name: INDEX, columnNames: ['member'] })
    await runner.createIndex('audit_entry', index)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('audit_entry', INDEX)
    await runner.dropColumn('audit_entry', 'member')
  }
}
