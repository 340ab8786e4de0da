import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { purchase } from '@pointwell/earn-purchase'
import { review, reviewKey } from '@pointwell/earn-review'
import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasMysql } from '../support/databases.js'
import { exportTo, importFrom } from '../support/moved-holdings.js'
import { HOUR_MS, openTestProgram, type TestProgram } from '../support/test-program.js'
import { bell } from '../support/test-program-plugins.js'

const title = { en: 'x', zh: 'x' }
const PLUGINS = [purchase, review, bell]
const KINDS = ['members', 'balances', 'orders'] as const
const MEMBERS = ['ann', 'bob', 'cat']
const LINES = ['1', '2']
const policyOf = (spendPerPoint: string, points: 'within-balance' | 'debt') => ({
  kinds: {
    base: { title, expiry: { term: 'never' } },
    purchase: { title, expiry: { term: 'days', days: 25 } },
    task: { title, expiry: { term: 'never' } },
    bonus: { title, expiry: { term: 'never' } },
  },
  sources: { purchase: { settings: { spendPerPoint, confirmAfterDays: 4 } } },
  returns: { policy: points },
  caps: { perSource: { purchase: [{ period: 'day', limit: 4_000 }] } },
  campaigns: [
    {
      id: 'tea',
      title,
      from: '2026-01-01T00:00:00+08:00',
      until: '2026-03-01T00:00:00+08:00',
      multiplier: '1.5',
      extraPoints: 30,
      kind: 'bonus',
    },
  ],
})

const order = fc.nat({ max: 3 })
const lineId = fc.constantFrom(...LINES)
/** What a call says; it can be sent again. */
const call = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      call: fc.constant('buy' as const),
      order,
      price: fc.integer({ min: 1, max: 900 }),
      quantities: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      confirmed: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      call: fc.constant('return' as const),
      order,
      lineId,
      quantity: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('confirm' as const), order }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('cancel' as const), order }) },
  {
    weight: 3,
    arbitrary: fc.record({ call: fc.constant('review' as const), order, lineId }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('remove' as const), order, lineId }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('ring' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constant('pay' as const),
      order,
      points: fc.integer({ min: 100, max: 900 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ call: fc.constant('capture' as const), order }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('release' as const), order }) },
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constant('repay' as const),
      order,
      cents: fc.integer({ min: 1, max: 400 }),
    }),
  },
)
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ who: fc.nat({ max: 2 }), call }) },
  { weight: 5, arbitrary: fc.record({ again: fc.nat({ max: 30 }) }) },
  { weight: 5, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 130 }) }) },
  { weight: 2, arbitrary: fc.record({ policy: fc.constantFrom('1', '2', '0.5') }) },
)
const merging = fc.option(fc.nat({ max: 12 }), { freq: 3 })
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A call as it was sent: the very same goes to both systems. */
interface Sent {
  readonly n: number
  readonly at: number
  readonly memberId: string
  readonly call: Call
}

