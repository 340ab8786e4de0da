import type { SqlConnection } from '@pointwell/ledger'

/** A month of the price index. */
export interface PriceIndexMonth {
  /** `YYYY-MM`. */
  readonly month: string
  /** A decimal. */
  readonly figure: string
  readonly recordedBy: string
  /** Epoch milliseconds. */
  readonly recordedAt: number
}

/** All months, or those from one through another, in order. */
export async function selectPriceIndex(
  connection: SqlConnection,
  { from = '', through = '9999-12' }: { from?: string; through?: string } = {},
): Promise<PriceIndexMonth[]> {
  const rows = await connection.select(
    `SELECT month, figure, recorded_by, recorded_at FROM price_index
     WHERE month >= ? AND month <= ? ORDER BY month`,
    [from, through],
  )
  return rows.map((row) => ({
    month: String(row.month),
    figure: String(row.figure),
    recordedBy: String(row.recorded_by),
    recordedAt: Number(row.recorded_at),
  }))
}

/** A month that is there already gets the new figure. */
export async function upsertPriceIndex(
  connection: SqlConnection,
  months: readonly PriceIndexMonth[],
): Promise<void> {
  await connection.insert(
    {
      table: 'price_index',
      columns: ['month', 'figure', 'recorded_by', 'recorded_at'],
      key: ['month'],
      onConflict: 'update',
    },
    months.map(({ month, figure, recordedBy, recordedAt }) => [
      month,
      figure,
      recordedBy,
      recordedAt,
    ]),
  )
}
