import { isRefusal, verifyLedger } from '@pointwell/ledger'
import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const EXTEND = `mutation ($input: ExtendPointsInput!) { extendPoints(input: $input) {
  __typename
  ... on PointsExtended { memberId points lots { id points from to }
    transaction { type reason title points explanation { step points title figures } }
    wallet { balance { available } lots { nodes { id expiresAt } } } }
  ... on Refusal { code field message } } }`

const rosa: Viewer = {
  kind: 'operator',
  subject: 'rosa',
  roles: ['support'] satisfies OperatorRole[],
  expiresAt: Infinity,
}
const title = { en: 'x', zh: 'x' }
const kinds = {
  task: { title, expiry: { term: 'days', days: 10 } },
  purchase: { title, expiry: { term: 'months', months: 1 } },
  kept: { title, expiry: { term: 'never' } },
}

/** Ann has 100 points through 15 January, 200 through 28 February, and 5 that never end. */
async function openShop(store: Parameters<typeof openTestProgram>[0]) {
  const test = await openTestProgram(store, { firstPolicy: { kinds } })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  await give(test, 'ann', 100, 'task')
  await give(test, 'ann', 200, 'purchase')
  await give(test, 'ann', 5, 'kept')
  return test
}

let keys = 0
async function give({ program }: TestProgram, memberId: string, points: number, kind: string) {
  const given = await program.adjustments.request({
    memberId,
    points,
    kind,
    reason: 'a gift',
    idempotencyKey: `g${keys++}`,
    by: 'rosa',
  })
  expect(isRefusal(given)).toBe(false)
}

const asked = (more: object) => ({
  memberId: 'ann',
  reason: 'the shop was closed',
  idempotencyKey: `k${keys++}`,
  ...more,
})
const extend = async (test: TestProgram, input: object, viewer = rosa) =>
  (await dataOf(test, EXTEND, { viewer, variables: { input } })).extendPoints

