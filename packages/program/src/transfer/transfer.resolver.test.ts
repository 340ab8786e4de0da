import { isRefusal, verifyLedger } from '@pointwell/ledger'
import type { Viewer } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { giveCommand, receiveCommand } from './transfer-commands.js'

const SHOWN = `__typename
  ... on Transfer { id from to points status parts { kind points expiresAt } createdAt settledAt }
  ... on Refusal { code field available needed limit when }`
const GIVE = `mutation ($input: TransferPointsInput!) { transferPoints(input: $input) { ${SHOWN} } }`
const ONE = 'query ($id: ID!) { transfer(id: $id) { id status from to } }'
const LIST = `query ($id: ID!, $first: Int!, $after: String) { member(id: $id) {
  transfers(first: $first, after: $after) { nodes { id from to points status }
    pageInfo { hasNextPage endCursor } } } }`

const ON = { enabled: true }
const ann = viewerOf.member('ann')

/** Ann has 100 points of each of two kinds, Bob and Cat none. */
async function openShop(store: StoreName, transfers: object = ON, policy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy: { transfers, ...policy } })
  await test.program.members.registerMany(['ann', 'bob', 'cat'].map((id) => ({ id })))
  for (const kind of ['bonus', 'base']) await credit(test, 'ann', 100, kind)
  return test
}

let keys = 0
const credit = async (test: TestProgram, memberId: string, points: number, kind = 'bonus') => {
  const idempotencyKey = `c${keys++}`
  const asked = { memberId, points, kind, reason: 'r', by: 'rosa', idempotencyKey }
  const answer = await test.program.adjustments.request(asked)
  if (isRefusal(answer)) throw new Error(answer.code)
}
const asked = (points: number, more: object = {}) => ({
  to: 'bob',
  points,
  idempotencyKey: `k${keys++}`,
  ...more,
})
const give = async (test: TestProgram, input: object, viewer: Viewer = ann): Promise<Data> =>
  (await dataOf(test, GIVE, { viewer, variables: { input } })).transferPoints
const SET = `mutation ($input: SetMembershipInput!) { setMembership(input: $input) { __typename } }`
async function setMembership(test: TestProgram, memberId: string, until: number) {
  const input = { memberId, until: new Date(until).toISOString(), idempotencyKey: `m${keys++}` }
  const variables = { input }
  const { setMembership } = await dataOf(test, SET, { viewer: viewerOf.storefront, variables })
  expect(setMembership.__typename).toBe('MembershipChanged')
}
const availableOf = async (test: TestProgram, id: string) =>
  (await balanceOf(test, id)).balance.available
const all = (test: TestProgram) =>
  Promise.all(['ann', 'bob', 'cat'].map((id) => availableOf(test, id)))
const onTheWay = async ({ ledger }: TestProgram) =>
  Number((await ledger.store.findTotalsAt(Number.MAX_SAFE_INTEGER)).get('transferred') ?? 0)
const isSound = async ({ ledger }: TestProgram) => (await verifyLedger(ledger.store)).ok

/** What a server that died right after a step leaves behind. */
async function dieAfter(
  { program, ledger, time }: TestProgram,
  step: 'give' | 'receive',
  { points = 10, key = `d${keys++}` } = {},
): Promise<string> {
  const [giver, receiver] = [await program.members.find('ann'), await program.members.find('bob')]
  const id = `T${String(keys++).padStart(4, '0')}`
  const subject = { id, giver: giver!, to: receiver!.wallet, points, idempotencyKey: key }
  const given = await ledger.post(giveCommand(subject, program.policies))
  if (isRefusal(given)) throw new Error(given.code)
  const transfer = (await program.transfers.find(id))!
  if (step === 'receive') await ledger.post(receiveCommand(transfer, program.policies))
  expect((await program.transfers.find(id))!.status).toBe('sent')
  expect(transfer.createdAt).toBe(time.now)
  return id
}

