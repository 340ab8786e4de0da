import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'
import { oldLotsJob } from './old-lots-job.js'

type Store = Parameters<typeof openTestProgram>[0]

const title = { en: 'x', zh: 'x' }
const at = (iso: string) => Date.parse(`${iso}+08:00`)
const never = { term: 'never' }
const months = (count: number) => ({ term: 'months', months: count })
const kindsWith = (expiry: object, task: object = never) => ({
  purchase: { title, expiry },
  task: { title, expiry: task },
})
const levels = [
  { id: 'regular', title, threshold: '0' },
  { id: 'gold', title, threshold: '20000', expiry: never },
]

async function openShop(store: Store, more: object = {}, kinds = kindsWith(never)) {
  const test = await openTestProgram(store, {
    firstPolicy: { kinds, tiers: { levels }, ...more },
    time: { now: at('2021-01-10T12:00:00') },
  })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return test
}

let orders = 0
async function buy(
  { program, time }: TestProgram,
  yuan: number,
  { memberId = 'ann', on = time.now }: { memberId?: string; on?: number } = {},
) {
  const lines = [{ id: '1', quantity: 1, priceMinor: yuan * 100 }]
  const event = { orderId: `o${orders++}`, at: on, lines }
  assertDone(await program.earn({ source: 'purchase', memberId, event }))
  return event.orderId
}

