import type { JsonObject, NoticesOf } from '@pointwell/ledger'
import type { NoticeHandler } from '../notices/open-notices.js'
import { auditEntryOf } from './act-mark.js'
import type { NewAuditEntry } from './audit-entry.js'
import type { Audit } from './open-audit.js'

export const AUDIT = 'audit'

/** A posting of an operator's act calls for its entry, in the posting's own transaction: whatever server
 * dies, it will be written. */
export function auditNotices(): NoticesOf {
  return (transaction) => {
    const entry = auditEntryOf(transaction)
    return entry ? [{ topic: AUDIT, body: entry as unknown as JsonObject }] : []
  }
}

/** Mostly it is there already, written before the operator had the answer; then this does nothing. */
export function auditHandler(audit: Pick<Audit, 'write'>): NoticeHandler {
  return ({ body }) => audit.write([body as unknown as NewAuditEntry])
}
