import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import { type Books, isSettled, type RedemptionRow } from './read-books.js'

/**
 * No hold is left, no stock oversold, no limit passed; each redemption has held once and ended once;
 * each coupon that was fulfilled is one, and no code is two redemptions'.
 */
export function auditRedemptions(books: Books): Finding[] {
  return [
    ...auditHolds(books),
    ...auditStock(books),
    ...auditLimits(books),
    ...auditEnds(books),
    ...auditCodes(books),
  ]
}

/** The end time has passed and the jobs ran: whatever is still on hold is so for ever. */
function auditHolds({ redemptions, wallets }: Books): Finding[] {
  return [
    ...redemptions
      .filter(({ status }) => !isSettled(status))
      .map(({ id, wallet, status }) => ({
        rule: 'hold',
        key: `redemption ${id}`,
        wallet,
        says: `is ${status} for ever`,
      })),
    ...wallets
      .filter(({ held }) => held !== 0)
      .map(({ id, held }) => ({
        rule: 'hold',
        key: 'held',
        wallet: id,
        says: `${held} points are on hold for ever`,
      })),
  ]
}

function isGiven({ status }: RedemptionRow): boolean {
  return status !== 'released' && status !== 'cancelled'
}

function auditStock({ redemptions, counters, offers }: Books): Finding[] {
  const findings: Finding[] = []
  const breach = (key: string, says: string) =>
    findings.push({ rule: 'stock', key, wallet: null, says })
  const taken = new Map<string, number>()
  for (const redemption of redemptions.filter(isGiven)) {
    // Not what it says it took alone: the offer's own counter in any case.
    for (const counter of new Set([`stock:${redemption.offer}`, ...redemption.stock])) {
      taken.set(counter, (taken.get(counter) ?? 0) + 1)
    }
  }
  for (const counter of new Set([...taken.keys(), ...counters.keys()])) {
    if (!counter.startsWith('stock:')) continue
    const is = counters.get(counter) ?? 0
    const should = taken.get(counter) ?? 0
    if (is !== should) breach(counter, `counts ${is}, and ${should} redemptions have taken one`)
    const offer = offers.find(({ id }) => counter === `stock:${id}`)
    const ofDay = offers.find(({ id }) => counter.startsWith(`stock:${id}:`))
    const most = offer ? offer.total : (ofDay?.perDay ?? null)
    if (most !== null && should > most) breach(counter, `${should} were given of ${most}`)
  }
  return findings
}

function auditLimits({ redemptions, offers }: Books): Finding[] {
  return offers.flatMap(({ id, limit }) => {
    if (limit === null) return []
    const given = redemptions.filter((it) => it.offer === id && isGiven(it))
    return [...groupBy(given, ({ wallet }) => wallet)]
      .filter(([, rows]) => rows.length > limit)
      .map(([wallet, rows]) => ({
        rule: 'limit',
        key: `offer ${id}`,
        wallet,
        says: `has it ${rows.length} times, and may have it ${limit} times`,
      }))
  })
}

const ENDS: Readonly<Record<string, readonly string[]>> = {
  fulfilled: ['capture'],
  released: ['release'],
  cancelled: ['capture', 'refund'],
}

/** By the journal: what a redemption says of itself is what was done to its points. */
function auditEnds({ redemptions, transactions }: Books): Finding[] {
  const moves = new Map<string, string[]>()
  for (const { type, result } of transactions) {
    const id = result?.redemptionId
    if (id === undefined || type === 'note') continue
    moves.set(String(id), [...(moves.get(String(id)) ?? []), type])
  }
  const findings: Finding[] = []
  for (const { id, wallet, status } of redemptions.filter((it) => isSettled(it.status))) {
    const should = ['hold', ...ENDS[status]!].join(', ')
    const is = (moves.get(id) ?? []).join(', ')
    moves.delete(id)
    if (is === should) continue
    const says = `is ${status}, and its points went: ${is || 'nowhere'}`
    findings.push({ rule: 'redemption', key: `redemption ${id}`, wallet, says })
  }
  const known = new Set(redemptions.map(({ id }) => id))
  for (const id of [...moves.keys()].filter((it) => !known.has(it))) {
    const says = 'moved points, and there is no such redemption'
    findings.push({ rule: 'redemption', key: `redemption ${id}`, wallet: null, says })
  }
  return findings
}

function auditCodes({ redemptions, coupons }: Books): Finding[] {
  const findings: Finding[] = []
  const breach = ({ id, wallet }: Pick<RedemptionRow, 'id' | 'wallet'>, says: string) =>
    findings.push({ rule: 'coupon', key: `redemption ${id}`, wallet, says })
  const ofRedemption = groupBy(coupons, ({ redemption }) => redemption)
  for (const redemption of redemptions.filter(({ channel }) => channel === 'coupon')) {
    const own = ofRedemption.get(redemption.id) ?? []
    if (redemption.status === 'fulfilled') {
      if (own.length !== 1) breach(redemption, `was fulfilled with ${own.length} coupons`)
      else if (own[0]!.code !== plain(redemption.code ?? '')) {
        breach(redemption, `says its coupon is ${redemption.code}, and it is ${own[0]!.code}`)
      }
      if (own.some(({ status }) => status !== 'issued' && status !== 'used')) {
        breach(redemption, `has a coupon that is ${own[0]!.status}`)
      }
    }
    if (redemption.status === 'cancelled' && own.some(({ status }) => status !== 'void')) {
      breach(redemption, `was cancelled, and its coupon is ${own[0]!.status}`)
    }
  }
  const withCode = redemptions.filter(({ code }) => code !== null)
  for (const [code, some] of groupBy(withCode, (it) => plain(it.code!))) {
    if (some.length === 1) continue
    breach(some[1]!, `was given the coupon ${code}, which is redemption ${some[0]!.id}'s`)
  }
  return findings
}

/** A code as it is kept, from how it is shown. */
export function plain(code: string): string {
  return code.replaceAll('-', '')
}
