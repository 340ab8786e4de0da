import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { quiet, review } from '../../../../test/support/run-review.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { openReviews } from './open-reviews.js'

const MEMBER = `query ($id: ID!) { member(id: $id) { segments { id title } rfm { recency frequency monetary } } }`
const SIZES = '{ segmentSizes { at members segments { segment { id } members } } }'
const seen = async (test: TestProgram, id: string) =>
  (await dataOf(test, MEMBER, { viewer: viewerOf.storefront, variables: { id } })).member
const segmentsIn = async (test: TestProgram, id: string) =>
  (await seen(test, id)).segments.map((it: { id: string }) => it.id)
const sizes = async (test: TestProgram) => {
  const { segmentSizes } = await dataOf(test, SIZES)
  const entries = segmentSizes.segments.map(
    ({ segment, members }: { segment: { id: string }; members: number }) => [segment.id, members],
  )
  return { members: segmentSizes.members, ...Object.fromEntries(entries) }
}

const day = (test: TestProgram, n: number) => {
  test.time.now += n * DAY_MS
}

async function buy(test: TestProgram, memberId: string, orderId: string, yuan = 10) {
  const line = { id: '1', quantity: 1, priceMinor: yuan * 100 }
  const event = { orderId, at: test.time.now, lines: [line] }
  const earned = await test.program.earn({ source: 'purchase', memberId, event })
  if (isRefusal(earned)) throw new Error(earned.code)
}

/** Five members: the nth buys n times, the last time n days ago; and one who never does. */
async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy })
  const ids = ['m1', 'm2', 'm3', 'm4', 'm5', 'idle']
  await test.program.members.registerMany(ids.map((id) => ({ id })))
  for (const n of [1, 2, 3, 4, 5]) {
    day(test, 1)
    for (let order = 0; order < n; order++) await buy(test, `m${n}`, `${n}-${order}`, 10 * (6 - n))
  }
  return test
}

