import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

type Store = Parameters<typeof openTestProgram>[0]

const title = { en: 'x', zh: 'x' }
const at = (iso: string) => Date.parse(`${iso}+08:00`)
const never = { term: 'never' }
const months = (count: number) => ({ term: 'months', months: count })
const levels = [
  { id: 'regular', title, threshold: '0' },
  { id: 'gold', title, threshold: '20000', expiry: never },
]
const policyWith = (purchase: object, task: object, oldLots?: object) => ({
  kinds: { purchase: { title, expiry: purchase }, task: { title, expiry: task } },
  tiers: { levels },
  ...(oldLots && { expiry: { oldLots: { policy: 'grace', ...oldLots } } }),
})

const PREVIEW = `query ($document: JSON!, $from: DateTime) {
  previewOldLots(document: $document, effectiveFrom: $from) { __typename
    ... on OldLotsPreview { through earnedBefore members
      changed { lots members points } unchanged { lots members points }
      groups { kind lastDayNow lastDay lots members points } }
    ... on PolicyInvalid { faults { path message } } } }`
const preview = async (test: TestProgram, document: object, from?: string) =>
  (await dataOf(test, PREVIEW, { variables: { document, from } })).previewOldLots

async function openShop(store: Store, firstPolicy: object = policyWith(never, never)) {
  const test = await openTestProgram(store, {
    firstPolicy,
    time: { now: at('2021-01-10T12:00:00') },
  })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }, { id: 'cid' }])
  return test
}

let orders = 0
async function buy({ program, time }: TestProgram, memberId: string, yuan: number) {
  const lines = [{ id: '1', quantity: 1, priceMinor: yuan * 100 }]
  const event = { orderId: `o${orders++}`, at: time.now, lines }
  assertDone(await program.earn({ source: 'purchase', memberId, event }))
}
async function ring({ program, time }: TestProgram, memberId: string) {
  assertDone(await program.earn({ source: 'bell', memberId, event: { at: time.now } }))
}

interface SeenLot {
  readonly id: string
  readonly memberId: string
  readonly kind: string
  readonly lastDay: string | null
  readonly points: number
}
const LOTS = `{ me { wallet { lots(first: 100, open: true) { nodes {
  id kind expiresAt available pending claimable held frozen } } } } }`
/** What members themselves are shown of their lots. */
async function lotsOf(test: TestProgram): Promise<SeenLot[]> {
  const { calendar } = test.program.policies.at(test.time.now)
  const lots: SeenLot[] = []
  for (const memberId of ['ann', 'bob', 'cid']) {
    const { me } = await dataOf(test, LOTS, { viewer: viewerOf.member(memberId) })
    for (const { id, kind, expiresAt, ...in_ } of me.wallet.lots.nodes) {
      const lastDay = expiresAt === null ? null : calendar.dateOf(Date.parse(expiresAt) - 1)
      const points = in_.available + in_.pending + in_.claimable + in_.held + in_.frozen
      lots.push({ id, memberId, kind, lastDay, points })
    }
  }
  return lots
}
/** Lots before and after, counted the slow way. */
function counted(before: readonly SeenLot[], after: readonly SeenLot[]) {
  const groups = new Map<string, (SeenLot & { lastDayNow: string | null })[]>()
  for (const lot of before) {
    const then = after.find(({ id }) => id === lot.id)!
    const key = [then.lastDay ?? '9999', lot.kind, lot.lastDay ?? '9999'].join()
    groups.set(key, [...(groups.get(key) ?? []), { ...then, lastDayNow: lot.lastDay }])
  }
  const sum = (lots: readonly SeenLot[]) => ({
    lots: lots.length,
    members: new Set(lots.map(({ memberId }) => memberId)).size,
    points: `${lots.reduce((sum, { points }) => sum + points, 0)}`,
  })
  const all = [...groups.values()].flat()
  return {
    changed: sum(all.filter(({ lastDay, lastDayNow }) => lastDay !== lastDayNow)),
    unchanged: sum(all.filter(({ lastDay, lastDayNow }) => lastDay === lastDayNow)),
    groups: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, lots]) => {
        const { kind, lastDay, lastDayNow } = lots[0]!
        return { kind, lastDayNow, lastDay, ...sum(lots) }
      }),
  }
}
async function carryOut(test: TestProgram, document: object) {
  assertUpdated(await test.program.policies.update({ document, by: 'x' }))
  test.time.now += 15_000
  await test.program.jobs.runDue()
}
function assertUpdated(answer: object) {
  expect(answer).toHaveProperty('updated')
}

