import {
  type Command,
  captureHold,
  closeDraft,
  holdId,
  holdPoints,
  isRefusal,
  openDraft,
  openLedger,
  openMemoryStore,
  verifyLedger,
} from '@pointwell/ledger'
import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/support/runs.js'
import { shop } from '../../../../test/support/test-program-plugins.js'
import { boostCommand } from '../boost/boost-command.js'
import type { MemberProfile } from '../member/member-facts.js'
import { openPolicyReader } from '../policy/read-policy.js'
import { earnCommand } from './earn-command.js'
import { readEarnBody } from './earn-record.js'
import { returnCommand } from './return-command.js'

const START = Date.parse('2026-01-05T12:00:00+08:00')
const DAY_MS = 86_400_000
const title = { en: 'x', zh: 'x' }
const read = openPolicyReader({ sources: [shop], channels: [] })
const calendar = openCalendar('Asia/Shanghai')
const ann: MemberProfile = {
  wallet: 1,
  id: 'ann',
  joinedAt: 0,
  birthday: null,
  region: null,
  staff: false,
  overLinked: false,
  pauses: { latest: 0, open: [] },
  segments: [],
}

interface Line {
  quantity: number
  priceMinor: number
}
interface Story {
  lines: Line[]
  state: 'confirmed' | 'pending' | 'claimable'
  other: number
  spent: number
  cap: number | null
  orderCap: number | null
  itemCap: number | null
  campaigns: { multiplier: string; extraPoints: number; kind: string | null }[]
  boost: { factor: string; orders: number | null } | null
  days: number
  policy: 'pending-only' | 'within-balance' | 'debt'
}

const stories = fc.record<Story>({
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 4 }),
      priceMinor: fc.integer({ min: 1, max: 3_000_00 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  state: fc.constantFrom('confirmed', 'pending', 'claimable'),
  other: fc.integer({ min: 0, max: 6_000 }),
  spent: fc.integer({ min: 0, max: 9_000 }),
  cap: fc.option(fc.integer({ min: 0, max: 9_000 })),
  orderCap: fc.option(fc.integer({ min: 0, max: 9_000 })),
  itemCap: fc.option(fc.integer({ min: 0, max: 6_000 })),
  campaigns: fc.array(
    fc.record({
      multiplier: fc.constantFrom('0.5', '1', '1.3', '2'),
      extraPoints: fc.constantFrom(0, 1, 50),
      kind: fc.constantFrom(null, 'short', 'long'),
    }),
    { maxLength: 3 },
  ),
  boost: fc.option(
    fc.record({
      factor: fc.constantFrom('1.3', '2'),
      orders: fc.constantFrom(null, 1),
    }),
  ),
  days: fc.constantFrom(0, 1, 40),
  policy: fc.constantFrom('pending-only', 'within-balance', 'debt'),
})

/** A return names how many of which line. */
type Part = { line: string; quantity: number }[]

/** A member with another order, one that goes back, and points spent; then time, then returns. */
async function live(story: Story, parts: Part[]) {
  const { document } = read({
    returns: { policy: story.policy },
    caps: {
      pointsPerDay: { limit: story.cap },
      ordersPerDay: { limit: 5 },
      pointsPerOrder: { limit: story.orderCap },
      pointsPerItem: { limit: story.itemCap },
    },
    kinds: {
      purchase: { title, expiry: { term: 'days', days: 30 } },
      short: { title, expiry: { term: 'days', days: 1 } },
      long: { title, expiry: { term: 'days', days: 300 } },
    },
    campaigns: story.campaigns.map((campaign, n) => ({
      id: `c${n}`,
      title,
      from: '2026-01-01T00:00:00+08:00',
      until: '2026-02-01T00:00:00+08:00',
      ...campaign,
    })),
    tiers: { levels: [{ id: 'all', title, threshold: '0', earnMultiplier: '1.5' }] },
    sources: {
      purchase: { settings: story.state === 'claimable' ? { claimMs: 20 * DAY_MS } : {} },
    },
  })
  const policy = { version: 1, effectiveFrom: 0, document: document!, calendar }
  const policies = { at: () => policy, get: () => policy }
  const time = { now: START }
  const ledger = openLedger({ store: openMemoryStore(), clock: () => time.now })
  await ledger.openWallets([1])
  const post = async (command: Command) => {
    const posted = await ledger.post(command)
    if (isRefusal(posted)) throw new Error(`${command.key}: ${posted.code}`)
    return posted
  }
  const earn = (orderId: string, lines: Line[], confirmed: boolean) =>
    post(
      earnCommand(
        {
          source: shop,
          member: ann,
          once: orderId,
          event: {
            orderId,
            at: START,
            lines: lines.map((line, n) => ({ id: `${n}`, ...line })),
            confirmed,
          },
        },
        { policies, pauses: { isPaused: () => null } },
      ),
    )
  if (story.boost) {
    const asked = { days: 1, sources: null, source: 'coupon', key: 'r-1', ...story.boost }
    await post(boostCommand(ann, asked, policies))
  }
  await earn('order', story.lines, story.state !== 'pending')
  await earn('other', [{ quantity: 1, priceMinor: story.other * 100 }], true)
  const [wallet] = await ledger.store.findWallets([1])
  const spend = Math.min(story.spent, wallet!.balance.available)
  if (spend > 0) await post(spendCommand(spend))
  time.now += story.days * DAY_MS

  const known = { source: shop, wallet: 1, memberId: 'ann', ref: 'order' }
  for (const [n, lines] of parts.entries()) {
    const taken = { returnId: `r${n}`, lines }
    await post(returnCommand(known, { policies, key: taken.returnId, taken }))
    // The same return once more changes nothing.
    expect(
      await ledger.post(returnCommand(known, { policies, key: taken.returnId, taken })),
    ).toMatchObject({ replayed: true })
  }
  await ledger.settle([1])
  const [after] = await ledger.store.findWallets([1])
  const record = await ledger.store.findRecord({ kind: 'earn:purchase', ref: 'order' })
  const { standing, granted, qualifyingMinor } = readEarnBody(record!)
  const verified = await verifyLedger(ledger.store)
  await ledger.close()
  expect(verified).toMatchObject({ ok: true })
  return { balance: after!.balance, memo: after!.memo, standing, granted, qualifyingMinor }
}

