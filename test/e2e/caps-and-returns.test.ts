import { behaviour } from '@pointwell/earn-behaviour'
import { purchase } from '@pointwell/earn-purchase'
import { verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { DAY_MS, MONDAY_NOON, openTestProgram, type TestProgram } from '../support/test-program.js'
import { assertDone } from '../support/test-program-plugins.js'

const LIMITS = { day: 220, orders: 3, order: 120, item: 70, week: 400, share: 25 }

const document = {
  caps: {
    pointsPerDay: { limit: LIMITS.day },
    ordersPerDay: { limit: LIMITS.orders },
    pointsPerOrder: { limit: LIMITS.order },
    pointsPerItem: { limit: LIMITS.item },
    perSource: { purchase: [{ limit: LIMITS.week, period: 'week' }] },
    perBehaviour: { behaviour: { share: [{ limit: LIMITS.share, period: 'day' }] } },
  },
  sources: {
    behaviour: {
      settings: {
        behaviours: {
          share: { title: { en: 'Share', zh: '分享' }, points: 10, times: 100, per: 'day' },
        },
      },
    },
  },
}

interface Act {
  readonly server: 0 | 1
  readonly day: number
  readonly what: 'order' | 'share' | 'return' | 'cancel'
  /** Which of the orders so far goes back. */
  readonly which: number
  readonly lines: readonly { readonly yuan: number; readonly quantity: number }[]
}
const acts: fc.Arbitrary<readonly (readonly Act[])[]> = fc.array(
  fc.array(
    fc.record<Act>({
      server: fc.constantFrom(0, 1),
      day: fc.nat(1),
      what: fc.constantFrom('order', 'order', 'share', 'return', 'cancel'),
      which: fc.nat(20),
      lines: fc.array(
        fc.record({
          yuan: fc.integer({ min: 1, max: 60 }),
          quantity: fc.integer({ min: 2, max: 4 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 2, maxLength: 8 },
  ),
  { minLength: 3, maxLength: 6 },
)

const linesOf = (lines: Act['lines']) =>
  lines.map(({ yuan, quantity }, n) => ({
    id: `${n}`,
    article: `a${n}`,
    quantity,
    unitPrice: `${yuan}`,
  }))

/** What stood of each event after every line of the wallet's history, from the history alone. */
async function assertNeverOver({ ledger }: TestProgram, wallet: number) {
  const history = await ledger.store.findTransactions(wallet, { before: null, limit: 1_000 })
  const grants = new Map<
    string,
    { day: number; source: string; articles: number; points: number }
  >()
  for (const it of [...history].sort((a, b) => a.version - b.version)) {
    const { points } = it.result as { points: number }
    if (it.key.startsWith('earn:')) {
      const { lines = [] } = it.content as { lines?: unknown[] }
      const day = Math.floor((it.effectiveAt - MONDAY_NOON) / DAY_MS)
      grants.set(it.id, { day, source: it.reason, articles: lines.length, points })
    } else {
      const grant = grants.get(it.corrects!)!
      grant.points += points
      expect(grant.points).toBeGreaterThanOrEqual(0)
    }
    const all = [...grants.values()]
    const sum = (list: typeof all) => list.reduce((total, grant) => total + grant.points, 0)
    const orders = all.filter(({ source }) => source === 'purchase')
    for (const { points, articles } of orders) {
      expect(points).toBeLessThanOrEqual(Math.min(LIMITS.order, articles * LIMITS.item))
    }
    expect(sum(orders)).toBeLessThanOrEqual(LIMITS.week)
    for (const day of [0, 1]) {
      const today = all.filter((grant) => grant.day === day)
      expect(sum(today)).toBeLessThanOrEqual(LIMITS.day)
      expect(sum(today.filter(({ source }) => source === 'behaviour'))).toBeLessThanOrEqual(
        LIMITS.share,
      )
      const earning = orders.filter((grant) => grant.day === day && grant.points > 0)
      expect(earning.length).toBeLessThanOrEqual(LIMITS.orders)
    }
  }
  return [...grants.values()]
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'E8: caps on two servers with one %s',
  (store) => {
    it('E8: are never exceeded, whatever events and returns come in between', async () => {
      const plugins = [purchase, behaviour]
      const first = await openTestProgram(store, { plugins, firstPolicy: document })
      const { url, time } = first
      const servers = [first, await openTestProgram(store, { plugins, url, time })] as const
      time.now = MONDAY_NOON + 2 * DAY_MS
      let run = 0
      let full = 0
      await fc.assert(
        fc.asyncProperty(acts, async (waves) => {
          const memberId = `m${++run}`
          assertDone(await first.program.members.register({ id: memberId }))
          const { wallet } = (await first.program.members.find(memberId))!
          const bought: { orderId: string; lines: Act['lines'] }[] = []
          let acted = 0
          for (const wave of waves) {
            const known = [...bought]
            await Promise.all(
              wave.map(async ({ server, day, what, which, lines }) => {
                const { program } = servers[server]
                const at = MONDAY_NOON + day * DAY_MS
                const name = `${memberId}-${++acted}`
                const back = known[which % Math.max(1, known.length)]
                if (what === 'share') {
                  const event = { behaviour: 'share', ref: name, at }
                  await program.earn({ source: 'behaviour', memberId, event })
                } else if (what === 'order') {
                  bought.push({ orderId: name, lines })
                  const event = { orderId: name, at, currency: 'CNY', confirmed: true }
                  const order = { ...event, lines: linesOf(lines) }
                  assertDone(await program.earn({ source: 'purchase', memberId, event: order }))
                } else if (back && what === 'return') {
                  const taken = { returnId: name, lines: [{ line: '0', quantity: 1 }] }
                  // A third piece of two, or of a cancelled order, is refused: also a case.
                  await program.returnEarned({ source: 'purchase', once: back.orderId, taken })
                } else if (back) {
                  await program.cancelEarned({ source: 'purchase', once: back.orderId })
                }
              }),
            )
          }
          const [after] = await first.ledger.store.findWallets([wallet])
          const grants = await assertNeverOver(first, wallet)
          const standing = grants.reduce((sum, { points }) => sum + points, 0)
          expect(after!.balance.available - after!.balance.debt).toBe(standing)
          if (standing >= LIMITS.day) full++
        }),
        { numRuns: 15 },
      )
      expect(full).toBeGreaterThan(0)
      expect(await verifyLedger(first.ledger.store)).toMatchObject({ ok: true })
    })
  },
)
