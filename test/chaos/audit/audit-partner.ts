import type { PartnerLine } from '../stage/partner-house.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import { type Books, isSettled, type RedemptionRow } from './read-books.js'

/** Lines of a redemption in the partner's ledger when it has come to this end. */
const POSTINGS: Readonly<Record<string, readonly string[]>> = {
  fulfilled: ['charge'],
  released: [],
  cancelled: ['charge', 'reversal'],
}
/** What the partner's own books have of an order then. */
const DEEDS: Readonly<Record<string, readonly string[]>> = {
  fulfilled: ['sold'],
  released: ['', 'refused'],
  cancelled: ['sold, taken back'],
}

/**
 * The partner ledger agrees with the redemptions line by line, and both with what the partner itself
 * wrote down: sold once or never, and never both sold and released.
 */
export function auditPartner(books: Books, lines: readonly PartnerLine[]): Finding[] {
  return [...auditLedger(books), ...auditDeeds(books, lines), ...auditPool(books)]
}

const ofPartner = ({ redemptions }: Books) =>
  redemptions.filter(({ channel, status }) => channel === 'partner' && isSettled(status))

function breach(
  { id, wallet }: Pick<RedemptionRow, 'id' | 'wallet'>,
  says: string,
  rule = 'partner',
): Finding {
  return { rule, key: `redemption ${id}`, wallet, says }
}

function auditLedger(books: Books): Finding[] {
  const { rights, entries, balances } = books.partners
  const findings: Finding[] = []
  const costs = new Map(rights.map(({ redemption, costMinor }) => [redemption, costMinor]))
  const own = groupBy(
    entries.filter(({ account }) => account === 'partner'),
    ({ redemption }) => redemption,
  )
  for (const redemption of ofPartner(books)) {
    const { id, status } = redemption
    const postings = own.get(id) ?? []
    own.delete(id)
    const is = postings.map(({ kind }) => kind).toSorted()
    if (is.join() !== POSTINGS[status]!.join()) {
      findings.push(
        breach(redemption, `is ${status}, and the partner ledger has: ${is.join() || 'nothing'}`),
      )
    }
    for (const { kind, amountMinor } of postings) {
      const should = (costs.get(id) ?? Number.NaN) * (kind === 'charge' ? -1 : 1)
      if (amountMinor === should) continue
      findings.push(breach(redemption, `has a ${kind} of ${amountMinor}, and it costs ${should}`))
    }
  }
  for (const id of own.keys()) {
    if (id === null) continue
    findings.push(breach({ id, wallet: 0 }, 'is in the partner ledger, and has not ended so'))
  }
  for (const [posting, some] of groupBy(entries, (row) => row.posting)) {
    const sum = some.reduce((before, { amountMinor }) => before + amountMinor, 0)
    if (sum === 0) continue
    const says = `its lines sum to ${sum}`
    findings.push({ rule: 'partner', key: `posting ${posting}`, wallet: null, says })
  }
  for (const { partner, balanceMinor, reservedMinor } of balances) {
    const sum = entries
      .filter((row) => row.partner === partner && row.account === 'partner')
      .reduce((before, { amountMinor }) => before + amountMinor, 0)
    const open = rights.filter((row) => row.partner === partner && row.status === 'asking')
    const reserved = open.reduce((before, { costMinor }) => before + costMinor, 0)
    if (sum === balanceMinor && reserved === reservedMinor) continue
    const says = `holds ${balanceMinor} and ${reservedMinor} set aside, and the lines say ${sum} and ${reserved}`
    findings.push({ rule: 'partner', key: `balance of ${partner}`, wallet: null, says })
  }
  return findings
}

/** By what the partner did, whatever anybody says of it. */
function auditDeeds(books: Books, lines: readonly PartnerLine[]): Finding[] {
  const ofOrder = groupBy(lines, ({ order }) => order)
  const byApi = new Set(
    books.partners.rights.filter(({ source }) => source === 'api').map((row) => row.redemption),
  )
  const findings = ofPartner(books).flatMap((redemption): Finding[] => {
    const own = ofOrder.get(redemption.id) ?? []
    ofOrder.delete(redemption.id)
    if (!byApi.has(redemption.id)) return []
    const did = own.map((line) => line.did).join(', ')
    const sold = own.find((line) => line.did === 'sold')?.code ?? null
    return [
      ...(DEEDS[redemption.status]!.includes(did)
        ? []
        : [
            breach(redemption, `is ${redemption.status}, and the partner did: ${did || 'nothing'}`),
          ]),
      ...(redemption.status === 'fulfilled' && redemption.code !== sold
        ? [breach(redemption, `says its code is ${redemption.code}, and the partner sold ${sold}`)]
        : []),
    ]
  })
  const strangers = [...ofOrder.keys()].map((id) =>
    breach(
      { id, wallet: 0 },
      'was sold or refused by the partner, and there is no such redemption',
    ),
  )
  return [...findings, ...strangers]
}

function auditPool(books: Books): Finding[] {
  const given = groupBy(
    books.partners.codes.filter(({ redemption }) => redemption !== null),
    ({ redemption }) => redemption!,
  )
  const ofPool = new Set(
    books.partners.rights.filter(({ source }) => source === 'pool').map((row) => row.redemption),
  )
  return ofPartner(books)
    .filter(({ id }) => ofPool.has(id))
    .flatMap((redemption): Finding[] => {
      const own = given.get(redemption.id) ?? []
      const is = own.map(({ code, status }) => `${code} ${status}`).join()
      const { status, code } = redemption
      const should =
        status === 'fulfilled' ? `${code} given` : status === 'cancelled' ? `${code} void` : ''
      if (is === should) return []
      const says = `is ${status}, and the pool says: ${is || 'nothing'}`
      return [breach(redemption, says, 'code')]
    })
}