describe.each(availableStores())('L10: transfers on %s', (store) => {
  it('a member gives points, and they keep their kind and expiry', async () => {
    const test = await openShop(store)
    const transfer = await give(test, asked(130))
    expect(transfer).toEqual({
      __typename: 'Transfer',
      id: expect.any(String),
      from: 'ann',
      to: 'bob',
      points: 130,
      status: 'RECEIVED',
      parts: [
        { kind: 'bonus', points: 100, expiresAt: '2027-01-31T16:00:00.000Z' },
        { kind: 'base', points: 30, expiresAt: '2028-01-31T16:00:00.000Z' },
      ],
      createdAt: new Date(MONDAY_NOON).toISOString(),
      settledAt: new Date(MONDAY_NOON).toISOString(),
    })
    expect(await all(test)).toEqual([70, 130, 0])
    test.time.now = Date.parse('2027-01-31T16:00:00.000Z')
    expect(await all(test)).toEqual([70, 30, 0])
    expect(await onTheWay(test)).toBe(0)
    expect(await isSound(test)).toBe(true)
  })

  it('L4: the same key is the same transfer, and with other content it is refused', async () => {
    const test = await openShop(store)
    const request = asked(10)
    const first = await give(test, request)
    expect(await give(test, request)).toEqual(first)
    expect(await give(test, { ...request, points: 11 })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'points',
    })
    expect(await give(test, { ...request, to: 'cat' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'to',
    })
    expect(await all(test)).toEqual([190, 10, 0])
  })

  it('is off unless the operator turns it on', async () => {
    const test = await openShop(store, {})
    expect(await give(test, asked(10))).toMatchObject({ code: 'TRANSFERS_OFF' })
    expect(await all(test)).toEqual([200, 0, 0])
    const updated = await test.program.policies.update({ document: { transfers: ON }, by: 'rosa' })
    expect(updated).toMatchObject({ updated: { version: 2 } })
    expect(await give(test, asked(10))).toMatchObject({ status: 'RECEIVED' })
  })

  it('M2: is not for who has lapsed, whose points come back to life with the renewal', async () => {
    const test = await openShop(store, ON, { membership: { enabled: true } })
    const until = test.time.now + DAY_MS
    await setMembership(test, 'ann', until)
    expect(await give(test, asked(10))).toMatchObject({ __typename: 'Transfer' })
    test.time.now = until
    expect(await give(test, asked(10))).toMatchObject({
      code: 'MEMBERSHIP_LAPSED',
      when: new Date(until).toISOString(),
    })
    await setMembership(test, 'ann', until + DAY_MS)
    expect(await give(test, asked(10))).toMatchObject({ __typename: 'Transfer' })
    expect(await all(test)).toEqual([180, 20, 0])
  })

  it('a member never learns who is a member; a storefront may know', async () => {
    const test = await openShop(store, { ...ON, receiver: { pointsPerDay: 50 } })
    const stranger = await give(test, asked(10, { to: 'zoe' }))
    expect(stranger).toMatchObject({ code: 'RECEIVER_UNAVAILABLE', field: 'to' })
    // Somebody who is one, and cannot receive so many, reads the very same.
    expect(await give(test, asked(51))).toEqual(stranger)
    // And who could not give anyway is told that, whoever it is for.
    for (const to of ['zoe', 'bob']) {
      expect(await give(test, asked(201, { to }))).toMatchObject({
        code: 'INSUFFICIENT_POINTS',
        available: 200,
        needed: 201,
      })
    }
    const byShop = asked(10, { to: 'zoe', memberId: 'ann' })
    expect(await give(test, byShop, viewerOf.storefront)).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
      field: 'to',
    })
    expect(await all(test)).toEqual([200, 0, 0])
    expect((await balanceOf(test, 'bob')).version).toBe(0)
  })

  it.each<[string, object, object, object]>([
    ['to oneself', {}, { to: 'ann' }, { code: 'TRANSFER_TO_SELF', field: 'to' }],
    ['nothing', {}, { points: 0 }, { code: 'AMOUNT_NOT_POSITIVE', field: 'points' }],
    ['less than nothing', {}, { points: -5 }, { code: 'AMOUNT_NOT_POSITIVE', field: 'points' }],
    ['no key', {}, { idempotencyKey: '' }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
    ['too few', { least: 20 }, { points: 19 }, { code: 'TRANSFER_TOO_SMALL', limit: 20 }],
    ['too many', { most: 20 }, { points: 21 }, { code: 'TRANSFER_TOO_LARGE', limit: 20 }],
    [
      'more than there is of the kinds that may be given',
      { kinds: ['base'] },
      { points: 101 },
      { code: 'INSUFFICIENT_POINTS', available: 100, needed: 101 },
    ],
    ['from another tier', { tiers: ['gold'] }, {}, { code: 'TRANSFER_NOT_ALLOWED', when: null }],
    [
      'before a member has been one for long enough',
      { minMembershipDays: 3 },
      {},
      { code: 'TRANSFER_NOT_ALLOWED', when: '2026-01-07T16:00:00.000Z' },
    ],
  ])('refuses %s, and writes nothing', async (_, rules, change, refusal) => {
    const test = await openShop(store, { ...ON, ...rules })
    const { version } = await balanceOf(test, 'ann')
    const answer = await give(test, asked(10, change))
    expect(answer).toMatchObject({ __typename: 'Refusal', ...refusal })
    expect((await balanceOf(test, 'ann')).version).toBe(version)
    expect(await all(test)).toEqual([200, 0, 0])
  })

  it('limits a day and a month, in points and in number, and says when they begin anew', async () => {
    const giver = { pointsPerDay: 50, timesPerDay: 3, pointsPerMonth: 80 }
    const test = await openShop(store, { ...ON, giver })
    const tomorrow = '2026-01-05T16:00:00.000Z'
    expect(await give(test, asked(30))).toMatchObject({ status: 'RECEIVED' })
    expect(await give(test, asked(21))).toMatchObject({
      code: 'TRANSFER_LIMIT',
      limit: 50,
      available: 20,
      needed: 21,
      when: tomorrow,
    })
    for (let n = 0; n < 2; n++) await give(test, asked(5))
    expect(await give(test, asked(5))).toMatchObject({
      code: 'TRANSFER_LIMIT',
      limit: 3,
      available: 0,
      needed: 1,
      when: tomorrow,
    })
    test.time.now = Date.parse(tomorrow)
    expect(await give(test, asked(41))).toMatchObject({
      code: 'TRANSFER_LIMIT',
      limit: 80,
      available: 40,
      when: '2026-01-31T16:00:00.000Z',
    })
    expect(await give(test, asked(40))).toMatchObject({ status: 'RECEIVED' })
    expect(await all(test)).toEqual([120, 80, 0])
  })

  it.each(['give', 'receive'] as const)(
    'completes what a server left that died after %s',
    async (step) => {
      const test = await openShop(store)
      const id = await dieAfter(test, step)
      expect(await onTheWay(test)).toBe(step === 'give' ? 10 : 0)
      expect(await test.program.transfers.takeUpDue(10)).toBe(0)
      test.time.now += 15_000
      expect(await test.program.transfers.takeUpDue(10)).toBe(1)
      expect(await test.program.transfers.takeUpDue(10)).toBe(0)
      expect(await test.program.transfers.find(id)).toMatchObject({ status: 'received' })
      expect(await all(test)).toEqual([190, 10, 0])
      expect(await onTheWay(test)).toBe(0)
      expect(await isSound(test)).toBe(true)
    },
  )

  it('completes it for who sends the same again, too', async () => {
    const test = await openShop(store)
    const id = await dieAfter(test, 'give', { points: 10, key: 'once more' })
    const again = await give(test, asked(10, { idempotencyKey: 'once more' }))
    expect(again).toMatchObject({ id, status: 'RECEIVED' })
    expect(await all(test)).toEqual([190, 10, 0])
  })

  it('L2: gives back to the very lots what the receiver cannot take', async () => {
    const receiver = { timesPerDay: 1 }
    const giver = { pointsPerMonth: 30 }
    const test = await openShop(store, { ...ON, receiver, giver })
    const id = await dieAfter(test, 'give', { points: 20 })
    await credit(test, 'cat', 10)
    await give(test, asked(10, { memberId: 'cat' }), viewerOf.storefront)
    test.time.now += 15_000
    await test.program.transfers.takeUpDue(10)
    expect(await test.program.transfers.find(id)).toMatchObject({
      status: 'returned',
      declined: 'limit',
    })
    expect(await all(test)).toEqual([200, 10, 0])
    const lots = await test.ledger.store.findLots([1], { open: true })
    expect(lots.map(({ lot }) => [lot.kind, lot.available])).toEqual([
      ['bonus', 100],
      ['base', 100],
    ])
    // And it no longer counts for what may be given.
    expect(await give(test, asked(30, { to: 'cat' }))).toMatchObject({ status: 'RECEIVED' })
    expect(await onTheWay(test)).toBe(0)
    expect(await isSound(test)).toBe(true)
  })

  it('shows both ends of it to both, newest first, and to nobody else', async () => {
    const test = await openShop(store)
    const ids: string[] = []
    for (const to of ['bob', 'cat', 'bob']) {
      ids.unshift((await give(test, asked(10, { to }))).id)
      test.time.now += 1
    }
    const list = async (id: string, page: object = { first: 10 }) =>
      (await dataOf(test, LIST, { variables: { id, ...page } })).member.transfers
    expect((await list('ann')).nodes.map(({ id }: Data) => id)).toEqual(ids)
    expect((await list('bob')).nodes).toEqual([
      { id: ids[0], from: 'ann', to: 'bob', points: 10, status: 'RECEIVED' },
      { id: ids[2], from: 'ann', to: 'bob', points: 10, status: 'RECEIVED' },
    ])
    const first = await list('ann', { first: 2 })
    expect(first.pageInfo.hasNextPage).toBe(true)
    const rest = await list('ann', { first: 2, after: first.pageInfo.endCursor })
    expect([...first.nodes, ...rest.nodes].map(({ id }: Data) => id)).toEqual(ids)
    const read = async (viewer: Viewer, id: string) =>
      (await dataOf(test, ONE, { viewer, variables: { id } })).transfer
    for (const who of ['ann', 'bob']) {
      expect(await read(viewerOf.member(who), ids[0]!)).toMatchObject({ status: 'RECEIVED' })
    }
    expect(await read(viewerOf.member('cat'), ids[0]!)).toBeNull()
    expect(await read(viewerOf.storefront, 'nothing')).toBeNull()
    const forged = { viewer: ann, variables: { input: asked(1, { memberId: 'bob' }) } }
    expect(await faultOf(test, GIVE, forged)).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('E1: refuses rules that name what the programme does not have', async () => {
    await expect(openShop(store, { kinds: ['gems'] })).rejects.toThrow(/transfers.*kinds/s)
    await expect(openShop(store, { tiers: ['ruby'] })).rejects.toThrow(/transfers.*tiers/s)
    await expect(openShop(store, { least: 5, most: 4 })).rejects.toThrow(/transfers.*most/s)
  })

  it('moves points once, on however many servers the same or the last points are given', async () => {
    const test = await openShop(store)
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    const at = (n: number) => (n % 2 ? other : test).program.transfers
    const base = { memberId: 'ann', mayKnow: true }
    const same = { ...base, to: 'bob', points: 80, idempotencyKey: 'same' }
    const answers = await Promise.all([0, 1, 2, 3].map((n) => at(n).give(same)))
    expect(new Set(answers.map((it) => (isRefusal(it) ? it.code : it.id))).size).toBe(1)
    expect(await all(test)).toEqual([120, 80, 0])
    const last = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        at(n).give({ ...base, to: n < 2 ? 'bob' : 'cat', points: 70, idempotencyKey: `l${n}` }),
      ),
    )
    expect(last.filter(isRefusal).map(({ code }) => code)).toEqual(
      Array(3).fill('INSUFFICIENT_POINTS'),
    )
    // Two servers that take up the same thing do it once.
    await dieAfter(test, 'give')
    test.time.now += DAY_MS
    await Promise.all([0, 1].map((n) => at(n).takeUpDue(10)))
    expect(await onTheWay(test)).toBe(0)
    expect((await all(test)).reduce((sum, points) => sum + points, 0)).toBe(200)
    expect(await isSound(test)).toBe(true)
  })
})
