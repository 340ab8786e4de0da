import { isRefusal, type Ledger, type SqlConnection } from '@pointwell/ledger'
import type { ProgramDatabase } from '../database/program-database.js'
import { auditEntryOf } from './act-mark.js'
import type { AuditEntry, NewAuditEntry } from './audit-entry.js'
import { type AuditFilter, insertAuditEntries, selectAuditEntries } from './audit-rows.js'

/** What operators did (O5). Entries are written once; but for an erasure (M8) they never change. */
export interface Audit {
  /** In the transaction of the act itself, for acts that change the programme's own tables. */
  record(connection: SqlConnection, entries: readonly NewAuditEntry[]): Promise<void>
  /** Of a transaction of the ledger that `markAct` marked; of others, and of one that has its entry,
   * nothing. */
  recordPosted(transactions: readonly Parameters<typeof auditEntryOf>[0][]): Promise<void>
  /** In a transaction of its own: entries that have a key, and may be there already. */
  write(entries: readonly NewAuditEntry[]): Promise<void>
  /** Newest first, before the entry with the number `before`. */
  page(request: {
    filter: AuditFilter
    before: number | null
    limit: number
  }): Promise<readonly AuditEntry[]>
}

export function openAudit(database: ProgramDatabase): Audit {
  const write = (entries: readonly NewAuditEntry[]) =>
    database.write((manager) => insertAuditEntries(database.connection(manager), entries))

  return {
    record: insertAuditEntries,
    async recordPosted(transactions) {
      const entries = transactions.flatMap((transaction) => auditEntryOf(transaction) ?? [])
      if (entries.length > 0) await write(entries)
    },
    write,
    page: (request) =>
      database.read((manager) => selectAuditEntries(database.connection(manager), request)),
  }
}

/**
 * The ledger for acts of operators: one whose posting is marked is in the audit before the caller has
 * its answer. Where a server dies in between, the posting's notice has the entry written; its key is the
 * transaction's, so there is one.
 */
export function auditedLedger(ledger: Ledger, audit: Pick<Audit, 'recordPosted'>): Ledger {
  return {
    ...ledger,
    merge: (asked) => ledger.merge(asked),
    async post(command) {
      const posted = await ledger.post(command)
      if (!isRefusal(posted)) await audit.recordPosted([posted.transaction])
      return posted
    },
  }
}
