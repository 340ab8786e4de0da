import { jsonColumn, tableColumn, textColumn, wholeColumn } from '@pointwell/ledger'
import type { TableColumnOptions } from 'typeorm'

interface Options {
  readonly isNullable?: boolean
  readonly isPrimary?: boolean
}

/** Columns of the programme's tables, the same on both dialects. */

/** A row's own number, counted up by the database. */
export function counted(name: string): TableColumnOptions {
  return tableColumn(name, wholeColumn(), { isPrimary: true, isGenerated: true })
}

/** A whole number to 2^53−1: points, epoch milliseconds, minor units. */
export function whole(name: string, options: Options = {}): TableColumnOptions {
  return column(name, wholeColumn(), options)
}

/** 0 or 1, or another very small number. */
export function small(name: string, options: Options = {}): TableColumnOptions {
  return column(name, { type: 'tinyint' }, options)
}

export function text(name: string, length: number, options: Options = {}): TableColumnOptions {
  return column(name, textColumn(length), options)
}

/** JSON that nobody asks the database about. */
export function json(name: string, options: Options = {}): TableColumnOptions {
  return column(name, jsonColumn(), options)
}

function column(
  name: string,
  type: { readonly type: string; readonly length?: number },
  { isNullable = false, isPrimary = false }: Options,
): TableColumnOptions {
  return tableColumn(name, { ...type, nullable: isNullable }, { isPrimary })
}
