import {
  type Grant,
  isRefusal,
  LATEST_INSTANT,
  MAX_POINTS,
  type MemberFacts,
  openCalendar,
  runDecision,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { purchaseEvent } from '../event/purchase-event.js'
import { purchase } from '../purchase.js'
import { purchaseWords } from '../purchase-words.js'
import { purchaseSettings } from '../settings/purchase-settings.js'

const DAY_MS = 86_400_000
const AT = Date.parse('2021-05-03T10:00:00+08:00')

const regular: MemberFacts = {
  id: 'm-1',
  joinedAt: 0,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
}
const gold: MemberFacts = {
  ...regular,
  tier: { id: 'gold', earnMultiplier: '1.5', birthdayMultiplier: '2' },
}

interface Case {
  settings?: Record<string, unknown>
  member?: Partial<MemberFacts>
  event?: Record<string, unknown>
}

function decide({ settings = {}, member = {}, event = {} }: Case) {
  return runDecision(purchase, {
    settings: purchaseSettings.parse(settings),
    event: purchaseEvent.parse({
      orderId: 'o-1',
      at: AT,
      currency: 'CNY',
      lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '100' }],
      ...event,
    }),
    member: { ...regular, ...member },
    memory: {},
    calendar: openCalendar('Asia/Shanghai'),
    now: AT,
    currency: 'CNY',
  })
}

function granted(input: Case): Grant {
  const decision = decide(input)
  if (isRefusal(decision)) throw new Error(decision.code)
  return decision
}

const stepsOf = (input: Case) =>
  Object.fromEntries(granted(input).because.map(({ step, points }) => [step, points]))

const line = (over: Record<string, unknown> = {}) => ({
  id: '1',
  article: 'tea',
  quantity: 1,
  unitPrice: '100',
  ...over,
})
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const campaign = (id: string, multiplier: string, extraPoints = 0) => ({
  id,
  multiplier,
  extraPoints,
})

/** A decimal of at most six places as a whole number of millionths. */
function millionths(decimal: string): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(decimal) ?? []
  if (whole === undefined) throw new Error(`Not a decimal of six places: ${decimal}`)
  return BigInt(`${sign}${whole}${fraction.padEnd(6, '0')}`)
}

