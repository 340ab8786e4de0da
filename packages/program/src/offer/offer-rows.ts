import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { Offer, OfferTerms } from './offer-terms.js'
import { termsOf } from './terms-of.js'

const COLUMNS = [
  'id',
  'version',
  'channel',
  'active',
  'from_at',
  'until_at',
  'terms',
  'created_at',
  'updated_at',
] as const

const SELECT = `SELECT id, version, terms, created_at, updated_at FROM offer`

export async function selectOffers(
  connection: SqlConnection,
  ids: readonly string[],
): Promise<Map<string, Offer>> {
  const asked = ids.filter((id) => id.length > 0 && id.length <= 64)
  if (asked.length === 0) return new Map()
  const rows = await connection.select(`${SELECT} WHERE id IN (?)`, [asked])
  return new Map(rows.map(readOffer).map((offer) => [offer.id, offer]))
}

/** In the order of their ids, after one; `openAt`: only what is active and open at this instant. */
export async function selectOfferPage(
  connection: SqlConnection,
  {
    after,
    limit,
    channel,
    openAt,
  }: { after: string; limit: number; channel: string | null; openAt: number | null },
): Promise<Offer[]> {
  const conditions = ['id > ?']
  const values: (string | number)[] = [after]
  if (channel !== null) {
    conditions.push('channel = ?')
    values.push(channel)
  }
  if (openAt !== null) {
    conditions.push(
      'active = 1',
      '(from_at IS NULL OR from_at <= ?)',
      '(until_at IS NULL OR until_at > ?)',
    )
    values.push(openAt, openAt)
  }
  const rows = await connection.select(
    `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?`,
    [...values, limit],
  )
  return rows.map(readOffer)
}

/** Those that somebody may still get from an instant on, in the order of their ids. */
export async function selectOffersFrom(connection: SqlConnection, from: number): Promise<Offer[]> {
  const rows = await connection.select(
    `${SELECT} WHERE active = 1 AND (until_at IS NULL OR until_at > ?) ORDER BY id`,
    [from],
  )
  return rows.map(readOffer)
}

/** A duplicate key when there is an offer of this id. */
export async function insertOffer(connection: SqlConnection, offer: Offer): Promise<void> {
  await connection.insert({ table: 'offer', columns: COLUMNS, key: ['id'], onConflict: 'fail' }, [
    writeOffer(offer),
  ])
}

/** False when the row is no longer at the version before `offer.version`. */
export async function updateOfferRow(connection: SqlConnection, offer: Offer): Promise<boolean> {
  const [, ...columns] = COLUMNS
  const [, ...values] = writeOffer(offer)
  const set = columns.map((column) => `${column} = ?`).join(', ')
  const changed = await connection.run(`UPDATE offer SET ${set} WHERE id = ? AND version = ?`, [
    ...values,
    offer.id,
    offer.version - 1,
  ])
  return changed === 1
}

function writeOffer({ id, version, createdAt, updatedAt, ...terms }: Offer) {
  return [
    id,
    version,
    terms.channel,
    terms.active ? 1 : 0,
    terms.window.from,
    terms.window.until,
    JSON.stringify(terms satisfies OfferTerms),
    createdAt,
    updatedAt,
  ]
}

function readOffer(row: SqlRow): Offer {
  return {
    ...termsOf(String(row.terms)),
    id: String(row.id),
    version: Number(row.version),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}
