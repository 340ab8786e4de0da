import { readFileSync } from 'node:fs'
import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { findSharedData } from '../../../../test/support/shared-data.js'
import { openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { pointValueAt } from './point-value-at.js'

const POINT_VALUE = `{ pointValue { value serving transitionUntil
  next { from value because { baseMonth baseIndex month index } }
  changes { from value }
  proposal { from value because { baseMonth baseIndex month index } } } }`
const RECORD = `mutation ($input: [PriceIndexMonthInput!]!) { recordPriceIndex(input: $input) {
  ... on PriceIndexRecorded { months } ... on Refusal { code field detail } } }`
const ANNOUNCE = `mutation ($input: AnnouncePointValueInput!) { announcePointValue(input: $input) {
  ... on PointValue { value next { from value } } ... on Refusal { code } } }`
const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  ... on PolicyUpdated { policy { version } } ... on PolicyInvalid { faults { path message } }
  ... on Refusal { code } } }`
const PRICE = '{ offer(id: "pot") { price formulaPrice } }'

const operator = (...roles: OperatorRole[]): Viewer => ({
  kind: 'operator',
  subject: 'ina',
  roles,
  expiresAt: Infinity,
})
const at = (date: string) => Date.parse(`${date}T12:00:00+08:00`)

/** A programme at 10 points a yuan, in which a pot worth 11 yuan can be had, by a member. */
async function openShop(store: Parameters<typeof openTestProgram>[0], pointValue: object) {
  const time = { now: at('2025-01-15') }
  const firstPolicy = { pricing: { closedLoopRatio: '10', openLoopRatio: '10' }, pointValue }
  const shop = await openTestProgram(store, { firstPolicy, time })
  await shop.program.members.register({ id: 'ann' })
  await shop.program.offers.create({
    id: 'pot',
    channel: 'shelf',
    title: { en: 'Pot', zh: '壶' },
    cashValue: '11.00 CNY',
  })
  return shop
}

const record = async (shop: TestProgram, months: Record<string, string>) => {
  const input = Object.entries(months).map(([month, figure]) => ({ month, figure }))
  return (await dataOf(shop, RECORD, { variables: { input } })).recordPriceIndex
}
const update = async (shop: TestProgram, pointValue: object) => {
  const { document } = shop.program.policies.at(shop.time.now)
  const variables = { document: { ...document, pointValue } }
  return (await dataOf(shop, UPDATE, { variables })).updatePolicy
}
const priceOf = async (shop: TestProgram) => (await dataOf(shop, PRICE)).offer.price
const pointValueOf = async (shop: TestProgram, viewer: Viewer = operator('rules')) =>
  (await dataOf(shop, POINT_VALUE, { viewer })).pointValue

const follows = { baseMonth: '2024-01', everyMonths: 12 }

describe.each(availableStores())('X8: the value of a point on %s', (store) => {
  it('CPI +10%: 100 points buy 11 instead of 10 yuan, six months after it was announced', async () => {
    const shop = await openShop(store, { follows })
    expect(await pointValueOf(shop)).toMatchObject({ value: '1', serving: '1', proposal: null })
    expect(await record(shop, { '2024-01': '100', '2025-01': '110' })).toEqual({ months: 2 })
    const proposal = {
      from: '2025-08-01',
      value: '1.1',
      because: { baseMonth: '2024-01', baseIndex: '100', month: '2025-01', index: '110' },
    }
    expect(await pointValueOf(shop)).toMatchObject({ value: '1', next: null, proposal })
    // Nothing changes by itself.
    await shop.program.jobs.runDue()
    expect(await pointValueOf(shop)).toMatchObject({ next: null })

    const { from, value } = proposal
    const request = { viewer: operator('rules'), variables: { input: { from, value } } }
    const { announcePointValue } = await dataOf(shop, ANNOUNCE, request)
    expect(announcePointValue).toEqual({ value: '1', next: { from, value } })
    expect(await pointValueOf(shop)).toMatchObject({ next: proposal, proposal: null })
    // The same yes again finds nothing to say yes to.
    expect((await dataOf(shop, ANNOUNCE, request)).announcePointValue).toEqual({
      code: 'POINT_VALUE_NOT_DUE',
    })

    shop.time.now = Date.parse('2025-07-31T23:59:59.999+08:00')
    expect(await priceOf(shop)).toBe(110)
    shop.time.now += 1
    expect(await priceOf(shop)).toBe(100)
    expect(await pointValueOf(shop, viewerOf.member('ann'))).toMatchObject({
      value: '1.1',
      serving: '1.1',
      transitionUntil: null,
    })
  })

  it('is redeemed at what is promised and shown', async () => {
    const changes = [{ from: '2025-02-01', value: '1.1' }]
    const shop = await openShop(store, { changes })
    await shop.program.earn({
      source: 'purchase',
      memberId: 'ann',
      event: {
        orderId: '1',
        at: shop.time.now,
        lines: [{ id: '1', quantity: 1, priceMinor: 500_00 }],
      },
    })
    const redeem = async (idempotencyKey: string) => {
      const redeemed = await shop.program.redemptions.redeem({
        memberId: 'ann',
        offerId: 'pot',
        idempotencyKey,
      })
      return 'points' in redeemed ? redeemed.points : redeemed
    }
    expect(await redeem('a')).toBe(110)
    shop.time.now = at('2025-02-01')
    expect(await redeem('b')).toBe(100)
    const quote = await shop.program.redemptions.quote({ memberId: 'ann', offerId: 'pot' })
    expect(quote).toMatchObject({
      points: 100,
      steps: [
        { step: 'cash-value', points: 110 },
        { step: 'point-value', points: -10, figures: { pointValue: '1.1' } },
      ],
    })
  })

  it('a value that falls lets the old rate serve through the transition', async () => {
    const changes = [
      { from: '2025-02-01', value: '1.1' },
      { from: '2025-03-01', value: '1' },
    ]
    const shop = await openShop(store, { changes, transitionDays: 10 })
    const seen: [string, number][] = []
    for (const day of ['2025-02-28', '2025-03-01', '2025-03-10', '2025-03-11']) {
      shop.time.now = at(day)
      seen.push([day, await priceOf(shop)])
    }
    expect(seen).toEqual([
      ['2025-02-28', 100],
      ['2025-03-01', 100],
      ['2025-03-10', 100],
      ['2025-03-11', 110],
    ])
    shop.time.now = at('2025-03-05')
    expect(await pointValueOf(shop)).toMatchObject({
      value: '1',
      serving: '1.1',
      transitionUntil: '2025-03-10T16:00:00.000Z',
    })
  })

  it('a price set by hand stays what it is', async () => {
    const shop = await openShop(store, { changes: [{ from: '2025-01-01', value: '2' }] })
    await shop.program.offers.update({ id: 'pot', price: { byHand: 77 } })
    expect(await priceOf(shop)).toBe(77)
  })

  it('is announced by itself where the operator said so, once on two servers', async () => {
    const shop = await openShop(store, { follows: { ...follows, apply: 'announce' } })
    const others =
      store === 'memory' ? [] : [await openTestProgram(store, { url: shop.url, time: shop.time })]
    await record(shop, { '2024-01': '250', '2025-01': '262.5', '2026-01': '275' })
    await Promise.all([shop, ...others].map(({ program }) => program.jobs.runDue()))
    await shop.program.policies.refresh()
    // Of two years that are known the later one counts.
    expect(await pointValueOf(shop)).toMatchObject({
      changes: [{ from: '2025-08-01', value: '1.1' }],
      proposal: null,
    })
    const { createdBy, note } = shop.program.policies.at(shop.time.now)
    expect({ createdBy, note }).toEqual({
      createdBy: 'pointwell',
      note: 'The value of a point follows the price index.',
    })
    shop.time.now = at('2025-01-16')
    await shop.program.jobs.runDue()
    expect((await pointValueOf(shop)).changes).toHaveLength(1)
  })

  it('refuses what members were not told of in time, and what would rewrite the past', async () => {
    const begun = { from: '2025-01-01', value: '1.1' }
    const shop = await openShop(store, { changes: [begun], transitionDays: 60 })
    const faultsOf = async (pointValue: object) =>
      ((await update(shop, pointValue)).faults ?? []).map(({ path }: { path: string }) => path)
    const terms = { transitionDays: 60 }
    const soon = { from: '2025-07-14', value: '1.2' }
    expect(await faultsOf({ ...terms, changes: [begun, soon] })).toEqual([
      'pointValue.changes.1.from',
    ])
    expect(await faultsOf({ ...terms, changes: [] })).toEqual(['pointValue.changes'])
    expect(await faultsOf({ ...terms, changes: [{ ...begun, value: '1.2' }] })).toEqual([
      'pointValue.changes.0.from',
      'pointValue.changes',
    ])
    expect(await faultsOf({ transitionDays: 59, changes: [begun] })).toEqual([
      'pointValue.transitionDays',
    ])
    expect(await faultsOf({ ...terms, changes: [begun, begun] })).toEqual([
      'pointValue.changes.1.from',
    ])
    // Less notice is for the next change, not for this one.
    const later = { from: '2025-07-15', value: '1.2' }
    expect(await faultsOf({ ...terms, announceMonths: 0, changes: [begun, soon] })).toEqual([
      'pointValue.changes.1.from',
    ])
    expect(await faultsOf({ ...terms, changes: [begun, later] })).toEqual([])
    // What is only announced may be taken back.
    expect(await faultsOf({ ...terms, changes: [begun] })).toEqual([])
  })

  it.each([
    ['no month', [], 'input'],
    ['a month there is not', [{ month: '2025-13', figure: '1' }], 'input.0.month'],
    ['a figure of nothing', [{ month: '2025-12', figure: '0' }], 'input.0.figure'],
    [
      'a month twice',
      [
        { month: '2025-12', figure: '1' },
        { month: '2025-12', figure: '2' },
      ],
      'input',
    ],
  ])('refuses an index with %s, whole', async (_, input, field) => {
    const shop = await openShop(store, { follows })
    const { recordPriceIndex } = await dataOf(shop, RECORD, { variables: { input } })
    expect(recordPriceIndex).toMatchObject({ code: 'INVALID_INPUT', field })
    expect((await dataOf(shop, '{ priceIndex { month } }')).priceIndex).toEqual([])
  })
})

const cpi = findSharedData('cpi-us-monthly.csv')

describe.skipIf(cpi === null)('X8: on the real consumer price index', () => {
  it('follows it year by year, as whole numbers say', async () => {
    const figures = readFileSync(cpi!, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter(([, figure]) => figure)
      .map(([date, figure]) => ({ month: date!.slice(0, 7), figure: figure! }))
    expect(figures.length).toBeGreaterThan(1_300)
    const shop = await openShop('sqlite', {
      follows: { baseMonth: '2015-01', apply: 'announce' },
    })
    const known = new Map(figures.map(({ month, figure }) => [month, figure]))
    for (let year = 2016; year <= 2026; year++) {
      // A month's figure is known in the middle of the next one.
      shop.time.now = at(`${year}-02-15`)
      const published = figures.filter(({ month }) => month <= `${year}-01`)
      for (let start = 0; start < published.length; start += 1_000) {
        const input = published.slice(start, start + 1_000)
        await dataOf(shop, RECORD, { variables: { input } })
      }
      await shop.program.jobs.runDue()
      const { changes } = await pointValueOf(shop)
      expect(changes.at(-1)).toEqual({
        from: `${year}-09-01`,
        value: rounded(known.get(`${year}-01`)!, known.get('2015-01')!),
      })
    }
    const { changes } = await pointValueOf(shop)
    expect(changes).toHaveLength(11)
    expect(Number(changes.at(-1).value)).toBeGreaterThan(1.3)
    const { priceIndex } = await dataOf(
      shop,
      '{ priceIndex(from: "2015-01", through: "2015-03") { month } }',
    )
    expect(priceIndex.map(({ month }: { month: string }) => month)).toEqual([
      '2015-01',
      '2015-02',
      '2015-03',
    ])
  })
})

/** `a ÷ b` to four places, half up, by whole numbers alone. */
function rounded(a: string, b: string): string {
  const whole = (text: string) =>
    BigInt(text.replace('.', '')) * 10n ** BigInt(6 - (text.split('.')[1]?.length ?? 0))
  const tenThousandths = (whole(a) * 20_000n + whole(b)) / (2n * whole(b))
  return String(Number(tenThousandths) / 10_000)
}

describe('X8: through any changes', () => {
  const calendar = openCalendar('Europe/London')
  const days = (from: string) => (n: number) => calendar.addDays(from, n)
  const values = fc.integer({ min: 1, max: 30 }).map((tenths) => String(tenths / 10))

  it('what serves is the best of today and of what began to end within the transition', () => {
    const changes = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 300 }), values), {
        maxLength: 6,
        selector: ([day]) => day,
      })
      .map((list) => list.toSorted(([a], [b]) => a - b))
    fc.assert(
      fc.property(
        changes,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 400 }),
        (list, transitionDays, today) => {
          const day = days('2025-01-01')
          const policy = {
            transitionDays,
            changes: list.map(([n, value]) => ({ from: day(n), value, because: null })),
          }
          const answer = pointValueAt(policy, { at: calendar.startOf(day(today)), calendar })
          // Day by day: each value serves from its first day until its successor's transition ended.
          const spans = [[-1, '1'] as const, ...list].map(([from, value], place) => ({
            from,
            value: Number(value),
            until: (list[place]?.[0] ?? Infinity) + transitionDays,
          }))
          const serving = spans.filter(({ from, until }) => from <= today && today < until)
          expect(Number(answer.serving)).toBe(Math.max(...serving.map(({ value }) => value)))
          expect(Number(answer.value)).toBe(serving.at(-1)!.value)
          const ends = serving
            .filter(({ value, until }) => value === Number(answer.serving) && until !== Infinity)
            .map(({ until }) => calendar.startOf(day(until)))
          if (answer.serving === answer.value) expect(answer.transitionUntil).toBeNull()
          else expect(ends).toContain(answer.transitionUntil)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