describe.each(availableStores())('M6: segments on %s', (store) => {
  it('R1: an offer for a segment is shown to its members, and sold to nobody else', async () => {
    const test = await openShop(store)
    await review(test)
    const segments = ['lost', 'sleeping']
    const offer = { channel: 'shelf', title: { en: 'Tea', zh: '茶' }, cashValue: '1.00 CNY' }
    const input = { ...offer, id: 'come-back', price: { byHand: 1 }, segments }
    const create = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
      ... on OfferSaved { offer { segments } } ... on Refusal { code field } } }`
    expect(await dataOf(test, create, { variables: { input } })).toEqual({
      createOffer: { offer: { segments } },
    })
    const redeem = `mutation { redeem(input: { offerId: "come-back", idempotencyKey: "k" }) {
      ... on Redemption { status } ... on Refusal { code } } }`
    const outcomes: string[] = []
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5', 'idle']) {
      const isIn = (await segmentsIn(test, id)).some((it: string) => segments.includes(it))
      const viewer = viewerOf.member(id)
      const { offers } = await dataOf(test, '{ offers { nodes { id } } }', { viewer })
      expect([id, offers.nodes]).toEqual([id, isIn ? [{ id: 'come-back' }] : []])
      const { redeem: outcome } = await dataOf(test, redeem, { viewer })
      expect([id, outcome]).toEqual([
        id,
        isIn ? { status: 'FULFILLED' } : { code: 'OFFER_NOT_FOR_YOU' },
      ])
      outcomes.push(outcome.status ?? outcome.code)
    }
    expect(new Set(outcomes)).toEqual(new Set(['FULFILLED', 'OFFER_NOT_FOR_YOU']))
  })

  it('scores members by their orders and puts them into segments', async () => {
    const test = await openShop(store)
    expect(await seen(test, 'm5')).toEqual({ segments: [], rfm: null })
    expect((await dataOf(test, SIZES)).segmentSizes).toBeNull()
    expect(await review(test)).toBe('6 members')
    expect(await seen(test, 'm5')).toEqual({
      segments: [{ id: 'loyal', title: 'Loyal' }],
      rfm: { recency: 5, frequency: 5, monetary: 1 },
    })
    // 1 × 50, 2 × 40, 3 × 30, 4 × 20, 5 × 10
    const monetary = await Promise.all(
      [1, 2, 3, 4, 5].map(async (n) => (await seen(test, `m${n}`)).rfm.monetary),
    )
    expect(monetary).toEqual([1, 3, 5, 3, 1])
    expect(await segmentsIn(test, 'm1')).toEqual(['lost'])
    expect(await segmentsIn(test, 'm2')).toEqual(['sleeping'])
    expect(await segmentsIn(test, 'm3')).toEqual(['ordinary'])
    expect(await seen(test, 'idle')).toEqual({ segments: [], rfm: null })
    expect(await sizes(test)).toEqual({ members: 6, loyal: 2, sleeping: 1, lost: 1, ordinary: 1 })
  })

  it('L5: what went back does not count, nor does what is not confirmed', async () => {
    const test = await openShop(store)
    for (const order of [1, 2, 3, 4]) {
      const name = { source: 'purchase', once: `5-${order}` }
      const lines = [{ line: '1', quantity: 1 }]
      const taken = await test.program.returnEarned({ ...name, taken: { returnId: 'r', lines } })
      expect(isRefusal(taken)).toBe(false)
    }
    const waiting = { at: test.time.now, confirmed: false, lines: [] }
    const earned = await test.program.earn({
      source: 'purchase',
      memberId: 'idle',
      event: { orderId: 'waits', ...waiting },
    })
    expect(isRefusal(earned)).toBe(false)
    await review(test)
    expect((await seen(test, 'm5')).rfm).toEqual({ recency: 5, frequency: 1, monetary: 1 })
    expect((await seen(test, 'idle')).rfm).toBeNull()
    await test.program.confirmEarned({ source: 'purchase', once: 'waits' })
    day(test, 1)
    await review(test)
    expect((await seen(test, 'idle')).rfm).not.toBeNull()
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('is done once a day, and at once when the operator changes the segments', async () => {
    const test = await openShop(store)
    expect(await review(test)).toBe('6 members')
    expect(await review(test)).toBe('nothing to do')
    const title = { en: 'All', zh: '全部' }
    const updated = await test.program.policies.update({
      document: { segments: { list: [{ id: 'all', title, anyOf: [{}] }] } },
      by: 'rosa',
    })
    expect(updated).not.toHaveProperty('faults')
    expect(await review(test)).toBe('6 members')
    expect(await segmentsIn(test, 'idle')).toEqual(['all'])
    expect(await segmentsIn(test, 'm5')).toEqual(['all'])
    expect(await sizes(test)).toEqual({ members: 6, all: 6 })
    day(test, 1)
    expect(await review(test)).toBe('6 members')
  })

  it('E1, R1: offers and decisions go by them', async () => {
    const test = await openShop(store)
    const offer = {
      id: 'tea',
      channel: 'shelf',
      title: { en: 'Tea', zh: '茶' },
      cashValue: '1.00 CNY',
      price: { byHand: 1 },
      segments: ['loyal'],
    }
    expect(await test.program.offers.create({ ...offer, segments: ['vip'] })).toMatchObject({
      code: 'INVALID_INPUT',
      figures: { field: 'segments.0' },
    })
    expect(isRefusal(await test.program.offers.create(offer))).toBe(false)
    const redeem = (idempotencyKey: string) =>
      test.program.redemptions.redeem({ memberId: 'm5', offerId: 'tea', idempotencyKey })
    expect(await redeem('a')).toMatchObject({ code: 'OFFER_NOT_FOR_YOU' })
    await review(test)
    expect(isRefusal(await redeem('b'))).toBe(false)
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'O2: the review of members on %s',
  (store) => {
    const open = ({ database, ledger, program }: TestProgram) =>
      openReviews({
        database,
        ledger,
        policies: program.policies,
        page: program.members.page,
        batch: 2,
      })

    it('goes on where it was broken off, on another server', async () => {
      const test = await openShop(store)
      const other = await openTestProgram(store, { url: test.url, time: test.time })
      const stop = new AbortController()
      let pages = 0
      const broken = openReviews({
        database: test.database,
        ledger: test.ledger,
        policies: test.program.policies,
        batch: 2,
        page: (after, limit) => {
          // Four pages to compare them, and the second batch after that.
          if (++pages === 6) stop.abort()
          return test.program.members.page(after, limit)
        },
      })
      const first = await broken.run({ ...quiet(), now: test.time.now, signal: stop.signal })
      expect(first).toBe('4 members, broken off')
      expect((await dataOf(test, SIZES)).segmentSizes).toBeNull()
      expect(await open(other).run({ ...quiet(), now: test.time.now })).toBe('6 members')
      expect(await sizes(test)).toEqual({ members: 6, loyal: 2, sleeping: 1, lost: 1, ordinary: 1 })
    })

    it('counts everybody once, however many servers do it at once', async () => {
      const test = await openShop(store)
      const other = await openTestProgram(store, { url: test.url, time: test.time })
      await Promise.all(
        [test, other, test, other].map((it) => open(it).run({ ...quiet(), now: test.time.now })),
      )
      // Whoever lost the race has stopped; the next look finishes what is left.
      await open(other).run({ ...quiet(), now: test.time.now })
      expect(await sizes(test)).toEqual({ members: 6, loyal: 2, sleeping: 1, lost: 1, ordinary: 1 })
    })

    it('runs by itself', async () => {
      const test = await openShop(store)
      const runs = await test.program.jobs.runDue()
      expect(runs).toContainEqual({ name: 'review-members', result: '6 members' })
    })
  },
)
