import type { TableColumnOptions, ValueTransformer } from 'typeorm'

/**
 * Columns that mean the same on both dialects, for entities (`@Column(wholeColumn())`,
 * `@PrimaryGeneratedColumn(wholeColumn())`) and, with a name, for migrations
 * (`new Table({ columns: [tableColumn('points', wholeColumn())] })`).
 */

/** A whole number up to 2^53−1, such as points or epoch milliseconds, as a JS number. */
export function wholeColumn() {
  return { type: 'bigint', transformer: WHOLE } as const
}

/** Text of up to `length` characters, compared as it is written. */
export function textColumn(length: number) {
  return { type: 'varchar', length } as const
}

/** Any JSON, as text: nobody asks the database about what is in it. */
export function jsonColumn() {
  return { type: 'mediumtext', transformer: JSON_TEXT } as const
}

/** The same column in a migration. */
export function tableColumn(
  name: string,
  column: { readonly type: string; readonly length?: number; readonly nullable?: boolean },
  options: Pick<TableColumnOptions, 'isPrimary' | 'isGenerated'> = {},
): TableColumnOptions {
  return {
    name,
    type: column.type,
    ...(column.length === undefined ? {} : { length: String(column.length) }),
    isNullable: column.nullable ?? false,
    ...options,
    ...(options.isGenerated ? { generationStrategy: 'increment' } : {}),
  }
}

/** A whole number as it came from a driver, exact or not at all. */
export function readWhole(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a whole number to 2^53−1: ${value}`)
  return number as number
}

export function readWholeOrNull(value: unknown): number | null {
  return value === null ? null : readWhole(value)
}

const WHOLE: ValueTransformer = {
  to: (value: unknown) => (typeof value === 'number' ? readWhole(value) : value),
  from: (value: unknown) => (value === null || value === undefined ? value : readWhole(value)),
}

const JSON_TEXT: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? value : JSON.stringify(value)),
  from: (value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value),
}
