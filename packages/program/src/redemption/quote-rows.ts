import type { SqlConnection, Step } from '@pointwell/ledger'
import type { Money } from '@pointwell/plugin'
import type { Quote } from './redeem-command.js'

export async function insertQuote(connection: SqlConnection, quote: Quote): Promise<void> {
  await connection.insert(
    {
      table: 'quote',
      columns: ['id', 'member', 'offer', 'points', 'steps', 'created_at', 'expires_at', 'cash'],
      key: ['id'],
      onConflict: 'fail',
    },
    [
      [
        quote.id,
        quote.wallet,
        quote.offerId,
        quote.points,
        JSON.stringify(quote.steps),
        quote.createdAt,
        quote.expiresAt,
        quote.cash && JSON.stringify(quote.cash),
      ],
    ],
  )
}

export async function selectQuote(
  connection: SqlConnection,
  id: string,
): Promise<Quote | undefined> {
  if (!/^[0-9A-Z]{26}$/.test(id)) return undefined
  const [row] = await connection.select(
    'SELECT id, member, offer, points, steps, created_at, expires_at, cash FROM quote WHERE id = ?',
    [id],
  )
  if (!row) return undefined
  return {
    id: String(row.id),
    wallet: Number(row.member),
    offerId: String(row.offer),
    points: Number(row.points),
    steps: JSON.parse(String(row.steps)) as Step[],
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    cash: row.cash === null ? null : (JSON.parse(String(row.cash)) as Money),
  }
}

/** Quotes that ran out before an instant; answers with how many. */
export async function deleteQuotes(
  connection: SqlConnection,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const rows = await connection.select(
    'SELECT id FROM quote WHERE expires_at < ? ORDER BY expires_at LIMIT ?',
    [before, limit],
  )
  if (rows.length === 0) return 0
  return connection.run('DELETE FROM quote WHERE id IN (?)', [rows.map((row) => String(row.id))])
}
