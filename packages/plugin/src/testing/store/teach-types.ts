import type { DataSource, TableColumn } from 'typeorm'

interface ColumnLike {
  readonly type?: unknown
  readonly isGenerated?: boolean
  readonly generationStrategy?: string
}
interface SqliteDriver {
  supportedDataTypes: string[]
  normalizeType(column: ColumnLike): string
  createFullType(column: TableColumn): string
}

/** Makes what entities and migrations say for MySQL true for SQLite, as the server's own store does, so that
 * a plugin says it once: long texts, and rows that are numbered by a `bigint`. */
export function teachTypes(source: DataSource): void {
  const driver = source.driver as unknown as SqliteDriver
  driver.supportedDataTypes.push('mediumtext', 'longtext')
  const { normalizeType, createFullType } = driver
  driver.normalizeType = (column) =>
    isCounted(column) ? 'integer' : normalizeType.call(driver, column)
  driver.createFullType = (column) =>
    isCounted(column) || column.type === 'int' ? 'integer' : createFullType.call(driver, column)
}

function isCounted({ type, isGenerated, generationStrategy }: ColumnLike): boolean {
  return type === 'bigint' && isGenerated === true && generationStrategy === 'increment'
}
