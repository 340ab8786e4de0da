import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { quiet, review } from '../../../../test/support/run-review.js'
import { statementsOf, tablesOf } from '../../../../test/support/statements-of.js'
import {
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  shelf,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, shop } from '../../../../test/support/test-program-plugins.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { openReviews } from '../review/open-reviews.js'
import { enter, withoutGone } from './entered.js'
import { experimentsSection } from './experiments-section.js'

const VARIANTS = '{ members(first: 50) { nodes { id variants { experiment variant } } } }'
const PRICE = `query ($memberId: ID) { offer(id: "tea", memberId: $memberId) { price } }`
const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename ... on PolicyInvalid { faults { path message } } } }`

const title = { en: 'x', zh: 'x' }
const at = (instant: number) => new Date(instant).toISOString()
const ASLEEP = { id: 'asleep', title, anyOf: [{ daysSinceOrder: { min: 2 } }] }
/** Everybody whom it is of is in its only variant. */
const wake = {
  id: 'wake',
  title,
  from: at(MONDAY_NOON),
  segments: ['asleep'],
  variants: [{ id: 'cheap', share: '1' }],
}
/** The first three have slept long enough by the first review. */
const MEMBERS = ['ann', 'bob', 'cem', 'dee', 'eve']
const SLEEPERS = MEMBERS.slice(0, 3)
const documentOf = (experiments: readonly object[], more: object = {}) => ({
  kinds: { purchase: { title, expiry: { term: 'never' } } },
  sources: { purchase: { kind: 'purchase' } },
  adjustments: { kind: null },
  segments: { list: [ASLEEP] },
  experiments,
  ...more,
})

async function open(
  store: StoreName,
  experiments: readonly object[] = [wake],
  { more = {} }: { more?: object } = {},
) {
  const test = await openTestProgram(store, {
    plugins: [shop, shelf],
    firstPolicy: documentOf(experiments, more),
  })
  await test.program.members.registerMany(MEMBERS.map((id) => ({ id })))
  for (const id of SLEEPERS) await buy(test, id)
  test.time.now += 2 * DAY_MS
  return test
}

let orders = 0
async function buy({ program, time }: TestProgram, memberId: string) {
  const lines = [{ id: '1', quantity: 1, priceMinor: 1_000_00 }]
  const event = { orderId: `o${orders++}`, at: time.now, lines }
  const earned = await program.earn({ source: 'purchase', memberId, event })
  assertDone(earned)
  return earned
}

/** Whoever is in a variant of `wake` now. */
async function inIt(test: TestProgram): Promise<string[]> {
  const { members } = await dataOf(test, VARIANTS)
  return members.nodes
    .filter(({ variants }: Data) => variants.some((it: Data) => it.experiment === 'wake'))
    .map(({ id }: Data) => id)
    .sort()
}
async function memoOf({ program, ledger }: TestProgram, id: string) {
  const { wallet } = (await program.members.find(id))!
  return (await ledger.store.findWallets([wallet]))[0]!.memo
}
async function change({ program, time }: TestProgram, experiments: readonly object[]) {
  const updated = await program.policies.update({ document: documentOf(experiments), by: 'rosa' })
  expect(updated).not.toHaveProperty('faults')
  time.now += 1
}
const offerOf = (more: object) => ({
  id: 'tea',
  channel: 'shelf',
  title,
  cashValue: '1.00 CNY',
  ...more,
})

describe.each(availableStores())('T1, M6: who is in an experiment on %s', (store) => {
  it('is nobody before a review, then whoever slept, also once awake, and who falls asleep later', async () => {
    const test = await open(store)
    expect(await inIt(test)).toEqual([])
    await review(test)
    expect(await inIt(test)).toEqual(SLEEPERS)
    // Whoever comes back because of it stays in what is measured.
    await buy(test, 'ann')
    await buy(test, 'dee')
    test.time.now += DAY_MS
    await review(test)
    const ann = (await test.program.members.find('ann'))!
    expect([ann.segments, await inIt(test)]).toEqual([[], SLEEPERS])
    const { transaction } = await buy(test, 'ann')
    expect(transaction.labels).toMatchObject({ 'experiment:wake': 'cheap' })
    test.time.now += DAY_MS
    await review(test)
    expect(await inIt(test)).toEqual([...SLEEPERS, 'dee'])
    // Entered once and for all: no review writes it again.
    const entered = (await memoOf(test, 'bob')).experiments
    test.time.now += 5 * DAY_MS
    await review(test)
    expect((await memoOf(test, 'bob')).experiments).toEqual(entered)
  })

  it('is found out at once where one begins between two reviews, and once only', async () => {
    const noon = MONDAY_NOON + 3 * DAY_MS
    const test = await open(store, [{ ...wake, from: at(noon) }])
    test.time.now = noon - 3 * HOUR_MS
    expect(await review(test)).toBe('5 members')
    expect(await review(test)).toBe('nothing to do')
    expect(await inIt(test)).toEqual([])
    test.time.now = noon
    await test.program.jobs.runDue()
    expect(await inIt(test)).toEqual(SLEEPERS)
    expect(await review(test)).toBe('nothing to do')
  })

  it('ends with it; what was rolled out is for whoever entered, then and later', async () => {
    const until = at(MONDAY_NOON + 4 * DAY_MS)
    const test = await open(store, [{ ...wake, until }])
    const byExperiment = { experiment: 'wake', variants: [{ variant: 'cheap', byHand: 1 }] }
    assertDone(await test.program.offers.create(offerOf({ price: { byHand: 9, byExperiment } })))
    const prices = async () => {
      const shown = [...MEMBERS, null].map((memberId) =>
        dataOf(test, PRICE, { variables: { memberId } }),
      )
      return (await Promise.all(shown)).map(({ offer }) => Number(offer.price))
    }
    await review(test)
    expect(await prices()).toEqual([1, 1, 1, 9, 9, 9])
    test.time.now = MONDAY_NOON + 4 * DAY_MS
    expect([await inIt(test), await prices()]).toEqual([[], [9, 9, 9, 9, 9, 9]])
    await buy(test, 'dee')
    test.time.now += 2 * DAY_MS
    // Over: nobody enters it any more.
    await review(test)
    await change(test, [{ ...wake, until, rolledOut: 'cheap' }])
    expect(await prices()).toEqual([1, 1, 1, 9, 9, 9])
    await review(test)
    expect([await inIt(test), await prices()]).toEqual([[], [1, 1, 1, 1, 9, 9]])
  })

  it('begins anew under a name that was there before, and nothing is kept of what is no more', async () => {
    const test = await open(store)
    await review(test)
    await change(test, [{ ...wake, from: at(test.time.now + HOUR_MS) }])
    test.time.now += HOUR_MS
    expect(await inIt(test)).toEqual([])
    await buy(test, 'bob')
    test.time.now += DAY_MS
    await review(test)
    expect(await inIt(test)).toEqual(['ann', 'cem'])
    test.time.now += HOUR_MS
    await change(test, [])
    expect((await memoOf(test, 'ann')).experiments).toHaveProperty('wake')
    await buy(test, 'ann')
    expect(await memoOf(test, 'ann')).not.toHaveProperty('experiments')
  })

  it('M8: is the survivor’s own after a merge; who is erased leaves nothing', async () => {
    const test = await open(store)
    await review(test)
    const merge = async (from: string, into: string) => {
      const request = { from, into, reason: 'one person', idempotencyKey: from, by: 'ada' }
      assertDone(await test.program.merges.merge(request))
    }
    await merge('ann', 'dee')
    await merge('eve', 'bob')
    expect(await inIt(test)).toEqual(['bob', 'cem'])
    // What it ordered came along, and by it the next review finds it asleep.
    test.time.now += DAY_MS
    await review(test)
    expect(await inIt(test)).toEqual(['bob', 'cem', 'dee'])
    const { wallet } = (await test.program.members.find('cem'))!
    const erasure = { memberId: 'cem', idempotencyKey: 'e', acting: null }
    assertDone(await test.program.erasures.erase(erasure))
    test.time.now += DAY_MS
    await review(test)
    const [erased] = await test.ledger.store.findWallets([wallet])
    expect(erased!.memo).toEqual({})
  })

  it('M8: is nobody whom another was merged into while it was reviewed', async () => {
    const test = await open(store)
    const { database, ledger, program, time } = test
    let merged = false
    const reviews = openReviews({
      database,
      ledger: {
        ...ledger,
        async post(command) {
          if (!merged) {
            merged = true
            const request = { from: 'ann', into: 'dee', reason: 'one person', by: 'ada' }
            assertDone(await program.merges.merge({ ...request, idempotencyKey: 'm' }))
          }
          return ledger.post(command)
        },
      },
      policies: program.policies,
      page: program.members.page,
    })
    await reviews.run({ ...quiet(), now: time.now })
    expect([merged, await inIt(test)]).toEqual([true, ['bob', 'cem']])
  })

  it('a policy is refused a segment that is none, and taking out one that an experiment names', async () => {
    const test = await open(store)
    const faultsOf = async (document: object) => {
      const { updatePolicy } = await dataOf(test, UPDATE, { variables: { document } })
      return updatePolicy.faults
    }
    const second = { ...wake, id: 'second', segments: ['asleep', 'mislaid'] }
    const fault = { path: 'experiments.1.segments.1', message: 'There is no segment mislaid.' }
    expect(await faultsOf(documentOf([wake, second]))).toEqual([fault])
    const segments = { list: [{ ...ASLEEP, id: 'awake' }] }
    expect(await faultsOf(documentOf([wake], { segments }))).toEqual([
      { path: 'experiments.0.segments.0', message: 'There is no segment asleep.' },
    ])
    expect(await faultsOf(documentOf([{ ...wake, segments: [''] }]))).toEqual([
      expect.objectContaining({ path: 'experiments.0.segments.0' }),
    ])
    expect(await faultsOf(documentOf([], { segments }))).toBeUndefined()
  })

  it('campaigns, offers and experiments name the same segment for the same members', async () => {
    const window = { from: at(MONDAY_NOON), until: at(MONDAY_NOON + 30 * DAY_MS) }
    const back = { id: 'back', title, ...window, segments: ['asleep'], extraPoints: 7 }
    const test = await open(store, [wake], { more: { campaigns: [back] } })
    const offer = offerOf({ price: { byHand: 1 }, segments: ['asleep'] })
    assertDone(await test.program.offers.create(offer))
    await review(test)
    for (const memberId of MEMBERS) {
      const { transaction } = await buy(test, memberId)
      const tea = { memberId, offerId: 'tea', idempotencyKey: memberId }
      const redeemed = await test.program.redemptions.redeem(tea)
      const isIn = SLEEPERS.includes(memberId)
      const { campaign, 'experiment:wake': variant } = transaction.labels
      const outcome = 'status' in redeemed ? redeemed.status : redeemed.code
      expect([campaign, variant, outcome]).toEqual(
        isIn ? ['back', 'cheap', 'fulfilled'] : [undefined, undefined, 'OFFER_NOT_FOR_YOU'],
      )
    }
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'O2, A4: experiments on segments on %s',
  (store) => {
    it('a review that was broken off enters the rest on another server, each once', async () => {
      const test = await open(store)
      const more = { url: test.url, time: test.time, plugins: [shop, shelf] }
      const other = await openTestProgram(store, more)
      const stop = new AbortController()
      let pages = 0
      const reviewsOf = ({ database, ledger, program }: TestProgram, stopAt: number) =>
        openReviews({
          database,
          ledger,
          policies: program.policies,
          batch: 2,
          page: (after, limit) => {
            // Three pages to compare them, and the first batch after that.
            if (++pages === stopAt) stop.abort()
            return program.members.page(after, limit)
          },
        })
      const broken = { ...quiet(), now: test.time.now, signal: stop.signal }
      expect(await reviewsOf(test, 4).run(broken)).toBe('2 members, broken off')
      expect(await inIt(test)).toEqual(['ann', 'bob'])
      test.time.now += HOUR_MS
      const goesOn = { ...quiet(), now: test.time.now }
      expect(await reviewsOf(other, Infinity).run(goesOn)).toBe('5 members')
      expect(await inIt(test)).toEqual(SLEEPERS)
      const notes = await Promise.all(
        MEMBERS.map(async (id) => {
          const { wallet } = (await test.program.members.find(id))!
          const all = await test.ledger.store.findNewestTransactions([wallet], 9)
          return all.filter(({ reason }) => reason === 'standing').length
        }),
      )
      expect(notes).toEqual([1, 1, 1, 0, 0])
    })

    it('variants of a page of members cost one statement more, and none where nothing is of segments', async () => {
      const test = await open(store)
      await review(test)
      const query =
        'query ($first: Int!) { members(first: $first) { nodes { variants { variant } } } }'
      const read = async (first: number) =>
        tablesOf(
          await statementsOf(test, async () => {
            const { members } = await dataOf(test, query, { variables: { first } })
            expect(members.nodes).toHaveLength(first)
          }),
        )
      for (const first of [1, 5]) expect(await read(first)).toEqual(['ledger_wallet', 'member'])
      await change(test, [{ ...wake, segments: null }])
      for (const first of [1, 5]) expect(await read(first)).toEqual(['member'])
    })
  },
)

describe('what a member entered', () => {
  const policyOf = (experiments: object[], effectiveFrom = 0): PolicyInForce => ({
    version: 1,
    effectiveFrom,
    document: { experiments: experimentsSection.parse(experiments) } as never,
    calendar: openCalendar('Asia/Shanghai'),
  })
  const policy = policyOf([wake])
  const now = MONDAY_NOON

  it('is the same object as before where nothing is entered', () => {
    const entered = { wake: now }
    for (const segments of [['asleep'], []]) {
      expect(enter(entered, segments, { policy, now: now + 1 })).toBe(entered)
    }
    expect(enter(entered, ['asleep'], { policy, now: now - 1 })).toBe(entered)
    expect(enter({}, ['asleep', 'other'], { policy, now })).toEqual({ wake: now })
    // A name that every object has.
    const odd = policyOf([{ ...wake, id: 'constructor' }])
    expect(enter({}, ['asleep'], { policy: odd, now })).toEqual({ constructor: now })
  })

  it('is forgotten by a policy that came after it, and not by one from before', () => {
    const entered = { wake: now, gone: now }
    expect(withoutGone(entered, policyOf([wake], now + 1))).toEqual({ wake: now })
    expect(withoutGone(entered, policyOf([wake], now))).toEqual(entered)
    expect(withoutGone(entered, policyOf([], now - 1))).toEqual(entered)
  })
})
