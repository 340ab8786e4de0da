/** A row as a driver gives it. */
export type Row = Readonly<Record<string, unknown>>
export type Select = (sql: string) => Promise<Row[]>

/** Drivers give JSON as text or read it themselves. */
export function jsonOf(value: unknown): Row {
  return typeof value === 'string' ? JSON.parse(value) : (value as Row)
}