describe('E2: what a purchase earns', () => {
  const cases: Array<[string, number, Case]> = [
    ['1 yuan is 1 point', 100, {}],
    [
      'what is spent is lines, whole',
      250,
      { event: { lines: [line({ quantity: 2 }), line({ id: '2', unitPrice: '50' })] } },
    ],
    ['10 yuan a point', 10, { settings: { spendPerPoint: '10' } }],
    ['half a yuan a point', 200, { settings: { spendPerPoint: '0.5' } }],
    ['nothing for nothing', 0, { event: { lines: [line({ unitPrice: '0' })] } }],
    [
      'a category has its rate',
      300,
      { settings: { categoryRates: { tea: '3' } }, event: { lines: [line({ category: 'tea' })] } },
    ],
    [
      'a category without a rate has 1',
      100,
      { settings: { categoryRates: { tea: '3' } }, event: { lines: [line({ category: 'cups' })] } },
    ],
    [
      'a category named like a part of an object has 1',
      100,
      {
        settings: { categoryRates: { tea: '3' } },
        event: { lines: [line({ category: 'constructor' })] },
      },
    ],
    [
      'a category can earn nothing',
      100,
      {
        settings: { categoryRates: { gift: '0' } },
        event: { lines: [line(), line({ id: '2', category: 'gift' })] },
      },
    ],
    [
      'class 3: 1.2',
      120,
      { settings: { regionRates: { 'class-3': '1.2' } }, event: { region: 'class-3' } },
    ],
    [
      'the member’s region where the order names none',
      120,
      { settings: { regionRates: { 'class-3': '1.2' } }, member: { region: 'class-3' } },
    ],
    [
      'the order’s region before the member’s',
      100,
      {
        settings: { regionRates: { 'class-3': '1.2' } },
        member: { region: 'class-3' },
        event: { region: 'class-1' },
      },
    ],
    [
      'silver: 1.2',
      120,
      { member: { tier: { ...regular.tier, id: 'silver', earnMultiplier: '1.2' } } },
    ],
    ['gold: 1.5', 150, { member: gold }],
    [
      'gold on the birthday: 2× that day',
      300,
      { member: { ...gold, birthday: { month: 5, day: 3 } } },
    ],
    [
      'the birthday is a day of the programme’s zone',
      100,
      {
        member: { birthday: { month: 5, day: 3 } },
        event: { at: Date.parse('2021-05-03T16:00:00Z') },
      },
    ],
    [
      'the birthday can be switched off',
      150,
      { settings: { birthday: false }, member: { ...gold, birthday: { month: 5, day: 3 } } },
    ],
    [
      'born on 29 February: the 28th in a common year',
      200,
      { member: { birthday: { month: 2, day: 29 } }, event: { at: '2021-02-28T12:00:00+08:00' } },
    ],
    [
      'born on 29 February: not the 28th in a leap year',
      100,
      { member: { birthday: { month: 2, day: 29 } }, event: { at: '2024-02-28T12:00:00+08:00' } },
    ],
    [
      'born on 29 February: the 29th in a leap year',
      200,
      { member: { birthday: { month: 2, day: 29 } }, event: { at: '2024-02-29T12:00:00+08:00' } },
    ],
    [
      'born on 28 February: the 28th in every year',
      200,
      { member: { birthday: { month: 2, day: 28 } }, event: { at: '2024-02-28T12:00:00+08:00' } },
    ],
    [
      'campaigns multiply, then add',
      100 * 1.5 * 2 + 30,
      { member: { campaigns: [campaign('a', '1.5', 10), campaign('b', '2', 20)] } },
    ],
    [
      'staff earn nothing, extra points neither',
      0,
      { member: { staff: true, campaigns: [campaign('a', '2', 10)] } },
    ],
    [
      'unless the operator gives them a rate',
      50,
      { settings: { staffRate: '0.5' }, member: { staff: true } },
    ],
    ['tax earns nothing', 87, { event: { includedTax: cny(1300) } }],
    ['what points paid earns nothing', 60, { event: { paidWithPoints: cny(4000) } }],
    ['what coupons paid earns nothing', 50, { event: { paidWithCoupons: '50 CNY' } }],
    [
      'all three together',
      37,
      { event: { includedTax: cny(1300), paidWithPoints: cny(2000), paidWithCoupons: cny(3000) } },
    ],
    ['delivery is not goods', 100, { event: { delivery: cny(1200) } }],
    [
      'never below zero',
      0,
      { event: { paidWithPoints: cny(20000) }, member: { campaigns: [campaign('a', '1', 50)] } },
    ],
    ['a limit an order', 80, { settings: { pointsPerOrder: { limit: 80 } } }],
    [
      'a limit an order, other for a tier',
      120,
      { settings: { pointsPerOrder: { limit: 80, byTier: { gold: 120 } } }, member: gold },
    ],
    [
      'no limit for a tier',
      150,
      { settings: { pointsPerOrder: { limit: 80, byTier: { gold: null } } }, member: gold },
    ],
    [
      'the limit an order holds extra points too',
      80,
      {
        settings: { pointsPerOrder: { limit: 80 } },
        member: { campaigns: [campaign('a', '1', 50)] },
      },
    ],
    [
      'a limit a piece',
      90,
      {
        settings: { pointsPerItem: { limit: 30 } },
        event: { lines: [line({ quantity: 2 }), line({ id: '2', unitPrice: '30' })] },
      },
    ],
    [
      'the limit a piece is after the share that earns nothing',
      50,
      { settings: { pointsPerItem: { limit: 60 } }, event: { paidWithPoints: cny(5000) } },
    ],
    [
      'a limit of 0',
      0,
      {
        settings: { pointsPerItem: { limit: 0 } },
        member: { campaigns: [campaign('a', '1', 50)] },
      },
    ],
    ['floor by default', 99, { event: { lines: [line({ unitPrice: '99.99' })] } }],
    [
      'once an order, not once a line',
      1,
      { event: { lines: [line({ unitPrice: '0.5' }), line({ id: '2', unitPrice: '0.5' })] } },
    ],
    [
      'half up',
      100,
      { settings: { rounding: 'half-up' }, event: { lines: [line({ unitPrice: '99.5' })] } },
    ],
    [
      'half up, below half',
      99,
      { settings: { rounding: 'half-up' }, event: { lines: [line({ unitPrice: '99.4999' })] } },
    ],
    [
      'ceil',
      100,
      { settings: { rounding: 'ceil' }, event: { lines: [line({ unitPrice: '99.0001' })] } },
    ],
    [
      'ceil of a whole number is it',
      99,
      { settings: { rounding: 'ceil' }, event: { lines: [line({ unitPrice: '99' })] } },
    ],
    [
      'a third and a third and a third are one',
      1,
      {
        settings: { spendPerPoint: '3' },
        event: { lines: [1, 2, 3].map((id) => line({ id: `${id}`, unitPrice: '1' })) },
      },
    ],
    [
      'four places of a price',
      3,
      { event: { lines: [line({ unitPrice: '0.0003', quantity: 10_000 })] } },
    ],
    [
      'the most there can be',
      MAX_POINTS,
      {
        event: { lines: [line({ unitPrice: '90071992547409.91' })] },
        settings: { spendPerPoint: '0.01' },
      },
    ],
  ]

  it.each(cases)('%s: %d', (_, points, input) => {
    expect(granted(input).points).toBe(points)
  })

  it.each(cases)('L9: the steps of "%s" sum to %d, and each has words', (_, points, input) => {
    const { because } = granted(input)
    const micro = because.reduce((sum, step) => sum + millionths(String(step.points)), 0n)
    expect(micro).toBe(BigInt(points) * 1_000_000n)
    for (const { step } of because) expect(Object.keys(purchaseWords)).toContain(step)
    expect(because[0]?.step).toBe('base')
  })
})

