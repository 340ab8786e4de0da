import { beforeEach, describe, expect, it } from 'vitest'
import {
  askProgram,
  type Data,
  dataOf,
  faultOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import {
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const ann = {
  id: 'ann',
  birthday: { month: 5, day: 3 },
  region: 'class-3',
  consent: [{ channel: 'sms', granted: true }],
  identities: [{ kind: 'phone', value: '1' }],
}

const REFUSAL = '... on Refusal { code message field limit when }'
const REGISTER = `mutation ($input: RegisterMemberInput!) { registerMember(input: $input) {
  __typename ... on MemberRegistered { created member { id joinedAt staff } } ${REFUSAL} } }`
const REGISTER_MANY = `mutation ($input: [RegisterMemberInput!]!) { registerMembers(input: $input) {
  __typename ... on MemberRegistered { created member { id } } ${REFUSAL} } }`
const UPDATE = `mutation ($input: UpdateMemberInput!) { updateMember(input: $input) {
  __typename ... on MemberUpdated { member {
    id region staff birthday { month day } consent { channel granted } identities { kind value }
  } } ${REFUSAL} } }`

describe('members', () => {
  let test: TestProgram
  beforeEach(async () => {
    test = await openTestProgram('sqlite')
  })

  const register = async (input: object, request: ProgramRequest = {}) =>
    (
      await dataOf(test, REGISTER, {
        viewer: viewerOf.storefront,
        ...request,
        variables: { input },
      })
    ).registerMember
  const update = async (input: object, request: ProgramRequest = {}) =>
    (await dataOf(test, UPDATE, { ...request, variables: { input } })).updateMember

  describe('registerMember', () => {
    it('M1: registers once; the same again is the same member', async () => {
      const joined = { id: 'ann', joinedAt: '2026-01-05T04:00:00.000Z', staff: false }
      expect(await register(ann)).toMatchObject({ created: true, member: joined })
      test.time.now += DAY_MS
      expect(await register(ann)).toMatchObject({ created: false, member: joined })
      expect(
        await register({ id: 'bob', joinedAt: '2020-02-29T23:00:00+08:00', staff: true }),
      ).toMatchObject({ member: { joinedAt: '2020-02-29T15:00:00.000Z', staff: true } })
    })

    it.each<[string, object, object]>([
      ['nobody', { id: '' }, { code: 'INVALID_INPUT', field: 'id' }],
      [
        'a day that no month has',
        { birthday: { month: 2, day: 30 } },
        { code: 'INVALID_INPUT', field: 'birthday.day' },
      ],
      [
        'an identity nobody knows',
        { identities: [{ kind: 'shoe', value: '44' }] },
        { code: 'INVALID_INPUT', field: 'identities.0.kind' },
      ],
      [
        'more identities than there may be',
        {
          identities: [
            { kind: 'phone', value: '1' },
            { kind: 'phone', value: '2' },
          ],
        },
        { code: 'IDENTITY_LIMIT', limit: 1 },
      ],
      [
        'the future',
        { joinedAt: '2026-01-06T04:00:00Z' },
        { code: 'EVENT_IN_FUTURE', field: 'joinedAt' },
      ],
      [
        'another member’s identity',
        { identities: [{ kind: 'phone', value: 'taken' }] },
        { code: 'IDENTITY_TAKEN', field: 'identities.0' },
      ],
    ])('refuses %s, and writes nothing', async (_, input, refusal) => {
      await register({ id: 'bob', identities: [{ kind: 'phone', value: 'taken' }] })
      expect(await register({ id: 'eve', ...input })).toMatchObject({
        __typename: 'Refusal',
        ...refusal,
      })
      expect(await test.program.members.find('eve')).toBeUndefined()
    })

    it('A2: says why not in the language of the request', async () => {
      await register(ann)
      const other = { ...ann, region: 'x' }
      expect(await register(other, { language: 'zh' })).toEqual({
        __typename: 'Refusal',
        code: 'MEMBER_EXISTS',
        field: 'region',
        message: '该会员已登记，且资料不同。',
        limit: null,
        when: null,
      })
      expect((await register(other)).message).toBe('This member is registered with other details.')
    })
  })

  describe('registerMembers', () => {
    const registerMany = (input: readonly object[], language: 'en' | 'zh' = 'en') =>
      askProgram(test, REGISTER_MANY, { language, variables: { input } })

    it('gives each its own result, in order', async () => {
      const { data } = await registerMany(
        [
          { id: 'b' },
          { id: 'not an id' },
          { id: 'a', birthday: { month: 13, day: 1 } },
          { id: 'b' },
          { id: 'b', region: 'x' },
          { id: 'c' },
        ],
        'zh',
      )
      expect(data.registerMembers).toMatchObject([
        { created: true, member: { id: 'b' } },
        { code: 'INVALID_INPUT', field: 'id', message: '请求中有内容不正确。' },
        { code: 'INVALID_INPUT', field: 'birthday.month' },
        { created: false, member: { id: 'b' } },
        { code: 'MEMBER_EXISTS', field: 'region' },
        { created: true, member: { id: 'c' } },
      ])
    })

    it('A7: takes 500 at once, and not one more', async () => {
      const some = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `m${n}` }))
      const { data } = await registerMany(some(500))
      expect(data.registerMembers).toHaveLength(500)
      expect(await test.program.members.find('m499')).toBeDefined()
      for (const count of [0, 501]) {
        const { errors } = await registerMany(some(count))
        expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'input' })
      }
      expect(await test.program.members.find('m500')).toBeUndefined()
    })
  })

  describe('updateMember', () => {
    beforeEach(() => register(ann))

    it('changes what is given, clears what is null, leaves the rest', async () => {
      expect(await update({ id: 'ann', region: null, staff: true })).toEqual({
        __typename: 'MemberUpdated',
        member: {
          id: 'ann',
          region: null,
          staff: true,
          birthday: { month: 5, day: 3 },
          consent: [{ channel: 'sms', granted: true }],
          identities: [{ kind: 'phone', value: '1' }],
        },
      })
      const identities = [{ kind: 'card', value: '7' }]
      expect(
        (await update({ id: 'ann', birthday: null, consent: null, identities })).member,
      ).toMatchObject({ birthday: null, consent: [], identities })
    })

    it.each<[string, object, object]>([
      ['nobody', { id: 'zoe' }, { code: 'MEMBER_NOT_FOUND', field: 'id' }],
      ['a bad region', { id: 'ann', region: ' x' }, { code: 'INVALID_INPUT', field: 'region' }],
      [
        'another member’s phone',
        { id: 'ann', identities: [{ kind: 'phone', value: '2' }] },
        { code: 'IDENTITY_TAKEN', field: 'identities.0' },
      ],
    ])('refuses %s', async (_, input, refusal) => {
      await register({ id: 'bob', identities: [{ kind: 'phone', value: '2' }] })
      expect(await update(input)).toMatchObject({ __typename: 'Refusal', ...refusal })
    })
  })

  describe('me and member', () => {
    const ORDER = { orderId: 'o', at: MONDAY_NOON - HOUR_MS, lines: [{ id: '1', quantity: 1 }] }
    const SHOWN = `id joinedAt birthday { month day } region staff lastActiveAt
      consent { channel granted } identities { kind value }
      tier { id title threshold earnMultiplier birthdayMultiplier priceFactor }
      qualifyingSpend tierProgress { next { id } missing until }
      wallet { version balance { available expiringSoon(withinDays: 3000) { points at } }
        transactions { nodes { title points explanation { step title points } } } }
      redemptions { nodes { id } }`

    it('M1, M3: show all of a member, in the language of the request', async () => {
      await register(ann)
      const lines = [{ ...ORDER.lines[0], priceMinor: 6_000_50 }]
      await test.program.earn({
        source: 'purchase',
        memberId: 'ann',
        event: { ...ORDER, lines },
      })
      const expected = {
        id: 'ann',
        joinedAt: '2026-01-05T04:00:00.000Z',
        birthday: { month: 5, day: 3 },
        region: 'class-3',
        staff: false,
        lastActiveAt: '2026-01-05T03:00:00.000Z',
        consent: [{ channel: 'sms', granted: true }],
        identities: [{ kind: 'phone', value: '1' }],
        tier: {
          id: 'silver',
          title: '银卡会员',
          threshold: '5000.00 CNY',
          earnMultiplier: '1.2',
          birthdayMultiplier: '2',
          priceFactor: '1',
        },
        qualifyingSpend: '6000.50 CNY',
        tierProgress: {
          next: { id: 'gold' },
          missing: '13999.50 CNY',
          until: '2026-12-31T16:00:00.000Z',
        },
        wallet: {
          version: '1',
          balance: {
            available: 6000,
            expiringSoon: [{ points: 6000, at: '2027-01-31T16:00:00.000Z' }],
          },
          transactions: {
            nodes: [
              {
                title: '消费',
                points: 6000,
                explanation: [
                  { step: 'base', title: 'base', points: '6000' },
                  { step: 'tier', title: '会员等级', points: '0' },
                  { step: 'tier-change', title: '等级变更', points: '0' },
                ],
              },
            ],
          },
        },
        redemptions: { nodes: [] },
      }
      const query = `{ me { ${SHOWN} } }`
      const mine = await dataOf(test, query, { viewer: viewerOf.member('ann'), language: 'zh' })
      expect(mine.me).toEqual(expected)
      const named = `{ member(id: "ann") { ${SHOWN} } }`
      for (const viewer of [viewerOf.storefront, viewerOf.operator('viewer')]) {
        expect((await dataOf(test, named, { viewer, language: 'zh' })).member).toEqual(expected)
      }
      const english = await dataOf(test, query, { viewer: viewerOf.member('ann') })
      expect(english.me.tier.title).toBe('Silver')
      expect(english.me.wallet.transactions.nodes[0].title).toBe('Purchase')
    })

    it('M3: a member at the top has no next tier', async () => {
      await register(ann)
      const lines = [{ ...ORDER.lines[0], priceMinor: 90_000_00 }]
      await test.program.earn({ source: 'purchase', memberId: 'ann', event: { ...ORDER, lines } })
      const query = '{ me { tier { id } tierProgress { next { id } missing until } } }'
      const { me } = await dataOf(test, query, { viewer: viewerOf.member('ann') })
      expect(me).toMatchObject({
        tier: { id: 'gold' },
        tierProgress: { next: null, missing: null },
      })
    })

    it('A6: members see themselves only', async () => {
      await register(ann)
      await register({ id: 'zoe' })
      const viewer = viewerOf.member('zoe')
      const other = '{ member(id: "ann") { id } }'
      expect(await faultOf(test, other, { viewer })).toEqual({ code: 'FORBIDDEN' })
      expect((await askProgram(test, other, { viewer })).data.member).toBeNull()
      expect((await dataOf(test, '{ member(id: "zoe") { id } }', { viewer })).member).toEqual({
        id: 'zoe',
      })
    })

    it('are null for who is not registered', async () => {
      const viewer = viewerOf.member('zoe')
      expect((await dataOf(test, '{ me { id } }', { viewer })).me).toBeNull()
      expect((await dataOf(test, '{ member(id: "zoe") { id } }')).member).toBeNull()
      expect(await faultOf(test, '{ member(id: "") { id } }')).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'id',
      })
    })

    it('X1: never show points that have run out', async () => {
      await register(ann)
      const lines = [{ ...ORDER.lines[0], priceMinor: 100_00 }]
      await test.program.earn({ source: 'purchase', memberId: 'ann', event: { ...ORDER, lines } })
      test.time.now = Date.parse('2027-01-31T16:00:00Z')
      const query = `{ me { wallet { version balance { available }
        transactions { nodes { type points } } } } }`
      const { me } = await dataOf(test, query, { viewer: viewerOf.member('ann') })
      expect(me.wallet).toEqual({
        version: '2',
        balance: { available: 0 },
        transactions: {
          nodes: [
            { type: 'EXPIRE', points: -100 },
            { type: 'GRANT', points: 100 },
          ],
        },
      })
    })
  })

  describe('members', () => {
    const page = `query ($first: Int, $after: String) { members(first: $first, after: $after) {
      edges { cursor node { id } } nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

    it('come in pages, in the order in which they came', async () => {
      await test.program.members.registerMany([{ id: 'c' }, { id: 'a' }, { id: 'b' }])
      const first = (await dataOf(test, page, { variables: { first: 2 } })).members
      expect(first.nodes).toEqual([{ id: 'c' }, { id: 'a' }])
      expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
      const after = first.pageInfo.endCursor
      expect(first.edges.at(-1)).toEqual({ cursor: after, node: { id: 'a' } })
      // Whoever comes later is on a later page.
      await test.program.members.register({ id: '0' })
      const { members } = await dataOf(test, page, { variables: { first: 2, after } })
      expect(members.nodes.map(({ id }: Data) => id)).toEqual(['b', '0'])
      expect(members.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    })

    it.each([
      [{ first: 0 }, 'first'],
      [{ first: 101 }, 'first'],
      [{ after: 'nonsense' }, 'after'],
      [{ after: Buffer.from('["offers","x"]').toString('base64url') }, 'after'],
    ])('refuse %j', async (variables, field) => {
      expect(await faultOf(test, page, { variables })).toEqual({ code: 'BAD_USER_INPUT', field })
    })
  })
})
