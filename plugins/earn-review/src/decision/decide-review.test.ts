import {
  type EarnedRecord,
  isRefusal,
  type MemberFacts,
  openCalendar,
  runAsks,
  runDecision,
  runReturn,
} from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ReviewEvent, reviewEvent } from '../event/review-event.js'
import { review } from '../review.js'
import { reviewRefusals, reviewWords } from '../review-words.js'
import { reviewSettings } from '../settings/review-settings.js'

const AT = Date.parse('2021-05-03T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')
const member: MemberFacts = {
  id: 'm-1',
  joinedAt: 0,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
}
const order: EarnedRecord = {
  memberId: 'm-1',
  once: 'o-1',
  event: { orderId: 'o-1', lines: [{ id: '1', quantity: 2, article: 'tea' }] },
  status: 'confirmed',
  granted: 10,
  standing: 10,
  returns: [],
}
const back = (quantity: number, line = '1') => ({ returnId: 'r', lines: [{ line, quantity }] })

const eventOf = (changed: object = {}): ReviewEvent =>
  reviewEvent.parse({
    orderId: 'o-1',
    lineId: '1',
    reviewId: 'r-1',
    characters: 10,
    photos: 0,
    at: AT,
    ...changed,
  })

interface Case {
  readonly event?: object
  readonly settings?: object
  readonly order?: Partial<EarnedRecord> | null
  readonly campaigns?: MemberFacts['campaigns']
}

function decide({ event, settings, order: changed, campaigns = [] }: Case = {}) {
  return runDecision(review, {
    event: eventOf(event),
    memory: {},
    settings: reviewSettings.parse(settings ?? {}),
    member: { ...member, campaigns },
    calendar,
    now: AT,
    currency: 'CNY',
    acts: [changed === null ? null : { ...order, ...changed }],
  })
}

const pointsOf = (given?: Case) => {
  const decision = decide(given)
  return isRefusal(decision) ? decision.code : decision.points
}

describe('E5: what a review earns', () => {
  it('asks for the order', () => {
    expect(runAsks(review, { event: eventOf(), calendar, now: AT }).acts).toEqual([
      { source: 'purchase', once: 'o-1' },
    ])
  })

  it('20 points, 50 with three photos or more', () => {
    expect([0, 1, 2, 3, 4, 100].map((photos) => pointsOf({ event: { photos } }))).toEqual([
      20, 20, 20, 50, 50, 50,
    ])
    expect(decide()).toMatchObject({ because: [{ step: 'review', points: 20 }], at: AT })
    expect(decide({ event: { photos: 3 } })).toMatchObject({
      because: [{ step: 'review-photos', points: 50, figures: { photos: 3 } }],
    })
  })

  it('what the operator says', () => {
    const settings = { points: 7, pointsWithPhotos: 9, photos: 1, minCharacters: 0 }
    expect(pointsOf({ settings, event: { characters: 0 } })).toBe(7)
    expect(pointsOf({ settings, event: { characters: 0, photos: 1 } })).toBe(9)
  })

  it('E11: times what campaigns say', () => {
    const campaigns = [{ id: 'may', multiplier: '1.5', extraPoints: 1 }]
    expect(decide({ campaigns })).toMatchObject({
      points: 31,
      because: [
        { step: 'review', points: 20 },
        { step: 'campaign', points: 11 },
      ],
    })
  })

  it.each<[what: string, code: keyof typeof reviewRefusals, given: Case]>([
    ['no order', 'REVIEW_ORDER_NOT_FOUND', { order: null }],
    ['an order that waits', 'REVIEW_ORDER_NOT_CONFIRMED', { order: { status: 'pending' } }],
    ['a cancelled order', 'REVIEW_ORDER_CANCELLED', { order: { status: 'cancelled' } }],
    ['a line that is not there', 'REVIEW_LINE_NOT_FOUND', { event: { lineId: '2' } }],
    ['an order without lines', 'REVIEW_LINE_NOT_FOUND', { order: { event: { sum: 5 } } }],
    ['a line that came back', 'REVIEW_LINE_RETURNED', { order: { returns: [back(2)] } }],
    ['… in parts', 'REVIEW_LINE_RETURNED', { order: { returns: [back(1), back(1)] } }],
    ['nine characters', 'REVIEW_TOO_SHORT', { event: { characters: 9, photos: 3 } }],
  ])('%s: %s', (_, code, given) => {
    expect(pointsOf(given)).toBe(code)
  })

  it('a line stands while a piece of it does, whatever became of the others', () => {
    expect(pointsOf({ order: { returns: [back(1)] } })).toBe(20)
    expect(pointsOf({ order: { returns: [back(2, '2')] } })).toBe(20)
  })

  it('A2: says how long a review must be', () => {
    expect(decide({ event: { characters: 4 } })).toMatchObject({
      figures: { field: 'characters', available: 4, needed: 10 },
    })
  })

  it('L5: one that is withdrawn earns nothing', () => {
    const taken = { why: 'removed', reason: 'spam', by: 'rosa' }
    const without = runReturn(review, eventOf(), [taken])
    expect(pointsOf({ event: without as object })).toBe(0)
  })

  it('every step and refusal has its words', () => {
    const steps = [decide(), decide({ event: { photos: 3 } })].flatMap((it) =>
      isRefusal(it) ? [] : it.because.map(({ step }) => step),
    )
    for (const step of [...steps, 'campaign']) expect(reviewWords).toHaveProperty([step])
  })

  it('is what whole numbers make of it, whatever the settings and campaigns', () => {
    const whole = fc.integer({ min: 0, max: 1_000_000_000 })
    const campaign = fc.record({ thousandths: fc.nat(4_000), extraPoints: fc.nat(50) })
    fc.assert(
      fc.property(
        fc.record({
          points: whole,
          pointsWithPhotos: whole,
          photos: fc.integer({ min: 1, max: 9 }),
        }),
        fc.record({ photos: fc.nat(9), characters: fc.nat(30) }),
        fc.array(campaign, { maxLength: 2 }),
        (settings, event, given) => {
          const campaigns = given.map(({ thousandths, extraPoints }, n) => ({
            id: `c${n}`,
            multiplier: `${Math.floor(thousandths / 1_000)}.${`${thousandths % 1_000}`.padStart(3, '0')}`,
            extraPoints,
          }))
          const base = event.photos < settings.photos ? settings.points : settings.pointsWithPhotos
          let times = BigInt(base)
          for (const { thousandths } of given) times *= BigInt(thousandths)
          const extra = given.reduce((sum, it) => sum + it.extraPoints, 0)
          const sum = Number(times / 1_000n ** BigInt(given.length)) + extra
          const expected = base === 0 ? 0 : Math.min(sum, 1_000_000_000)
          // The wall around decisions makes sure that the steps sum to the points.
          expect(pointsOf({ settings, event, campaigns })).toBe(
            event.characters < 10 ? 'REVIEW_TOO_SHORT' : expected,
          )
        },
      ),
    )
  })
})
