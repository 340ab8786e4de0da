import { isRefusal, verifyLedger } from '@pointwell/ledger'
import type { OperatorRole, Viewer } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, faultOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const SHOWN = `__typename
  ... on Adjustment { id memberId points kind reason status requestedBy decidedBy declineReason
    transaction { type reason title points } }
  ... on Refusal { code field message }`
const ADJUST = `mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) { ${SHOWN} } }`
const APPROVE = `mutation ($id: ID!) { approveAdjustment(id: $id) { ${SHOWN} } }`
const DECLINE = `mutation ($id: ID!, $reason: String!) { declineAdjustment(id: $id, reason: $reason) { ${SHOWN} } }`
const WAITING = '{ adjustmentsWaiting { id points reason requestedBy } }'

const operator = (subject: string, ...roles: OperatorRole[]): Viewer => ({
  kind: 'operator',
  subject,
  roles,
  expiresAt: Infinity,
})
const rosa = operator('rosa', 'support')
const fred = operator('fred', 'finance')
const gina = operator('gina', 'finance')

async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return test
}

let keys = 0
const asked = (points: number, more: object = {}) => ({
  input: {
    memberId: 'ann',
    points,
    reason: 'a parcel that never came',
    idempotencyKey: `k${keys++}`,
    ...more,
  },
})
const adjust = async (test: TestProgram, variables: object, viewer = rosa) =>
  (await dataOf(test, ADJUST, { viewer, variables: { ...variables } })).adjustPoints
const approve = async (test: TestProgram, id: string, viewer = fred) =>
  (await dataOf(test, APPROVE, { viewer, variables: { id } })).approveAdjustment
const decline = async (test: TestProgram, id: string, viewer = fred, reason = 'not so') =>
  (await dataOf(test, DECLINE, { viewer, variables: { id, reason } })).declineAdjustment
const waiting = async (test: TestProgram) =>
  (await dataOf(test, WAITING, { viewer: fred })).adjustmentsWaiting
const availableOf = async (test: TestProgram, id = 'ann') =>
  (await balanceOf(test, id)).balance.available

