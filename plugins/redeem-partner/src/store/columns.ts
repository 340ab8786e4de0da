import type { TableColumnOptions, ValueTransformer } from 'typeorm'

/** MySQL answers with text where a number is wider than 32 bits; ours are all up to 2^53−1. */
const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}

/** Of entities. */
export const textField = (name: string, length: number) =>
  ({ name, type: 'varchar', length }) as const
export const textOrNull = (name: string, length: number) =>
  ({ name, type: 'varchar', length, nullable: true }) as const
export const wholeField = (name: string) =>
  ({ name, type: 'bigint', transformer: wholeNumber }) as const
export const wholeOrNull = (name: string) =>
  ({ name, type: 'bigint', nullable: true, transformer: wholeNumber }) as const

/** Of migrations. */
export function textColumn(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) }
}
/** A whole number up to 2^53−1: minor units, epoch milliseconds. */
export function wholeColumn(name: string): TableColumnOptions {
  return { name, type: 'bigint' }
}
export function orNull(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true }
}