function spendCommand(points: number): Command {
  return {
    wallet: 1,
    key: 'spend',
    content: {},
    needs: { lots: true, records: [holdId('spend')] },
    decide(view) {
      const draft = openDraft(view)
      const held = holdPoints(draft, { ref: 'spend', points })
      if (isRefusal(held)) return held
      captureHold(draft, { ref: 'spend', account: 'redeemed:test' })
      return closeDraft(draft, { type: 'capture', reason: 'test' })
    },
  }
}

/** Every piece of goods on its own, shuffled and cut into returns by a seed. */
function cut(goods: Part, order: number[], cuts: boolean[]): Part[] {
  const pieces = goods.flatMap(({ line, quantity }) =>
    Array.from({ length: quantity }, () => ({ line, quantity: 1 })),
  )
  const shuffled = pieces
    .map((piece, n) => ({ piece, key: order[n % order.length]! * 31 + n * order[0]! }))
    .sort((a, b) => (a.key % 17) - (b.key % 17))
    .map(({ piece }) => piece)
  const parts: Part[] = []
  for (const [n, piece] of shuffled.entries()) {
    const last = parts.at(-1)
    if (last && !cuts[n % cuts.length]) last.push(piece)
    else parts.push([piece])
  }
  return parts
}

describe('L5: returns', () => {
  const order = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 16 })
  const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 16 })

  it('L5: any sequence of partial returns ends where one full return would', async () => {
    await fc.assert(
      fc.asyncProperty(stories, order, cuts, async (story, shuffle, where) => {
        const goods = story.lines.map(({ quantity }, n) => ({ line: `${n}`, quantity }))
        const whole = await live(story, [goods])
        const inParts = await live(story, cut(goods, shuffle, where))
        expect(inParts).toEqual(whole)
        expect(whole).toMatchObject({ standing: 0, qualifyingMinor: 0 })
      }),
      { numRuns: runs(60) },
    )
  })

  it('L5: so does any part of the goods, and never more than was granted is taken', async () => {
    const some = fc.array(fc.nat(4), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(stories, order, cuts, some, async (story, shuffle, where, counts) => {
        const goods = story.lines.flatMap(({ quantity }, n) => {
          const back = Math.min(quantity, counts[n]!)
          return back > 0 ? [{ line: `${n}`, quantity: back }] : []
        })
        if (goods.length === 0) return
        const before = await live(story, [])
        const whole = await live(story, [goods])
        const inParts = await live(story, cut(goods, shuffle, where))
        expect(inParts).toEqual(whole)
        const has = ({ balance: b }: typeof whole) => b.available + b.pending + b.claimable - b.debt
        const lost = has(before) - has(whole)
        expect(lost).toBeGreaterThanOrEqual(0)
        expect(lost).toBeLessThanOrEqual(whole.granted - whole.standing)
        if (story.policy === 'debt' && story.days === 0) {
          expect(lost).toBe(whole.granted - whole.standing)
        }
      }),
      { numRuns: runs(60) },
    )
  })
})