describe.each(availableStores())('L6: adjustments on %s', (store) => {
  it('credits and debits with a reason, and both are in the history', async () => {
    const test = await openShop(store)
    const credit = await adjust(test, asked(1_000))
    expect(credit).toEqual({
      __typename: 'Adjustment',
      id: expect.any(String),
      memberId: 'ann',
      points: 1_000,
      kind: 'bonus',
      reason: 'a parcel that never came',
      status: 'DONE',
      requestedBy: 'rosa',
      decidedBy: 'rosa',
      declineReason: null,
      transaction: { type: 'ADJUST', reason: 'adjustment', title: 'Adjustment', points: 1_000 },
    })
    const debit = await adjust(test, asked(-300))
    expect(debit).toMatchObject({ points: -300, kind: null, status: 'DONE' })
    expect(debit.transaction).toMatchObject({ points: -300 })
    expect(await availableOf(test)).toBe(700)
    const again = await dataOf(
      test,
      'query ($id: ID!) { adjustment(id: $id) { points requestedAt decidedAt } }',
      { viewer: operator('vera', 'viewer'), variables: { id: debit.id } },
    )
    const at = new Date(test.time.now).toISOString()
    expect(again.adjustment).toEqual({ points: -300, requestedAt: at, decidedAt: at })
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('above the amount waits for another operator, whose yes moves the points', async () => {
    const test = await openShop(store)
    const request = asked(1_001)
    const first = await adjust(test, request)
    expect(first).toMatchObject({ status: 'WAITING', decidedBy: null, transaction: null })
    expect(await availableOf(test)).toBe(0)
    expect(await waiting(test)).toMatchObject([
      { id: first.id, points: 1_001, requestedBy: 'rosa' },
    ])

    const alone = operator('rosa', 'admin')
    expect(await approve(test, first.id, alone)).toMatchObject({ code: 'SECOND_OPERATOR_NEEDED' })
    expect(await availableOf(test)).toBe(0)

    const yes = await approve(test, first.id)
    expect(yes).toMatchObject({
      id: first.id,
      status: 'DONE',
      requestedBy: 'rosa',
      decidedBy: 'fred',
      transaction: { points: 1_001 },
    })
    expect(await availableOf(test)).toBe(1_001)
    expect(await waiting(test)).toEqual([])
    // Sent again it is the same yes; somebody else's comes too late; and the request is as it is now.
    expect(await approve(test, first.id)).toEqual(yes)
    expect(await approve(test, first.id, gina)).toMatchObject({ code: 'ADJUSTMENT_DECIDED' })
    expect(await decline(test, first.id)).toMatchObject({ code: 'ADJUSTMENT_DECIDED' })
    expect(await adjust(test, request)).toEqual(yes)
    expect(await availableOf(test)).toBe(1_001)
  })

  it('declined moves nothing, and who asked may take it back', async () => {
    const test = await openShop(store)
    const [one, two] = [await adjust(test, asked(5_000)), await adjust(test, asked(-5_000))]
    expect(await decline(test, one.id, gina, 'we paid for it')).toMatchObject({
      status: 'DECLINED',
      decidedBy: 'gina',
      declineReason: 'we paid for it',
      transaction: null,
    })
    expect(await decline(test, two.id, rosa, 'a slip')).toMatchObject({ status: 'DECLINED' })
    expect(await approve(test, one.id)).toMatchObject({ code: 'ADJUSTMENT_DECIDED' })
    expect(await availableOf(test)).toBe(0)
    expect(await waiting(test)).toEqual([])
  })

  it('approves a debit only of points that are there then', async () => {
    const test = await openShop(store)
    const { id } = await adjust(test, asked(-2_000))
    expect(await approve(test, id)).toMatchObject({ code: 'INSUFFICIENT_POINTS' })
    expect(await waiting(test)).toHaveLength(1)
    for (let n = 0; n < 3; n++) await adjust(test, asked(1_000))
    expect(await approve(test, id)).toMatchObject({ status: 'DONE' })
    expect(await availableOf(test)).toBe(1_000)
  })

  it('L4: the same key is the same adjustment, and with other content it is refused', async () => {
    const test = await openShop(store)
    const request = asked(10)
    const first = await adjust(test, request)
    expect(await adjust(test, request)).toEqual(first)
    expect(await adjust(test, { input: { ...request.input, points: 11 } })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'points',
    })
    expect(await adjust(test, request, fred)).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'by',
    })
    expect(await adjust(test, { input: { ...request.input, memberId: 'bob' } })).toMatchObject({
      status: 'DONE',
    })
    expect([await availableOf(test), await availableOf(test, 'bob')]).toEqual([10, 10])
  })

  it.each<[string, object, object]>([
    ['no points', { points: 0 }, { code: 'AMOUNT_NOT_POSITIVE', field: 'points' }],
    ['more than there can be', { points: 1_000_000_000_001 }, { code: 'AMOUNT_TOO_LARGE' }],
    ['nobody', { memberId: 'eve' }, { code: 'MEMBER_NOT_FOUND', field: 'memberId' }],
    ['no reason', { reason: ' ' }, { code: 'INVALID_INPUT', field: 'reason' }],
    ['half a character', { reason: 'x\ud800' }, { code: 'INVALID_INPUT', field: 'reason' }],
    ['no key', { idempotencyKey: '' }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
    ['a kind there is not', { kind: 'gold' }, { code: 'INVALID_INPUT', field: 'kind' }],
    ['a word of the language', { kind: 'constructor' }, { code: 'INVALID_INPUT', field: 'kind' }],
    ['a debit of what is not there', { points: -1 }, { code: 'INSUFFICIENT_POINTS' }],
  ])('refuses %s, and writes nothing', async (_, change, refusal) => {
    const test = await openShop(store, { adjustments: { approvalAbove: null } })
    expect(await adjust(test, asked(5, change))).toMatchObject({
      __typename: 'Refusal',
      ...refusal,
    })
    expect((await balanceOf(test, 'ann')).version).toBe(0)
  })

  it('refuses to decide what there is not, and reads it as none', async () => {
    const test = await openShop(store)
    expect(await approve(test, 'nothing')).toMatchObject({ code: 'ADJUSTMENT_NOT_FOUND' })
    expect(await decline(test, 'nothing')).toMatchObject({ code: 'ADJUSTMENT_NOT_FOUND' })
    const { adjustment } = await dataOf(test, '{ adjustment(id: "nothing") { id } }')
    expect(adjustment).toBeNull()
    expect(
      await faultOf(test, '{ adjustmentsWaiting(first: 101) { id } }', { viewer: fred }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  it('X2: what is credited runs out by the term of its kind', async () => {
    const test = await openShop(store)
    await adjust(test, asked(7))
    await adjust(test, asked(8, { kind: 'base' }))
    const lots = await test.ledger.store.findLots([1], { open: true })
    expect(lots.map(({ lot }) => [lot.kind, new Date(lot.expiresAt!).toISOString()])).toEqual([
      ['bonus', '2027-01-31T16:00:00.000Z'],
      ['base', '2028-01-31T16:00:00.000Z'],
    ])
  })

  it('E1: credits as the policy says, and as tasks where it knows no bonus', async () => {
    const title = { en: 'Points', zh: '积分' }
    const kinds = { task: { title, expiry: { term: 'never' } } }
    const sources = { purchase: { kind: 'task' } }
    const plain = await openShop(store, { kinds, sources })
    expect(await adjust(plain, asked(5))).toMatchObject({ kind: 'task', status: 'DONE' })
    const told = await openShop(store, { adjustments: { kind: 'premium' } })
    expect(await adjust(told, asked(5))).toMatchObject({ kind: 'premium' })
  })

  it('E1: takes its limit from the policy in force, and refuses one whose kind is not there', async () => {
    const test = await openShop(store, { adjustments: { approvalAbove: 0 } })
    expect(await adjust(test, asked(1))).toMatchObject({ status: 'WAITING' })
    const open = openShop(store, { adjustments: { kind: 'gold' } })
    await expect(open).rejects.toThrow(/adjustments.*kind/s)
  })

  it('moves the points of two yeses and a no at once once, or not at all', async () => {
    const test = await openShop(store)
    const others =
      store === 'memory'
        ? [test]
        : [await openTestProgram(store, { url: test.url, time: test.time }), test]
    for (let round = 0; round < 8; round++) {
      const { id } = await adjust(test, asked(2_000))
      const before = await availableOf(test)
      const answers = await Promise.all([
        ...others.map((it) => it.program.adjustments.approve({ id, by: 'fred' })),
        ...others.map((it) => it.program.adjustments.approve({ id, by: 'gina' })),
        ...others.map((it) => it.program.adjustments.decline({ id, by: 'rosa', reason: 'oh' })),
      ])
      const deciders = new Set(answers.flatMap((it) => (isRefusal(it) ? [] : [it.decidedBy])))
      expect(deciders.size).toBe(1)
      const moved = deciders.has('rosa') ? 0 : 2_000
      expect((await availableOf(test)) - before).toBe(moved)
    }
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })
})

describe('L6: any sequence of adjustments', () => {
  it('leaves what the approved ones add up to', async () => {
    const act = fc.record({
      points: fc.integer({ min: -3_000, max: 3_000 }).filter((points) => points !== 0),
      by: fc.constantFrom('rosa', 'fred', 'gina'),
      decision: fc.constantFrom('approve', 'decline', 'leave'),
      decider: fc.constantFrom('rosa', 'fred', 'gina'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const test = await openShop('memory', { adjustments: { approvalAbove: 1_000 } })
        let available = 0
        for (const [n, { points, by, decision, decider }] of acts.entries()) {
          const answer = await test.program.adjustments.request({
            memberId: 'ann',
            points,
            kind: null,
            reason: 'r',
            idempotencyKey: `p${n}`,
            by,
          })
          const there = available + points >= 0
          if (Math.abs(points) <= 1_000) {
            expect(isRefusal(answer)).toBe(!there)
            if (there) available += points
            continue
          }
          if (isRefusal(answer)) throw new Error(answer.code)
          if (decision === 'approve') {
            const decided = await test.program.adjustments.approve({ id: answer.id, by: decider })
            const may = decider !== by && there
            expect(isRefusal(decided)).toBe(!may)
            if (may) available += points
          } else if (decision === 'decline') {
            await test.program.adjustments.decline({ id: answer.id, by: decider, reason: 'r' })
          }
        }
        expect(await availableOf(test)).toBe(available)
        expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