const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename
  ... on PolicyInvalid { faults { path message } }
  ... on PolicyUpdated { policy { version document } } } }`

/** The whole document with expiry switched on: a year, and one last day for what was there before. */
const switchedOn = (oldLots: object = {}, more: object = {}) => ({
  kinds: kindsWith(months(12)),
  tiers: { levels },
  expiry: { oldLots: { policy: 'grace', through: '2021-12-31', ...oldLots } },
  ...more,
})
const change = async (test: TestProgram, document: object) => {
  // What is earned in the very same moment is not earned before.
  test.time.now += 1
  const { updatePolicy } = await dataOf(test, UPDATE, { variables: { document } })
  return updatePolicy.policy ?? updatePolicy
}

const runJob = async ({ program, time }: TestProgram) => {
  time.now += 15_000
  const runs = await program.jobs.runDue()
  return runs.find(({ name }) => name === 'old-lots')
}
/** The last day of each lot, the oldest first. */
const lastDaysOf = async (test: TestProgram, memberId = 'ann') => {
  const lots = '{ me { wallet { lots(first: 50, open: false) { nodes { expiresAt } } } } }'
  const { me } = await dataOf(test, lots, { viewer: viewerOf.member(memberId) })
  const { calendar } = test.program.policies.at(test.time.now)
  return me.wallet.lots.nodes
    .map((lot: { expiresAt: string | null }) =>
      lot.expiresAt === null ? null : calendar.dateOf(Date.parse(lot.expiresAt) - 1),
    )
    .reverse()
}
const availableOf = async (test: TestProgram, memberId = 'ann') =>
  (await balanceOf(test, memberId)).balance.available

describe.each(availableStores())('X4: change of policy on %s', (store) => {
  it('X4: old lots of a programme switched on 2021-05-01 all end 2021-12-31, to the day', async () => {
    const test = await openShop(store)
    await buy(test, 100)
    await buy(test, 50, { memberId: 'bob' })
    test.time.now = at('2021-04-30T23:59:59.999')
    await buy(test, 10)
    test.time.now = at('2021-05-01T00:00:00') - 1
    expect(await change(test, switchedOn())).toMatchObject({ version: 2 })
    expect(await availableOf(test)).toBe(110)
    await buy(test, 5)
    expect(await runJob(test)).toEqual({
      name: 'old-lots',
      result: 'through 2021-12-31: 2 members, 3 lots, 160 points, done',
    })
    expect(await lastDaysOf(test)).toEqual(['2021-12-31', '2021-12-31', '2022-05-31'])
    const history =
      '{ me { wallet { transactions { nodes { type title points explanation { step figures } } } } } }'
    const { me } = await dataOf(test, history, { viewer: viewerOf.member('ann') })
    expect(me.wallet.transactions.nodes[0]).toMatchObject({
      type: 'EXTEND',
      title: 'Points have a last day now',
      points: 0,
      explanation: [
        {
          step: 'old-lots',
          figures: {
            through: '2021-12-31',
            lots: [
              { lot: '1-1', points: 100, from: null, through: '2021-12-31' },
              { lot: '1-2', points: 10, from: null, through: '2021-12-31' },
            ],
          },
        },
      ],
    })
    test.time.now = at('2021-12-31T23:59:59.999')
    expect(await availableOf(test)).toBe(115)
    test.time.now += 1
    expect(await availableOf(test)).toBe(5)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('X4: without one, old lots keep their terms and new ones get the new', async () => {
    const test = await openShop(store)
    await buy(test, 100)
    expect(await change(test, { kinds: kindsWith(months(1)) })).toMatchObject({ version: 2 })
    await buy(test, 10)
    expect(await change(test, { kinds: kindsWith(months(12)) })).toMatchObject({ version: 3 })
    await buy(test, 1)
    expect(await runJob(test)).toMatchObject({ result: 'old points keep their terms' })
    expect(await lastDaysOf(test)).toEqual([null, '2021-02-28', '2022-01-31'])
  })

  it('X4: it lasts longer where it would have ended earlier, and no shorter where later', async () => {
    const test = await openShop(store, {}, kindsWith(months(1)))
    await buy(test, 100)
    await change(test, { kinds: kindsWith(months(24)) })
    await buy(test, 10)
    await change(test, switchedOn())
    await runJob(test)
    expect(await lastDaysOf(test)).toEqual(['2021-12-31', '2023-01-31'])
  })

  it('X4: gold’s stay for ever, and kinds that are not concerned', async () => {
    const test = await openShop(store)
    await buy(test, 20_000)
    await buy(test, 30_000)
    await test.program.earn({ source: 'bell', memberId: 'ann', event: { at: test.time.now } })
    await change(
      test,
      switchedOn({ kinds: ['purchase'] }, { kinds: kindsWith(months(12), months(3)) }),
    )
    await runJob(test)
    // Gold from the first order on: what was earned in that month is gold's.
    expect(await lastDaysOf(test)).toEqual([null, null, null])
    await buy(test, 10, { memberId: 'bob' })
    await test.program.earn({ source: 'bell', memberId: 'bob', event: { at: test.time.now } })
    expect(await lastDaysOf(test, 'bob')).toEqual(['2022-01-31', '2021-04-30'])
  })

  it('X4: what is told of late is right, before the job and after it', async () => {
    const test = await openShop(store)
    test.time.now = at('2021-05-01T00:00:00')
    await change(test, switchedOn({}, { kinds: kindsWith(months(3)) }))
    const on = at('2021-04-20T12:00:00')
    await buy(test, 10, { on })
    await runJob(test)
    await buy(test, 20, { on })
    await buy(test, 30)
    expect(await lastDaysOf(test)).toEqual(['2021-12-31', '2021-12-31', '2021-08-31'])
  })

  it('X4: what a server granted that had not heard of it yet gets the end it should have had', async () => {
    const test = await openShop(store)
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    await change(test, switchedOn())
    await buy(other, 10)
    if (store !== 'memory') expect(await lastDaysOf(test)).toEqual([null])
    test.time.now += 1_000
    const early = (await test.program.jobs.runDue()).find(({ name }) => name === 'old-lots')
    expect(early).toMatchObject({ result: 'waits until all servers know of it' })
    await runJob(test)
    expect(await lastDaysOf(test)).toEqual(['2022-01-31'])
  })

  it('X4: what comes back to an old lot that had nothing left ends like the others', async () => {
    const test = await openShop(store)
    await buy(test, 100)
    await test.program.offers.create({
      id: 'tea',
      channel: 'shelf',
      title,
      cashValue: '1.00 CNY',
      price: { byHand: 100 },
    })
    const redeemed = await test.program.redemptions.redeem({
      memberId: 'ann',
      offerId: 'tea',
      idempotencyKey: 'k',
    })
    assertDone(redeemed)
    test.time.now = at('2021-05-01T00:00:00')
    await change(test, switchedOn())
    await runJob(test)
    expect(await lastDaysOf(test)).toEqual([null])
    assertDone(await test.program.redemptions.cancel(redeemed.id))
    expect(await lastDaysOf(test)).toEqual(['2021-12-31'])
    expect(await availableOf(test)).toBe(100)
    test.time.now = at('2022-01-01T00:00:00')
    expect(await availableOf(test)).toBe(0)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('X4 L10: what gold gave never ends, also when it comes back after the day', async () => {
    const test = await openShop(store)
    await buy(test, 20_000)
    const price = { byHand: 100 }
    const tea = { id: 'tea', channel: 'shelf', title, cashValue: '1.00 CNY', price }
    await test.program.offers.create(tea)
    test.time.now = at('2021-05-01T00:00:00')
    await change(test, switchedOn({}, { transfers: { enabled: true } }))
    await runJob(test)
    test.time.now = at('2022-02-01T00:00:00')
    const gift = { memberId: 'ann', to: 'bob', points: 100, idempotencyKey: 'gift', mayKnow: true }
    assertDone(await test.program.transfers.give(gift))
    expect(await lastDaysOf(test, 'bob')).toEqual([null])
    const request = { memberId: 'bob', offerId: 'tea', idempotencyKey: 'k' }
    const redeemed = await test.program.redemptions.redeem(request)
    assertDone(redeemed)
    assertDone(await test.program.redemptions.cancel(redeemed.id))
    expect(await lastDaysOf(test, 'bob')).toEqual([null])
    expect(await availableOf(test, 'bob')).toBe(100)
  })

  it('X4: also where that lot would have ended earlier, and is not over yet', async () => {
    const test = await openShop(store, {}, kindsWith(months(5)))
    await buy(test, 100)
    const price = { byHand: 100 }
    const tea = { id: 'tea', channel: 'shelf', title, cashValue: '1.00 CNY', price }
    await test.program.offers.create(tea)
    const request = { memberId: 'ann', offerId: 'tea', idempotencyKey: 'k' }
    const redeemed = await test.program.redemptions.redeem(request)
    assertDone(redeemed)
    test.time.now = at('2021-05-01T00:00:00')
    await change(test, switchedOn())
    await runJob(test)
    expect(await lastDaysOf(test)).toEqual(['2021-06-30'])
    assertDone(await test.program.redemptions.cancel(redeemed.id))
    expect(await lastDaysOf(test)).toEqual(['2021-12-31'])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it.each([
    ['2021-01-10', 'today'],
    ['2021-01-09', 'the past'],
  ])('X4: a last day of %s is refused: no change takes points at once', async (through) => {
    const test = await openShop(store)
    await buy(test, 100)
    expect(await change(test, switchedOn({ through }))).toEqual({
      __typename: 'PolicyInvalid',
      faults: [
        {
          path: 'expiry.oldLots.through',
          message: 'Expected a day after 2021-01-10: no change of policy takes points at once.',
        },
      ],
    })
    expect(await lastDaysOf(test)).toEqual([null])
  })

  it('X4: the same last day stays valid when it is over, and what is old stays what it was', async () => {
    const test = await openShop(store)
    const first = await change(test, switchedOn())
    const { earnedBefore } = first.document.expiry.oldLots
    expect(earnedBefore).toBe('2021-01-10T04:00:00.001Z')
    test.time.now = at('2021-06-01T12:00:00')
    await buy(test, 10)
    const again = await change(test, switchedOn({}, { returns: { policy: 'pending-only' } }))
    expect(again.document.expiry.oldLots.earnedBefore).toBe(earnedBefore)
    await runJob(test)
    expect(await lastDaysOf(test)).toEqual(['2022-06-30'])
    test.time.now = at('2022-03-01T12:00:00')
    expect(await change(test, switchedOn())).toMatchObject({ version: 4 })
    expect(await change(test, switchedOn({ earnedBefore: null, kinds: ['task'] }))).toMatchObject({
      faults: [{ path: 'expiry.oldLots.through' }],
    })
  })

  it('E1: refuses kinds that there are not', async () => {
    const test = await openShop(store)
    expect(await change(test, switchedOn({ kinds: ['gone'] }))).toMatchObject({
      faults: [{ path: 'expiry.oldLots.kinds.0' }],
    })
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'X4: the job on %s',
  (store) => {
    const ids = Array.from({ length: 450 }, (_, n) => `m${n}`)
    const grown = async () => {
      const test = await openShop(store)
      await test.program.members.registerMany(ids.map((id) => ({ id })))
      const lines = [{ id: '1', quantity: 1, priceMinor: 10_00 }]
      const earned = await test.program.earnMany(
        ids.map((memberId) => ({
          source: 'purchase',
          memberId,
          event: { orderId: `of-${memberId}`, at: test.time.now, lines },
        })),
      )
      expect(earned.filter(isRefusal)).toEqual([])
      await change(test, switchedOn())
      return test
    }
    const marksOf = async ({ ledger }: TestProgram) => {
      const wallets = ids.map((_, n) => n + 3)
      const all = await ledger.store.findNewestTransactions(wallets, 9)
      return all.filter(({ reason }) => reason === 'old-lots').map(({ wallet }) => wallet)
    }

    it('X4: goes on where it was broken off, and takes each lot once', async () => {
      const test = await grown()
      const { program, ledger, database, time } = test
      let pages = 0
      const page: typeof program.members.page = async (...asked) => {
        if (++pages === 2) throw new Error('the server died')
        return program.members.page(...asked)
      }
      const dying = oldLotsJob({ ledger, database, policies: program.policies, members: { page } })
      time.now += 15_000
      const context = { now: time.now, signal: new AbortController().signal, report: () => {} }
      await expect(dying.run(context)).rejects.toThrow('the server died')
      expect((await marksOf(test)).length).toBeGreaterThan(0)
      expect((await marksOf(test)).length).toBeLessThan(ids.length)
      const heir = await openTestProgram(store, { url: test.url, time: test.time })
      expect(await runJob(heir)).toMatchObject({
        result: 'through 2021-12-31: 452 members, 450 lots, 4500 points, done',
      })
      const marks = await marksOf(heir)
      expect(marks.toSorted((a, b) => a - b)).toEqual(ids.map((_, n) => n + 3))
      // Again changes nothing.
      await runJob(heir)
      expect(await marksOf(heir)).toHaveLength(ids.length)
      expect(await verifyLedger(heir.ledger.store)).toMatchObject({ ok: true })
    })

    it('X4: on several servers at once, each lot once', async () => {
      const test = await grown()
      const others = [1, 2]
      const servers = [test]
      for (const _ of others)
        servers.push(await openTestProgram(store, { url: test.url, time: test.time }))
      test.time.now += 15_000
      for (const { program } of servers) await program.policies.refresh()
      await Promise.all(servers.map(({ program }) => program.jobs.runDue()))
      expect(await marksOf(test)).toHaveLength(ids.length)
      expect(await lastDaysOf(test, 'm449')).toEqual(['2021-12-31'])
    })
  },
)

it('X1, X4, X7: every point is there through its last day and gone after it, once, whatever changes', async () => {
  const day = fc.integer({ min: 0, max: 40 })
  const grants = fc.array(
    fc.record({
      day,
      points: fc.integer({ min: 1, max: 9 }),
      memberId: fc.constantFrom('ann', 'bob'),
    }),
    { minLength: 1, maxLength: 10 },
  )
  const story = fc.record({
    grants,
    first: fc.constantFrom(null, 1, 5, 20),
    second: fc.constantFrom(null, 1, 7, 30),
    changeOn: day,
    grace: fc.option(fc.integer({ min: 1, max: 20 })),
    looks: fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 5 }),
  })
  const term = (days: number | null) => (days === null ? never : { term: 'days', days })
  await fc.assert(
    fc.asyncProperty(story, async ({ grants: given, first, second, changeOn, grace, looks }) => {
      const test = await openShop('memory', {}, kindsWith(term(first)))
      const start = test.time.now
      const { calendar } = test.program.policies.at(start)
      const dateOf = (n: number) => calendar.addDays('2021-01-10', n)
      const ends: { memberId: string; points: number; through: number | null }[] = []
      for (let n = 0; n <= 85; n++) {
        test.time.now = calendar.startOf(dateOf(n)) + 43_200_000
        if (n === changeOn) {
          const oldLots =
            grace === null
              ? { policy: 'keep' }
              : { policy: 'grace', through: dateOf(changeOn + grace) }
          const document = {
            kinds: kindsWith(term(second)),
            tiers: { levels },
            expiry: { oldLots },
          }
          const before = await Promise.all(['ann', 'bob'].map((id) => availableOf(test, id)))
          expect(await test.program.policies.update({ document, by: 'x' })).toHaveProperty(
            'updated',
          )
          await runJob(test)
          const after = await Promise.all(['ann', 'bob'].map((id) => availableOf(test, id)))
          expect(after).toEqual(before)
          for (const lot of ends) {
            if (grace === null || (lot.through !== null && lot.through < n)) continue
            if (lot.through === null && second === null) continue
            lot.through = Math.max(lot.through ?? 0, changeOn + grace)
          }
        }
        for (const { points, memberId } of given.filter((it) => it.day === n)) {
          const days = n < changeOn ? first : second
          await buy(test, points, { memberId })
          ends.push({ memberId, points, through: days === null ? null : n + days })
        }
        if (!looks.includes(n) && n < 85) continue
        for (const memberId of ['ann', 'bob']) {
          const left = ends.filter(
            (it) => it.memberId === memberId && (it.through === null || it.through >= n),
          )
          const expected = left.reduce((sum, { points }) => sum + points, 0)
          expect(await availableOf(test, memberId)).toBe(expected)
        }
      }
      const totals = await test.ledger.store.findTotalsAt(test.time.now)
      const gone = ends.filter(({ through }) => through !== null && through < 85)
      const expired = gone.reduce((sum, { points }) => sum + points, 0)
      expect(Number(totals.get('expired') ?? 0n)).toBe(expired)
      expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
    }),
    { numRuns: 12 },
  )
})