let folder: string
let folders = 0
const newFolder = () => join(folder, `${folders++}`)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-orders-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What somebody who called is told, but for the numbers of transactions. */
async function send({ program }: TestProgram, { n, at, memberId, call: it }: Sent) {
  const orderId = 'order' in it ? `o-${it.order}` : ''
  const named = { source: 'purchase', once: orderId }
  const answer = await (() => {
    switch (it.call) {
      case 'buy': {
        const lines = it.quantities.map((quantity, place) => ({
          id: LINES[place]!,
          article: 'tea',
          quantity,
          unitPrice: String(it.price),
        }))
        const { confirmed } = it
        const event = { orderId, at: iso(at), currency: 'CNY', lines, confirmed }
        return program.earn({ source: 'purchase', memberId, event })
      }
      case 'return':
        return program.returnEarned({
          ...named,
          taken: { returnId: `r${n}`, lines: [{ line: it.lineId, quantity: it.quantity }] },
        })
      case 'confirm':
        return program.confirmEarned(named)
      case 'cancel':
        return program.cancelEarned(named)
      case 'review': {
        const { lineId } = it
        const event = { orderId, lineId, photos: 3, characters: 80, reviewId: 'x', at: iso(at) }
        return program.earn({ source: 'review', memberId, event })
      }
      case 'remove':
        return program.returnEarned({
          source: 'review',
          memberId,
          once: reviewKey({ orderId, lineId: it.lineId }),
          taken: { why: 'removed', reason: 'spam', by: 'rosa' },
        })
      case 'ring':
        return program.earn({ source: 'bell', memberId, event: { at } })
      case 'pay':
        return program.checkout.pay({
          memberId,
          orderId,
          orderAmount: { amountMinor: 40_00, currency: 'CNY' },
          points: it.points,
          idempotencyKey: `k${n}`,
        })
      case 'capture':
        return program.checkout.capture(orderId)
      case 'release':
        return program.checkout.release(orderId)
      case 'repay':
        return program.checkout.takeBack({
          orderId,
          returnId: `r${n}`,
          amount: { amountMinor: it.cents, currency: 'CNY' },
        })
    }
  })()
  if (isRefusal(answer)) {
    const { detail: _, ...figures } = answer.figures
    return { code: answer.code, ...figures }
  }
  if ('transaction' in answer) {
    const { transaction: _, ...told } = answer
    return told
  }
  const { wallet: _, version: __, origin: ___, ...told } = answer
  return told
}

const iso = (at: number) => new Date(at).toISOString()

/** Lives the steps in each system alike, and says what each was answered. */
async function live(tests: readonly TestProgram[], steps: readonly Step[], sent: Sent[]) {
  const answers: unknown[][] = tests.map(() => [])
  for (const it of steps) {
    const { now } = tests[0]!.time
    if ('hours' in it) {
      for (const { time, ledger, program } of tests) {
        time.now += it.hours * HOUR_MS
        await settleAll(ledger)
        while ((await program.checkout.releaseDue(100)) > 0);
        while ((await program.notices.handleDue()).handled > 0);
      }
      continue
    }
    if ('policy' in it) {
      for (const { program } of tests) {
        const document = policyOf(it.policy, it.policy === '2' ? 'debt' : 'within-balance')
        const updated = await program.policies.update({ document, by: 'rosa' })
        expect(updated).toHaveProperty('updated')
      }
      continue
    }
    const said =
      'again' in it
        ? sent[it.again % (sent.length || 1)]
        : { n: sent.length, at: now, memberId: MEMBERS[it.who]!, call: it.call }
    if (!said) continue
    if (!('again' in it)) sent.push(said)
    for (const [place, test] of tests.entries()) answers[place]!.push(await send(test, said))
  }
  return answers
}

async function settleAll(ledger: TestProgram['ledger']): Promise<void> {
  while ((await ledger.sweep(100)).wallets > 0);
}

const ROUTES: ['sqlite' | 'mysql', 'sqlite' | 'mysql', 'ndjson' | 'csv', number][] = hasMysql()
  ? [
      ['sqlite', 'mysql', 'ndjson', 12],
      ['mysql', 'sqlite', 'csv', 12],
    ]
  : [
      ['sqlite', 'sqlite', 'ndjson', 12],
      ['sqlite', 'sqlite', 'csv', 12],
    ]

/** Bought, given back in part, paid with points, given back again: on both sides of the move. */
const EVERYTHING: readonly [readonly Step[], readonly Step[]] = [
  [
    { who: 0, call: buying(0, 300, true) },
    { who: 0, call: { call: 'return', order: 0, lineId: '1', quantity: 1 } },
    { who: 0, call: { call: 'pay', order: 0, points: 500 } },
    { who: 0, call: { call: 'capture', order: 0 } },
    { who: 0, call: { call: 'repay', order: 0, cents: 100 } },
    { who: 0, call: { call: 'review', order: 0, lineId: '2' } },
    { policy: '2' },
    { who: 1, call: buying(1, 200, false) },
    { who: 0, call: { call: 'ring' } },
  ],
  [
    { again: 0 },
    { again: 1 },
    { again: 2 },
    { again: 4 },
    { who: 0, call: { call: 'return', order: 0, lineId: '2', quantity: 1 } },
    { who: 0, call: { call: 'repay', order: 0, cents: 300 } },
    { who: 0, call: { call: 'review', order: 0, lineId: '1' } },
    { again: 5 },
    { who: 1, call: { call: 'return', order: 1, lineId: '1', quantity: 1 } },
    { who: 1, call: { call: 'confirm', order: 1 } },
    { hours: 200 },
    { who: 1, call: { call: 'cancel', order: 1 } },
  ],
]