describe.each(availableStores())('X4: what a policy would do to old lots on %s', (store) => {
  it('X4: says lots, members and points by kind and last day, and writes nothing', async () => {
    const test = await openShop(store)
    await buy(test, 'ann', 100)
    await buy(test, 'ann', 20)
    await buy(test, 'bob', 5)
    await ring(test, 'bob')
    await buy(test, 'cid', 20_000)
    test.time.now += 1
    const document = policyWith(months(12), months(3), {
      through: '2021-12-31',
      kinds: ['purchase'],
    })
    const versions = await test.ledger.store.findVersions([1, 2, 3, 4, 5])
    expect(await preview(test, document)).toEqual({
      __typename: 'OldLotsPreview',
      through: '2021-12-31',
      earnedBefore: '2021-01-10T04:00:00.001Z',
      members: 3,
      changed: { lots: 3, members: 2, points: '125' },
      unchanged: { lots: 2, members: 2, points: '20005' },
      groups: [
        {
          kind: 'purchase',
          lastDayNow: null,
          lastDay: '2021-12-31',
          lots: 3,
          members: 2,
          points: '125',
        },
        // Gold's stay for ever, and kinds that are not concerned.
        { kind: 'purchase', lastDayNow: null, lastDay: null, lots: 1, members: 1, points: '20000' },
        { kind: 'task', lastDayNow: null, lastDay: null, lots: 1, members: 1, points: '5' },
      ],
    })
    expect(await test.ledger.store.findVersions([1, 2, 3, 4, 5])).toEqual(versions)
    expect(test.program.policies.at(test.time.now).version).toBe(1)
  })

  it('X4: another last day, and when the same is carried out already', async () => {
    const test = await openShop(store, policyWith(months(1), never))
    await buy(test, 'ann', 100)
    await ring(test, 'ann')
    test.time.now += DAY_MS
    const first = policyWith(months(12), months(12), { through: '2021-06-30' })
    expect((await preview(test, first)).changed).toEqual({ lots: 2, members: 1, points: '105' })
    await carryOut(test, first)
    expect(await preview(test, first)).toMatchObject({
      changed: { lots: 0, members: 0, points: '0' },
      unchanged: { lots: 2, members: 1, points: '105' },
    })
    const later = policyWith(months(12), months(12), { through: '2021-09-30' })
    expect((await preview(test, later)).groups).toMatchObject([
      { kind: 'purchase', lastDayNow: '2021-06-30', lastDay: '2021-09-30', points: '100' },
      { kind: 'task', lastDayNow: '2021-06-30', lastDay: '2021-09-30', points: '5' },
    ])
    const sooner = policyWith(months(12), months(12), { through: '2021-03-31' })
    expect((await preview(test, sooner)).changed.lots).toBe(0)
  })

  it('X4: a policy of next month leaves out what has run out by then', async () => {
    const test = await openShop(store, policyWith({ term: 'days', days: 10 }, months(2)))
    await buy(test, 'ann', 100)
    await ring(test, 'bob')
    const document = policyWith(never, never, { through: '2021-12-31' })
    const next = await preview(test, document, '2021-02-10T00:00:00+08:00')
    expect(next).toMatchObject({
      earnedBefore: '2021-02-09T16:00:00.000Z',
      changed: { lots: 1, members: 1, points: '5' },
      groups: [{ kind: 'task', lastDayNow: '2021-03-31', lastDay: '2021-12-31' }],
    })
  })

  it('E1: names every fault, as the update would', async () => {
    const test = await openShop(store)
    expect(
      await preview(test, policyWith(never, never, { through: '2021-01-10', kinds: ['gone'] })),
    ).toMatchObject({
      __typename: 'PolicyInvalid',
      faults: [{ path: 'expiry.oldLots.kinds.0', message: 'There is no kind gone.' }],
    })
    expect(await preview(test, policyWith(never, never, { through: '2021-01-10' }))).toMatchObject({
      faults: [{ path: 'expiry.oldLots.through' }],
    })
  })

  it('X4: is what then happens, whatever there was', async () => {
    const term = fc.constantFrom(never, { term: 'days', days: 3 }, months(1), months(6))
    const act = fc.record({
      memberId: fc.constantFrom('ann', 'bob', 'cid'),
      does: fc.constantFrom('buy', 'buy', 'buy', 'lavish', 'ring', 'spend', 'wait'),
      yuan: fc.integer({ min: 1, max: 50 }),
    })
    const story = fc.record({
      first: fc.tuple(term, term),
      second: fc.tuple(term, term),
      acts: fc.array(act, { minLength: 1, maxLength: 12 }),
      graceDays: fc.integer({ min: 1, max: 60 }),
      kinds: fc.constantFrom(null, ['purchase'], ['task']),
    })
    await fc.assert(
      fc.asyncProperty(story, async ({ first, second, acts, graceDays, kinds }) => {
        const test = await openShop(store, policyWith(...first))
        for (const { memberId, does, yuan } of acts) {
          if (does === 'wait') test.time.now += yuan * (DAY_MS / 8)
          if (does === 'buy') await buy(test, memberId, yuan)
          if (does === 'lavish') await buy(test, memberId, 20_000)
          if (does === 'ring') await ring(test, memberId)
          if (does === 'spend') {
            const idempotencyKey = `k${orders++}`
            const debit = {
              memberId,
              points: -yuan,
              kind: null,
              reason: 'x',
              idempotencyKey,
              by: 'x',
            }
            await test.program.adjustments.request(debit)
          }
          test.time.now += 1
        }
        const { calendar } = test.program.policies.at(test.time.now)
        const through = calendar.addDays(calendar.dateOf(test.time.now), graceDays)
        const document = policyWith(...second, { through, kinds })
        const foreseen = await preview(test, document)
        const before = await lotsOf(test)
        await carryOut(test, document)
        const after = await lotsOf(test)
        const { changed, unchanged, groups } = foreseen
        expect({ changed, unchanged, groups }).toEqual(counted(before, after))
      }),
      { numRuns: store === 'memory' ? 25 : 8 },
    )
  })
})
