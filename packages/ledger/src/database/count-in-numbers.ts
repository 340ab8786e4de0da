import type { DataSource } from 'typeorm'
import { readWhole } from './columns.js'

/** TypeORM makes a text of every large number that the database counts up, where everybody else has
 * a number: an entity would have one id when it is saved and another one when it is read. */
export function countInNumbers(source: DataSource): void {
  for (const column of source.entityMetadatas.flatMap(({ columns }) => columns)) {
    if (column.generationStrategy !== 'increment' || column.embeddedMetadata) continue
    column.createValueMap = (value: unknown, useDatabaseName = false) => ({
      [useDatabaseName ? column.databaseName : column.propertyName]:
        value === null || value === undefined ? value : readWhole(value),
    })
  }
}
