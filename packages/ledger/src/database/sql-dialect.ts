import type { Dialect, SqlDialect } from './database.js'
import { isDuplicateKey, isRetryable } from './faults.js'

/** What an `INSERT` does with a row whose key is there already. */
export type OnConflict = 'fail' | 'ignore' | 'update'

export interface InsertStatement {
  readonly table: string
  readonly columns: readonly string[]
  /** The key that `ignore` and `update` speak of; the table has no other unique key they may hit. */
  readonly key: readonly string[]
  readonly onConflict: OnConflict
  /** What `update` changes; default: all columns that are not of the key. */
  readonly update?: readonly string[]
}

export const SQLITE_DIALECT = openDialect('sqlite')
export const MYSQL_DIALECT = openDialect('mysql')

/** Everything of an `INSERT` before `VALUES` and after the rows. */
export function insertParts(
  dialect: Dialect,
  statement: InsertStatement,
): { readonly head: string; readonly tail: string } {
  const names = statement.columns.map((name) => quote(dialect, name)).join(', ')
  return {
    head: `INSERT INTO ${quote(dialect, statement.table)} (${names}) VALUES`,
    tail: conflictClause(dialect, statement),
  }
}

function openDialect(name: Dialect): SqlDialect {
  const insert = (statement: InsertStatement) => {
    const { head, tail } = insertParts(name, statement)
    return `${head} (${statement.columns.map(() => '?').join(', ')})${tail}`
  }
  return {
    name,
    quote: (identifier) => quote(name, identifier),
    upsert: (statement) => insert({ ...statement, onConflict: 'update' }),
    insertIgnore: (statement) => insert({ ...statement, onConflict: 'ignore' }),
    isDuplicateKey,
    isRetryable,
  }
}

function conflictClause(dialect: Dialect, statement: InsertStatement): string {
  const { columns, key, onConflict } = statement
  if (onConflict === 'fail') return ''
  const q = (name: string) => quote(dialect, name)
  const update = statement.update ?? columns.filter((column) => !key.includes(column))
  if (dialect === 'sqlite') {
    const target = `ON CONFLICT (${key.map(q).join(', ')})`
    if (onConflict === 'ignore' || update.length === 0) return ` ${target} DO NOTHING`
    return ` ${target} DO UPDATE SET ${update.map((c) => `${q(c)} = excluded.${q(c)}`).join(', ')}`
  }
  // Not INSERT IGNORE: that also swallows values that do not fit, and it takes shared locks on the
  // rows that are there, over which two such statements deadlock.
  const set =
    onConflict === 'ignore' || update.length === 0
      ? [`${q(key[0]!)} = ${q(key[0]!)}`]
      : update.map((c) => `${q(c)} = VALUES(${q(c)})`)
  return ` ON DUPLICATE KEY UPDATE ${set.join(', ')}`
}

function quote(dialect: Dialect, name: string): string {
  return dialect === 'sqlite'
    ? `"${name.replaceAll('"', '""')}"`
    : `\`${name.replaceAll('`', '``')}\``
}
