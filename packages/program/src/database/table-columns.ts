import type { TableColumnOptions } from 'typeorm'

type Options = Pick<TableColumnOptions, 'isNullable' | 'isPrimary'>

/** Columns of the programme's tables, the same on both dialects. */

/** A row's own number, counted up by the database. */
export function counted(name: string): TableColumnOptions {
  return {
    name,
    type: 'bigint',
    isPrimary: true,
    isGenerated: true,
    generationStrategy: 'increment',
  }
}

/** A whole number to 2^53−1: points, epoch milliseconds, minor units. */
export function whole(name: string, options: Options = {}): TableColumnOptions {
  return { name, type: 'bigint', ...options }
}

/** 0 or 1, or another very small number. */
export function small(name: string, options: Options = {}): TableColumnOptions {
  return { name, type: 'tinyint', ...options }
}

export function text(name: string, length: number, options: Options = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options }
}

/** JSON that nobody asks the database about. */
export function json(name: string, options: Options = {}): TableColumnOptions {
  return { name, type: 'mediumtext', ...options }
}