describe.each(availableStores())('X5: operators extend points on %s', (store) => {
  it('X5: named lots, by days from their last day, with a reason in the history', async () => {
    const test = await openShop(store)
    const answer = await extend(test, asked({ lots: ['1-1'], days: 15 }))
    expect(answer).toMatchObject({
      __typename: 'PointsExtended',
      memberId: 'ann',
      points: 100,
      lots: [
        {
          id: '1-1',
          points: 100,
          from: '2026-01-15T16:00:00.000Z',
          to: '2026-01-30T16:00:00.000Z',
        },
      ],
      transaction: {
        type: 'EXTEND',
        reason: 'extension',
        title: 'Points last longer',
        points: 0,
        explanation: [
          {
            step: 'extension',
            figures: {
              reason: 'the shop was closed',
              lots: [{ lot: '1-1', points: 100, from: '2026-01-15', through: '2026-01-30' }],
            },
          },
        ],
      },
      wallet: { balance: { available: 305 } },
    })
    test.time.now = Date.parse('2026-01-30T23:59:59.999+08:00')
    expect((await balanceOf(test, 'ann')).balance.available).toBe(305)
    test.time.now += 1
    expect((await balanceOf(test, 'ann')).balance.available).toBe(205)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('X5: all that ends by a day, by months, to the end of the month', async () => {
    const test = await openShop(store)
    const answer = await extend(test, asked({ expiringBy: '2026-02-28', months: 1 }))
    expect(answer.points).toBe(300)
    expect(answer.wallet.lots.nodes).toEqual([
      { id: '1-3', expiresAt: null },
      { id: '1-2', expiresAt: '2026-03-31T16:00:00.000Z' },
      { id: '1-1', expiresAt: '2026-02-15T16:00:00.000Z' },
    ])
    const early = await extend(test, asked({ expiringBy: '2026-02-14', days: 1 }))
    expect(early).toMatchObject({ code: 'NOTHING_TO_EXTEND' })
  })

  it('X5: what has run out is not extended, and what never ends stays so', async () => {
    const test = await openShop(store)
    test.time.now = Date.parse('2026-01-16T00:00:00+08:00')
    expect(await extend(test, asked({ lots: ['1-1', '1-3'], days: 5 }))).toMatchObject({
      code: 'NOTHING_TO_EXTEND',
      message: 'None of these points can last longer: they have run out, or they never do.',
    })
    expect(await extend(test, asked({ lots: ['1-1', '1-2'], days: 5 }))).toMatchObject({
      points: 200,
      lots: [{ id: '1-2' }],
    })
  })

  it('L4: the same key is the same extension, and other content is a mismatch', async () => {
    const test = await openShop(store)
    const input = asked({ lots: ['1-1'], days: 15 })
    const first = await extend(test, input)
    expect(await extend(test, input)).toEqual(first)
    expect(await extend(test, { ...input, days: 16 })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'by.days',
    })
    // A refusal does not use up its key.
    const later = asked({ memberId: 'bob', expiringBy: '2026-12-31', days: 1 })
    expect(await extend(test, later)).toMatchObject({ code: 'NOTHING_TO_EXTEND' })
    await give(test, 'bob', 10, 'task')
    expect(await extend(test, later)).toMatchObject({ points: 10 })
  })

  it.each<[object, string]>([
    [{ days: 1 }, 'lots'],
    [{ lots: [], days: 1 }, 'lots'],
    [{ lots: ['1-1'], expiringBy: '2026-02-28', days: 1 }, 'expiringBy'],
    [{ lots: ['1-1'] }, 'months'],
    [{ lots: ['1-1'], days: 1, months: 1 }, 'months'],
    [{ lots: ['1-1'], days: 0 }, 'days'],
    [{ lots: ['1-1'], months: 121 }, 'months'],
    [{ lots: ['1-1'], days: 1, reason: ' ' }, 'reason'],
    [{ lots: ['1-1'], days: 1, idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuses %j by its field, and writes nothing', async (more, field) => {
    const test = await openShop(store)
    const before = await balanceOf(test, 'ann')
    expect(await extend(test, asked(more))).toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await balanceOf(test, 'ann')).toEqual(before)
  })

  it('refuses another member’s lot, and a member that there is not', async () => {
    const test = await openShop(store)
    await give(test, 'bob', 10, 'task')
    expect(await extend(test, asked({ lots: ['1-1', '2-1'], days: 1 }))).toMatchObject({
      code: 'LOT_NOT_FOUND',
      field: 'lots.1',
    })
    expect(await extend(test, asked({ lots: ['1-9'], days: 1 }))).toMatchObject({
      code: 'LOT_NOT_FOUND',
      field: 'lots.0',
    })
    expect(await extend(test, asked({ memberId: 'eve', lots: ['1-1'], days: 1 }))).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
    })
  })

  it('X5: on several servers at once it is one extension', async () => {
    if (store === 'memory') return
    const first = await openShop(store)
    const second = await openTestProgram(store, { url: first.url, time: first.time })
    const input = asked({ lots: ['1-1'], days: 15 })
    const answers = await Promise.all([
      extend(first, input),
      extend(second, input),
      extend(second, input),
    ])
    expect(new Set(answers.map(({ lots }) => lots[0].to))).toEqual(
      new Set(['2026-01-30T16:00:00.000Z']),
    )
    expect(first.time.now).toBeLessThan(MONDAY_NOON + DAY_MS)
  })
})

it('A2: refuses in Chinese', async () => {
  const test = await openShop('sqlite')
  const variables = { input: asked({ lots: ['1-3'], days: 1 }) }
  const { extendPoints } = await dataOf(test, EXTEND, { viewer: rosa, language: 'zh', variables })
  expect(extendPoints.message).toBe('没有可延期的积分：已过期，或本就长期有效。')
  const member = { viewer: viewerOf.member('ann'), variables: { input: asked({ lots: [] }) } }
  expect(await faultOf(test, EXTEND, member)).toBeDefined()
})
