import type { ClientLog } from '../log/client-log.js'
import { auditBooks } from './audit-books.js'
import { auditCoupons } from './audit-coupons.js'
import { auditRedemptions } from './audit-redemptions.js'
import { auditSubscribers } from './audit-subscribers.js'
import { auditWrites } from './audit-writes.js'
import type { Finding } from './finding.js'
import { readBooks } from './read-books.js'

/** Everything that the database and the clients' logs do not agree on, or that must never be. */
export async function audit(databaseUrl: string, log: ClientLog): Promise<Finding[]> {
  const books = await readBooks(databaseUrl)
  return [
    ...auditBooks(books),
    ...auditWrites(books, log),
    ...auditRedemptions(books),
    ...auditCoupons(books, log),
    ...auditSubscribers(books, log),
  ]
}
