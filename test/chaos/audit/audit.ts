import type { ClientLog } from '../log/client-log.js'
import type { PartnerLine } from '../stage/partner-house.js'
import { auditBooks } from './audit-books.js'
import { auditCoupons } from './audit-coupons.js'
import { auditGames } from './audit-games.js'
import { auditGoods } from './audit-goods.js'
import { auditMoney } from './audit-money.js'
import { auditPartner } from './audit-partner.js'
import { auditPlaybooks } from './audit-playbooks.js'
import { auditRedemptions } from './audit-redemptions.js'
import { auditSubscribers } from './audit-subscribers.js'
import { auditSurveys } from './audit-surveys.js'
import { auditWrites } from './audit-writes.js'
import type { Finding } from './finding.js'
import { readBooks } from './read-books.js'

/** Everything that the database, the clients' logs and the partner's own books do not agree on, or that
 * must never be. */
export async function audit(
  databaseUrl: string,
  log: ClientLog,
  lines: readonly PartnerLine[],
): Promise<Finding[]> {
  const books = await readBooks(databaseUrl)
  return [
    ...auditBooks(books),
    ...auditWrites(books, log),
    ...auditRedemptions(books),
    ...auditCoupons(books, log),
    ...auditGoods(books, log),
    ...auditPartner(books, lines),
    ...auditGames(books),
    ...auditMoney(books, log),
    ...auditSurveys(books, log),
    ...auditPlaybooks(books, log),
    ...auditSubscribers(books, log),
  ]
}
