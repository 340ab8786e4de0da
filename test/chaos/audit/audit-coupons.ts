import type { ClientLog, Write } from '../log/client-log.js'
import { plain } from './audit-redemptions.js'
import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import type { Books } from './read-books.js'

/**
 * The code that a member was told, of a coupon or anything else, is the one its redemption has; and a coupon is one order's: who was
 * told that it uses it has it, unless it asked to give it back.
 */
export function auditCoupons(books: Books, { writes }: ClientLog): Finding[] {
  return [...auditTold(books, writes), ...auditUses(books, writes)]
}

function auditTold({ redemptions, coupons }: Books, writes: readonly Write[]): Finding[] {
  const others = redemptions.filter(({ channel }) => channel !== 'coupon')
  const redemptionOf = new Map([
    ...others.map(({ code, id }) => [plain(code ?? ''), id] as const),
    ...coupons.map(({ code, redemption }) => [code, redemption] as const),
  ])
  return writes.flatMap((write) =>
    write.attempts.flatMap(({ outcome }): Finding[] => {
      if (!('answer' in outcome)) return []
      const { code, redemption } = outcome.answer
      if (code === undefined || redemptionOf.get(plain(code)) === redemption) return []
      const says = `was told the code ${code}, which is not that of redemption ${redemption}`
      return [{ rule: 'coupon', key: write.key, wallet: null, says }]
    }),
  )
}

function auditUses({ coupons }: Books, writes: readonly Write[]): Finding[] {
  const uses = groupBy(named(writes, 'use-coupon'), ({ code }) => code)
  const releases = groupBy(named(writes, 'release-coupon'), ({ code }) => code)
  return coupons.flatMap(({ code, status, usedBy }): Finding[] => {
    const breach = (says: string): Finding => ({ rule: 'coupon', key: code, wallet: null, says })
    const asked = uses.get(code) ?? []
    const released = new Set((releases.get(code) ?? []).map(({ order }) => order))
    const mustHave = asked.filter(({ isTold, order }) => isTold && !released.has(order))
    const findings: Finding[] = []
    if (mustHave.length > 1) {
      findings.push(breach(`is used by ${mustHave.map(({ order }) => order).join(' and by ')}`))
    }
    for (const { order } of mustHave) {
      if (status === 'used' && usedBy === order) continue
      findings.push(breach(`order ${order} was told it uses it; it is ${status}, by ${usedBy}`))
    }
    if (usedBy !== null && !asked.some(({ order }) => order === usedBy)) {
      findings.push(breach(`is used by order ${usedBy}, which never asked`))
    }
    return findings
  })
}

function named(writes: readonly Write[], act: Write['act']) {
  return writes
    .filter((write) => write.act === act)
    .map(({ key, attempts }) => {
      const [code = '', order = ''] = key.split('/')
      const isTold = attempts.some(({ outcome }) => 'answer' in outcome)
      return { code: plain(code), order, isTold }
    })
}
