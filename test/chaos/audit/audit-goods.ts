import type { ClientLog, Write } from '../log/client-log.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import { type Books, isSettled } from './read-books.js'
import type { ShipmentRow } from './read-channels.js'

/** What a shipment may be when its redemption has come to this end. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  fulfilled: ['ordered', 'picking', 'sent', 'received', 'return-requested', 'returned', 'given'],
  released: ['never', 'failed', 'cancelled'],
  cancelled: ['cancelled'],
}

/** What was answered leaves its mark. */
const MARKS: Readonly<Partial<Record<Write['act'], keyof ShipmentRow['done']>>> = {
  'pick-goods': 'picked',
  'send-goods': 'sent',
  'receive-goods': 'received',
  'ask-return': 'asked',
  'accept-return': 'accepted',
}

/**
 * Goods that were fulfilled are one shipment, those that came to nothing are none; a code is one
 * redemption's; and what the warehouse was told is done.
 */
export function auditGoods(books: Books, { writes }: ClientLog): Finding[] {
  return [...auditShipments(books), ...auditCodes(books), ...auditMarks(books, writes)]
}

function auditShipments({ redemptions, goods }: Books): Finding[] {
  const ofRedemption = groupBy(goods.shipments, ({ redemption }) => redemption)
  const findings: Finding[] = []
  for (const { id, wallet, channel, status } of redemptions) {
    const own = ofRedemption.get(id) ?? []
    ofRedemption.delete(id)
    if (channel !== 'goods' || !isSettled(status)) continue
    const breach = (says: string) =>
      findings.push({ rule: 'goods', key: `redemption ${id}`, wallet, says })
    if (status === 'fulfilled' && own.length !== 1) breach(`has ${own.length} shipments`)
    for (const shipment of own) {
      if (STATUSES[status]!.includes(shipment.status)) continue
      breach(`is ${status}, and its goods are ${shipment.status}`)
    }
  }
  for (const id of ofRedemption.keys()) {
    const says = 'got goods, and there is no such redemption'
    findings.push({ rule: 'goods', key: `redemption ${id}`, wallet: null, says })
  }
  return findings
}

function auditCodes({ redemptions, goods }: Books): Finding[] {
  const given = groupBy(
    goods.codes.filter(({ redemption }) => redemption !== null),
    ({ redemption }) => redemption!,
  )
  const codes = new Set(
    goods.shipments.filter(({ kind }) => kind === 'code').map(({ redemption }) => redemption),
  )
  return redemptions
    .filter(({ id, channel }) => channel === 'goods' && codes.has(id))
    .flatMap(({ id, wallet, status, code }): Finding[] => {
      const own = (given.get(id) ?? []).map((row) => row.code)
      const should = status === 'fulfilled' ? [code] : []
      if (own.join() === should.join()) return []
      const says = `says its code is ${should.join() || 'none'}, and the pool gave it ${own.join() || 'none'}`
      return [{ rule: 'code', key: `redemption ${id}`, wallet, says }]
    })
}

function auditMarks({ goods }: Books, writes: readonly Write[]): Finding[] {
  const shipments = new Map(goods.shipments.map((row) => [row.redemption, row]))
  return writes.flatMap(({ act, key, attempts }): Finding[] => {
    const mark = MARKS[act]
    const isTold = attempts.some(({ outcome }) => 'answer' in outcome)
    if (!mark || !isTold || shipments.get(key)?.done[mark]) return []
    const says = `was told ${act} is done, and it is not`
    return [{ rule: 'goods', key: `redemption ${key}`, wallet: null, says }]
  })
}
