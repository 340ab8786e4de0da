import type { JsonObject } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import { differing } from '../audit/differing.js'
import type { PriceIndexMonth } from './price-index-rows.js'

/** The entry of months that went into the price index: what they were before, and what they are. */
export function auditPriceIndex(
  acting: Acting,
  {
    before,
    after,
    at,
  }: {
    before: readonly PriceIndexMonth[]
    after: readonly PriceIndexMonth[]
    at: number
  },
): NewAuditEntry {
  const named = new Set(after.map(({ month }) => month))
  return {
    ...acting,
    at,
    act: 'recordPriceIndex',
    target: { kind: 'price-index', id: [...named].sort().at(-1)! },
    ...differing(byMonth(before.filter(({ month }) => named.has(month))), byMonth(after)),
    key: null,
  }
}

function byMonth(months: readonly PriceIndexMonth[]): JsonObject {
  return Object.fromEntries(months.map(({ month, figure }) => [month, figure]))
}