describe('L9: why a purchase earned what it did', () => {
  it('tells every step with its figures', () => {
    const { points, because } = granted({
      settings: {
        categoryRates: { tea: '2' },
        regionRates: { 'class-3': '1.2' },
        pointsPerItem: { limit: 300 },
        pointsPerOrder: { limit: 500 },
      },
      member: {
        ...gold,
        birthday: { month: 5, day: 3 },
        campaigns: [campaign('spring', '1.1', 20)],
      },
      event: {
        region: 'class-3',
        includedTax: '13 CNY',
        paidWithCoupons: '20 CNY',
        lines: [line({ category: 'tea' }), line({ id: '2', unitPrice: '33.33' })],
      },
    })
    expect(because).toEqual([
      { step: 'base', points: '133.33', figures: { goods: '133.33', spendPerPoint: '1' } },
      { step: 'category', points: '100', figures: { rates: { tea: '2' } } },
      { step: 'region', points: '46.666', figures: { region: 'class-3', rate: '1.2' } },
      { step: 'tier', points: '139.998', figures: { tier: 'gold', rate: '1.5' } },
      { step: 'birthday', points: '419.994', figures: { date: '2021-05-03', rate: '2' } },
      {
        step: 'campaign',
        points: '83.9988',
        figures: { campaign: 'spring', rate: '1.1' },
      },
      {
        step: 'non-earning',
        points: '-228.692451',
        figures: { goods: '133.33', earning: '100.33', includedTax: '13', paidWithCoupons: '20' },
      },
      { step: 'item-cap', points: '-295.975099', figures: { limit: 300 } },
      {
        step: 'campaign-extra',
        points: '20',
        figures: { campaign: 'spring', points: 20 },
      },
      { step: 'rounding', points: '-0.31925', figures: { rounding: 'floor' } },
    ])
    expect(points).toBe(419)
  })

  it('leaves out what changed nothing, and says nothing of rounding a whole number', () => {
    expect(stepsOf({})).toEqual({ base: '100' })
    expect(stepsOf({ settings: { pointsPerOrder: { limit: 80 } } })).toEqual({
      base: '100',
      'order-cap': '-20',
    })
  })
})

