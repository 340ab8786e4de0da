import type { JsonObject } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import { differing } from '../audit/differing.js'
import type { PolicyRow } from './policy-rows.js'

/** The entry of a new version: what of the document differs from the version before it. */
export function auditPolicy(
  acting: Acting,
  { before, row, version }: { before: PolicyRow; row: Omit<PolicyRow, 'version'>; version: number },
): NewAuditEntry {
  return {
    ...acting,
    reason: acting.reason ?? row.note,
    at: row.createdAt,
    act: 'updatePolicy',
    target: { kind: 'policy', id: String(version) },
    ...differing(shown({ ...before, version: version - 1 }), shown({ ...row, version })),
    key: `policy:${version}`,
  }
}

function shown({ version, effectiveFrom, document }: PolicyRow): JsonObject {
  return { version, effectiveFrom, document: document as JsonObject }
}