/** Bought by one who is somebody else since, and bought again: what was different is told by both alike. */
const MERGED: readonly [readonly Step[], number, readonly Step[]] = [
  [{ who: 0, call: buying(0, 1, false) }, { hours: 1 }],
  1,
  [
    { who: 0, call: buying(0, 1, false) },
    { who: 2, call: buying(0, 1, false) },
    { who: 1, call: buying(0, 1, false) },
  ],
]

function buying(order: number, price: number, confirmed: boolean): Call {
  return { call: 'buy', order, price, quantities: [2, 2], confirmed }
}

describe.each(ROUTES)('O3: orders go from %s to %s as %s', (from, to, format, numRuns) => {
  it('and what comes back of them, or is sent again, is answered as it would have been', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 22 }),
        merging,
        fc.array(step, { minLength: 1, maxLength: 22 }),
        async (before, merge, after) => {
          const firstPolicy = policyOf('1', 'within-balance')
          const old = await openTestProgram(from, { plugins: PLUGINS, firstPolicy })
          await old.program.members.registerMany(MEMBERS.map((id) => ({ id })))
          const sent: Sent[] = []
          const cut = merge === null ? before.length : Math.min(merge, before.length)
          await live([old], before.slice(0, cut), sent)
          if (merge !== null) {
            const named = { from: 'ann', into: 'cat', reason: 'one', idempotencyKey: 'm' }
            const merged = await old.program.merges.merge({ ...named, by: 'rosa' })
            expect(merged).toMatchObject({ finishedAt: expect.any(Number) })
          }
          await live([old], before.slice(cut), sent)
          // Points on hold for an order that is not placed yet are let go by themselves.
          await live([old], [{ hours: 2 }], sent)
          const first = await exportTo(old, { folder: newFolder(), kinds: KINDS, format })

          const time = { now: old.time.now }
          const fresh = await openTestProgram(to, {
            plugins: PLUGINS,
            firstPolicy: old.program.policies.at(first.at).document,
            time,
          })
          const dry = await importFrom(fresh, first, { folder: newFolder(), dryRun: true })
          expect(dry.report.first).toEqual([])
          const outcome = await importFrom(fresh, first, { folder: newFolder() })
          expect(outcome.report.first).toEqual([])
          expect(await verifyLedger(fresh.ledger.store)).toMatchObject({ ok: true })
          expect(
            (await exportTo(fresh, { folder: newFolder(), kinds: KINDS, format })).texts,
          ).toEqual(first.texts)
          const again = await importFrom(fresh, first, { folder: newFolder() })
          expect(again.files.map(({ brought, refused }) => [brought, refused])).toEqual([
            [0, 0],
            [0, 0],
            [0, 0],
          ])

          const [there, here] = await live([old, fresh], after, sent)
          expect(here).toEqual(there)
          const rest: Step[] = [{ hours: 100 }, { hours: 24 * 30 }]
          await live([old, fresh], rest, sent)
          const [one, other] = [
            await exportTo(old, { folder: newFolder(), kinds: KINDS, format }),
            await exportTo(fresh, { folder: newFolder(), kinds: KINDS, format }),
          ]
          expect(other.texts).toEqual(one.texts)
          expect(await verifyLedger(fresh.ledger.store)).toMatchObject({ ok: true })
        },
      ),
      {
        numRuns,
        examples: [
          [[...EVERYTHING[0]], null, [...EVERYTHING[1]]],
          [[...MERGED[0]], MERGED[1], [...MERGED[2]]],
        ],
      },
    )
  })
})
