import { beforeEach, describe, expect, it } from 'vitest'
import {
  dataOf,
  faultOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const CLAIM = `mutation ($memberId: ID, $lots: [ID!], $key: ID) { claimPoints(memberId: $memberId, lots: $lots, idempotencyKey: $key) {
  __typename
  ... on PointsClaimed { points wallet { version balance { available claimable } } }
  ... on Refusal { code message field } } }`

describe('claimPoints', () => {
  let test: TestProgram
  const ann = viewerOf.member('ann')

  beforeEach(async () => {
    test = await openTestProgram('sqlite', {
      firstPolicy: { sources: { purchase: { settings: { claimMs: DAY_MS } } } },
    })
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    for (const [memberId, n] of [
      ['ann', 1],
      ['ann', 2],
      ['bob', 3],
    ] as const) {
      const lines = [{ id: '1', quantity: n, priceMinor: 100_00 }]
      const event = { orderId: `o${n}`, at: MONDAY_NOON, lines }
      await test.program.earn({ source: 'purchase', memberId, event })
    }
  })

  const claim = async (variables: Record<string, unknown> = {}, request: ProgramRequest = {}) =>
    (await dataOf(test, CLAIM, { viewer: ann, ...request, variables })).claimPoints

  it('E2: takes all that can be claimed', async () => {
    expect(await claim()).toEqual({
      __typename: 'PointsClaimed',
      points: 300,
      wallet: { version: '3', balance: { available: 300, claimable: 0 } },
    })
  })

  it('takes the named lots', async () => {
    const shown = await dataOf(test, '{ me { wallet { lots { nodes { id granted } } } } }', {
      viewer: ann,
    })
    expect(shown.me.wallet.lots.nodes).toEqual([
      { id: '1-2', granted: 200 },
      { id: '1-1', granted: 100 },
    ])
    expect(await claim({ lots: ['1-2', '1-2'] })).toMatchObject({
      points: 200,
      wallet: { balance: { available: 200, claimable: 100 } },
    })
  })

  it('L4: the same key is the same claim, also after its answer was lost', async () => {
    const first = await claim({ key: 'k1', lots: ['1-2'] })
    expect(first).toMatchObject({ points: 200 })
    expect(await claim({ key: 'k1', lots: ['1-2'] })).toEqual(first)
    expect(await claim({ key: 'k1', lots: ['1-1'] })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'lots.0',
    })
    expect(await claim({ key: 'k1' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'lots',
    })
    expect(await claim({ key: 'k2' })).toMatchObject({ points: 100 })
    // What comes later is claimed with another key, and the old one stays what it was.
    const lines = [{ id: '1', quantity: 5, priceMinor: 100_00 }]
    const event = { orderId: 'o9', at: MONDAY_NOON, lines }
    await test.program.earn({ source: 'purchase', memberId: 'ann', event })
    expect(await claim({ key: 'k2' })).toMatchObject({
      points: 100,
      wallet: { balance: { available: 300, claimable: 500 } },
    })
    // Each member has keys of its own.
    const bob = { viewer: viewerOf.member('bob') }
    expect(await claim({ key: 'k2' }, bob)).toMatchObject({ points: 300 })
  })

  it.each(['', 'k'.repeat(101), 'k\ud800'])('refuses the key %j', async (key) => {
    expect(await claim({ key })).toMatchObject({ code: 'INVALID_INPUT', field: 'idempotencyKey' })
  })

  it('A6: a storefront claims for a member', async () => {
    const { storefront: viewer } = viewerOf
    expect(await claim({ memberId: 'bob' }, { viewer })).toMatchObject({ points: 300 })
    const request = { viewer: ann, variables: { memberId: 'bob' } }
    expect(await faultOf(test, CLAIM, request)).toEqual({ code: 'FORBIDDEN' })
    expect(await faultOf(test, CLAIM, { viewer })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'memberId',
    })
  })

  it.each<[string, Record<string, unknown>, object]>([
    ['another member’s lot', { lots: ['1-1', '2-1'] }, { code: 'LOT_NOT_FOUND', field: 'lots.1' }],
    ['a lot there is not', { lots: ['1-9'] }, { code: 'LOT_NOT_FOUND' }],
    ['what is no lot', { lots: ['x'] }, { code: 'LOT_NOT_FOUND', field: 'lots.0' }],
    ['no lots', { lots: [] }, { code: 'LOT_NOT_CLAIMABLE' }],
  ])('refuses %s, and takes none', async (_, variables, refusal) => {
    expect(await claim(variables)).toMatchObject({ __typename: 'Refusal', ...refusal })
    expect(await claim()).toMatchObject({ points: 300 })
  })

  it('A2: refuses in the language of the request', async () => {
    await claim()
    expect(await claim({}, { language: 'zh' })).toEqual({
      __typename: 'Refusal',
      code: 'LOT_NOT_CLAIMABLE',
      message: '没有可领取的积分。',
      field: null,
    })
    expect(await claim({}, { viewer: viewerOf.member('eve') })).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
      message: 'There is no such member.',
    })
  })

  it('E2: refuses what was not claimed in time', async () => {
    test.time.now += DAY_MS
    expect(await claim({ lots: ['1-1'] })).toMatchObject({ code: 'CLAIM_TOO_LATE' })
    const { me } = await dataOf(test, '{ me { wallet { balance { available claimable } } } }', {
      viewer: ann,
    })
    expect(me.wallet.balance).toEqual({ available: 0, claimable: 0 })
  })

  it('A7: takes 500 lots at once, and not one more', async () => {
    const lots = Array.from({ length: 501 }, (_, n) => `1-${n + 1}`)
    expect(await claim({ lots: lots.slice(1) })).toMatchObject({ code: 'LOT_NOT_FOUND' })
    expect(await faultOf(test, CLAIM, { viewer: ann, variables: { lots } })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'lots',
    })
  })
})
