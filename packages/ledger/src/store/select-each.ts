import type { SqlConnection } from '../database/sql-connection.js'

/**
 * So many times the same `SELECT` with an order and a limit of its own, as one statement. SQLite wants
 * a query inside each; MySQL would put the rows of such a query into a temporary table, and those with
 * documents into one on disk.
 */
export function selectEach(
  { dialect }: Pick<SqlConnection, 'dialect'>,
  select: string,
  times: number,
): string {
  if (times === 1) return select
  const branch = dialect === 'sqlite' ? `SELECT * FROM (${select})` : `(${select})`
  return Array.from({ length: times }, () => branch).join(' UNION ALL ')
}
