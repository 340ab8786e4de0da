import { createHash } from 'node:crypto'
import type { JsonObject } from '@pointwell/ledger'

/** What was asked for as a ledger compares it, field by field: a hash of each, because whole it would lie
 * in the history twice. */
export function fingerprints(fields: Readonly<Record<string, unknown>>): JsonObject {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([field, value]) => [field, fingerprint(value)]))
}

/** Of equal JSON the same, whatever the order of names in it; 22 characters. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url')
    .slice(0, 22)
}

/** The same value with the names in all its objects in one order, which says nothing. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}