describe('E2: when the points of a purchase can be used', () => {
  it('after the days in which it confirms by itself', () => {
    expect(granted({}).pending).toEqual({ confirmAt: AT + 7 * DAY_MS })
    expect(granted({ settings: { confirmAfterDays: 0 } }).pending).toEqual({ confirmAt: AT })
  })

  it('only when somebody confirms it, if the policy says so', () => {
    expect(granted({ settings: { confirmAfterDays: null } }).pending).toEqual({ confirmAt: null })
  })

  it('at once when it is confirmed already', () => {
    expect(granted({ event: { confirmed: true } }).pending).toBeUndefined()
  })

  it('when the member claims them, if the policy says so', () => {
    expect(granted({}).claimMs).toBeNull()
    expect(granted({ settings: { claimDays: 7 } }).claimMs).toBe(7 * DAY_MS)
  })

  it('stays within the years that there are', () => {
    const at = LATEST_INSTANT - 1
    expect(granted({ event: { at } }).pending).toEqual({ confirmAt: LATEST_INSTANT })
  })
})

describe('M3: what counts for the tier', () => {
  it.each<[string, number, Case]>([
    ['goods', 10_000, {}],
    ['tax too, for it was paid', 10_000, { event: { includedTax: cny(1300) } }],
    [
      'not what points or coupons paid',
      4_000,
      { event: { paidWithPoints: cny(1000), paidWithCoupons: cny(5000) } },
    ],
    ['not delivery', 10_000, { event: { delivery: cny(1200) } }],
    ['whatever the rates', 10_000, { member: { ...gold, staff: true } }],
    ['whole minor units', 33, { event: { lines: [line({ unitPrice: '0.3399' })] } }],
    ['never below zero', 0, { event: { paidWithPoints: cny(20_000) } }],
  ])('%s: %d', (_, minor, input) => {
    expect(granted(input).qualifyingMinor).toBe(minor)
  })
})

describe('A2: what a purchase is refused for', () => {
  it.each([
    ['currency', { currency: 'USD' }],
    ['includedTax', { includedTax: '1 USD' }],
    ['paidWithPoints', { paidWithPoints: '1 USD' }],
    ['paidWithCoupons', { paidWithCoupons: '1 USD' }],
    ['delivery', { delivery: '1 USD' }],
  ])('CURRENCY_NOT_SUPPORTED names %s', (field, event) => {
    expect(decide({ event })).toEqual({
      refused: true,
      code: 'CURRENCY_NOT_SUPPORTED',
      figures: { field },
    })
  })

  it.each<[string, Case]>([
    [
      'more spend than can be counted',
      { event: { lines: [line({ unitPrice: '90071992547409.92' })] } },
    ],
    [
      'more points than can be counted',
      {
        event: { lines: [line({ unitPrice: '90071992547409.91' })] },
        settings: { spendPerPoint: '0.0099' },
      },
    ],
    [
      'rates beyond all measure',
      {
        event: { lines: [line({ unitPrice: '90071992547409' })] },
        member: {
          campaigns: Array.from({ length: 50 }, (_, n) => campaign(`c${n}`, '1000', MAX_POINTS)),
        },
      },
    ],
    [
      'the longest order',
      {
        event: {
          lines: Array.from({ length: 1000 }, (_, n) =>
            line({ id: `${n}`, quantity: 1_000_000, unitPrice: '999999999999999.9999' }),
          ),
        },
      },
    ],
  ])('ORDER_TOO_LARGE: %s', (_, input) => {
    expect(decide(input)).toEqual({
      refused: true,
      code: 'ORDER_TOO_LARGE',
      figures: { field: 'lines', limit: MAX_POINTS },
    })
  })
})
