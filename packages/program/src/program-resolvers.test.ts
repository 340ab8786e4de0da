import type { Language, Viewer } from '@pointwell/plugin'
import { badUserInput, forbidden } from '@pointwell/plugin/graphql'
import { type GraphQLSchema, graphql, printSchema } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../test/support/test-program.js'
import { openProgramFacts, PROGRAM_RESOLVERS, type ProgramContext } from './index.js'

let schema: GraphQLSchema

beforeAll(async () => {
  // The enum of refusals is made of what plugins register.
  await openTestProgram('memory')
  schema = buildSchemaSync({
    resolvers: PROGRAM_RESOLVERS as unknown as NonEmptyArray<() => void>,
    validate: false,
  })
})

const member = (subject: string): Viewer => ({ kind: 'member', subject, expiresAt: Infinity })
const storefront: Viewer = { kind: 'storefront', subject: 'web', expiresAt: Infinity }
const admin: Viewer = { kind: 'operator', subject: 'rosa', roles: ['admin'], expiresAt: Infinity }

/** Access is the gateway's; here everybody may everything that the resolvers let them. */
function contextOf(
  { program, time }: TestProgram,
  viewer: Viewer,
  language: Language = 'en',
): ProgramContext {
  const now = () => time.now
  return {
    viewer,
    language,
    now,
    actingFor(memberId) {
      if (viewer.kind === 'member') {
        if (memberId && memberId !== viewer.subject) throw forbidden()
        return viewer.subject
      }
      if (!memberId) throw badUserInput('whose?')
      return memberId
    },
    ...openProgramFacts(program, { language, now }),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any

async function ask(
  test: TestProgram,
  source: string,
  {
    viewer = admin,
    language,
    variables,
  }: { viewer?: Viewer; language?: Language; variables?: object } = {},
): Promise<Data> {
  const contextValue = contextOf(test, viewer, language)
  const answer = await graphql({ schema, source, contextValue, variableValues: variables as never })
  if (answer.errors) throw answer.errors[0]
  return answer.data
}

const CREATE = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
  ... on OfferSaved { offer { id version price formulaPrice stock { total left sold perDay leftToday } cost paidBy } }
  ... on Refusal { code field message }
} }`
const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '10.00 CNY',
  cost: '4.50 CNY',
  paidBy: 'kitchen',
  stock: { total: 3 },
}

describe('the programme’s GraphQL fields', () => {
  it('say what they are: every type, field and argument is described', () => {
    const undescribed: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue
      const builtIn = ['String', 'Int', 'Boolean', 'ID', 'Float', 'Query', 'Mutation']
      if (!type.description && !builtIn.includes(type.name)) undescribed.push(type.name)
      for (const field of Object.values('getFields' in type ? type.getFields() : {})) {
        if (!field.description) undescribed.push(`${type.name}.${field.name}`)
        for (const arg of 'args' in field ? field.args : []) {
          if (!arg.description) undescribed.push(`${type.name}.${field.name}(${arg.name})`)
        }
      }
    }
    expect(undescribed).toEqual([])
    expect(printSchema(schema)).toContain('type Query')
  })

  it('every root field says who may use it', () => {
    const open: string[] = []
    for (const type of [schema.getQueryType(), schema.getMutationType()]) {
      for (const field of Object.values(type?.getFields() ?? {})) {
        if (!Array.isArray(field.extensions.access)) open.push(field.name)
      }
    }
    expect(open).toEqual([])
  })

  it('register, show and change a member', async () => {
    const test = await openTestProgram('sqlite')
    const input = {
      id: 'ann',
      birthday: { month: 5, day: 3 },
      region: 'class-3',
      consent: [{ channel: 'sms', granted: true }],
      identities: [{ kind: 'phone', value: '1' }],
    }
    const register = `mutation ($input: RegisterMemberInput!) { registerMember(input: $input) {
      ... on MemberRegistered { created member { id } } ... on Refusal { code field message } } }`
    const created = await ask(test, register, { viewer: storefront, variables: { input } })
    expect(created.registerMember).toEqual({ created: true, member: { id: 'ann' } })
    const other = { ...input, region: 'x' }
    const refused = await ask(test, register, { language: 'zh', variables: { input: other } })
    expect(refused.registerMember).toEqual({
      code: 'MEMBER_EXISTS',
      field: 'region',
      message: '该会员已登记，且资料不同。',
    })

    await test.program.earn({
      source: 'purchase',
      memberId: 'ann',
      event: {
        orderId: 'o1',
        at: MONDAY_NOON,
        lines: [{ id: '1', quantity: 1, priceMinor: 600_050 }],
      },
    })
    const me = `{ me {
      id joinedAt birthday { month day } region staff lastActiveAt consent { channel granted }
      identities { kind value } tier { id title threshold earnMultiplier birthdayMultiplier priceFactor }
      qualifyingSpend tierProgress { next { id } missing until }
      wallet { version balance { available expiringSoon(withinDays: 3000) { points at } }
        lots { nodes { source granted } } transactions { nodes { title points explanation { title } } } }
    } }`
    const shown = await ask(test, me, { viewer: member('ann'), language: 'zh' })
    expect(shown.me).toMatchObject({
      id: 'ann',
      joinedAt: '2026-01-05T04:00:00.000Z',
      lastActiveAt: '2026-01-05T04:00:00.000Z',
      birthday: { month: 5, day: 3 },
      identities: [{ kind: 'phone', value: '1' }],
      tier: { id: 'silver', title: '银卡会员', threshold: '5000.00 CNY', earnMultiplier: '1.2' },
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
        transactions: { nodes: [{ title: '消费', points: 6000 }] },
      },
    })
    expect((await ask(test, '{ me { id } }', { viewer: member('zoe') })).me).toBeNull()
    await expect(
      ask(test, '{ member(id: "ann") { id } }', { viewer: member('zoe') }),
    ).rejects.toThrow('You may not do this.')

    const changed = await ask(
      test,
      `mutation { updateMember(input: { id: "ann", region: null }) {
        ... on MemberUpdated { member { region staff birthday { day } } } } }`,
    )
    expect(changed.updateMember.member).toEqual({
      region: null,
      staff: false,
      birthday: { day: 3 },
    })
  })

  it('A4: a page of members costs the same number of statements, however long it is', async () => {
    const test = await openTestProgram('sqlite')
    const register = Array.from({ length: 60 }, (_, n) => ({
      id: `m${n}`,
      identities: [{ kind: 'card', value: `${n}` }],
    }))
    await test.program.members.registerMany(register)
    await test.program.earnMany(
      register.map(({ id }, n) => ({
        source: 'purchase',
        memberId: id,
        event: {
          orderId: `o${n}`,
          at: MONDAY_NOON,
          lines: [{ id: '1', quantity: 1, priceMinor: 100_00 * n }],
        },
      })),
    )
    let statements = 0
    for (const [target, names] of [
      [
        test.ledger.store,
        [
          'findWallets',
          'findLots',
          'findTransactions',
          'findNewestTransactions',
          'findRecordsOf',
          'findRecord',
          'findCounters',
        ],
      ],
      [test.database, ['read', 'write']],
    ] as const) {
      for (const name of names) {
        const real = (target as Data)[name].bind(target)
        ;(target as Data)[name] = (...args: unknown[]) => {
          statements++
          return real(...args)
        }
      }
    }
    const page = async (first: number) => {
      statements = 0
      const { members } = await ask(
        test,
        `{ members(first: ${first}) { pageInfo { hasNextPage } nodes {
          id tier { id } tierProgress { missing } identities { value } lastActiveAt qualifyingSpend
          wallet { balance { available expiringSoon { points } } lots { nodes { granted } }
            transactions(first: 5) { nodes { points } } } } } }`,
      )
      expect(members.nodes).toHaveLength(first)
      expect(members.nodes.at(-1).wallet.balance.available).toBe(100 * (first - 1))
      return statements
    }
    const few = await page(3)
    expect(few).toBeGreaterThan(3)
    expect(await page(50)).toBe(few)
  })

  it('members come in pages', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.members.registerMany([{ id: 'c' }, { id: 'a' }, { id: 'b' }])
    const page = (after: string | null) =>
      ask(
        test,
        `query ($after: String) { members(first: 2, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`,
        { variables: { after } },
      )
    const first = (await page(null)).members
    expect(first.edges.map(({ node }: Data) => node.id)).toEqual(['c', 'a'])
    expect(first.pageInfo.hasNextPage).toBe(true)
    const second = (await page(first.pageInfo.endCursor)).members
    expect(second.edges.map(({ node }: Data) => node.id)).toEqual(['b'])
    expect(second.pageInfo.hasNextPage).toBe(false)
    await expect(page('nonsense')).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('R1, R2: make offers, and show each member its own', async () => {
    const test = await openTestProgram('sqlite', {
      firstPolicy: {
        tiers: {
          levels: [
            { id: 'regular', title: tea.title, threshold: '0' },
            { id: 'vip', title: tea.title, threshold: '100', priceFactor: '0.85' },
          ],
        },
      },
    })
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'vic' }])
    await test.program.earn({
      source: 'purchase',
      memberId: 'vic',
      event: {
        orderId: 'o',
        at: MONDAY_NOON,
        lines: [{ id: '1', quantity: 1, priceMinor: 100_00 }],
      },
    })
    const create = async (input: object) =>
      (await ask(test, CREATE, { variables: { input } })).createOffer
    expect(await create(tea)).toEqual({
      offer: {
        id: 'tea',
        version: 1,
        price: 500,
        formulaPrice: 500,
        stock: { total: 3, left: 3, sold: 0, perDay: null, leftToday: null },
        cost: '4.50 CNY',
        paidBy: 'kitchen',
      },
    })
    expect(await create(tea)).toMatchObject({ code: 'OFFER_EXISTS' })
    expect(await create({ ...tea, id: 'a', channel: 'moon' })).toMatchObject({ field: 'channel' })
    expect(await create({ ...tea, id: 'a', cashValue: '10.00 USD' })).toMatchObject({
      code: 'CURRENCY_NOT_SUPPORTED',
      field: 'cashValue',
    })
    expect(await create({ ...tea, id: 'a', tiers: ['tin'] })).toMatchObject({ field: 'tiers.0' })
    expect(await create({ ...tea, id: 'a', details: { shelf: 3 } })).toMatchObject({
      field: 'details.shelf',
    })
    expect(await create({ ...tea, id: 'a', cashValue: '0.00 CNY' })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'cashValue',
    })
    await create({ ...tea, id: 'vip-only', tiers: ['vip'], price: { byHand: 101 } })
    await create({ ...tea, id: 'hidden', active: false })
    await create({ ...tea, id: 'later', window: { from: '2027-01-01T00:00:00Z' } })

    const list = async (viewer: Viewer, more = '') =>
      (
        await ask(test, `{ offers${more} { nodes { id title price formulaPrice } } }`, { viewer })
      ).offers.nodes.map(({ id, price }: Data) => `${id} ${price}`)
    expect(await list(member('ann'))).toEqual(['tea 500'])
    // 101 × 0.85 = 85.85: up to the next point; 500 × 0.85 = 425.
    expect(await list(member('vic'))).toEqual(['tea 425', 'vip-only 86'])
    expect(await list(storefront, '(memberId: "ann")')).toEqual(['tea 500'])
    expect(await list(admin)).toEqual(['hidden 500', 'later 500', 'tea 500', 'vip-only 101'])
    expect(await list(admin, '(first: 2)')).toEqual(['hidden 500', 'later 500'])
    expect(
      (await ask(test, '{ offer(id: "vip-only") { id } }', { viewer: member('ann') })).offer,
    ).toBeNull()

    const update = `mutation ($input: UpdateOfferInput!) { updateOffer(input: $input) {
      ... on OfferSaved { offer { version price stock { total } regions } } ... on Refusal { code } } }`
    const change = async (input: object) =>
      (await ask(test, update, { variables: { input } })).updateOffer
    expect(
      await change({ id: 'tea', price: { byHand: 77 }, regions: ['r'], baseVersion: 1 }),
    ).toEqual({
      offer: { version: 2, price: 77, stock: { total: 3 }, regions: ['r'] },
    })
    expect(await change({ id: 'tea', regions: null, baseVersion: 1 })).toEqual({
      code: 'OFFER_CONFLICT',
    })
    expect(await change({ id: 'tea', regions: null, stock: { total: 9 } })).toEqual({
      offer: { version: 3, price: 77, stock: { total: 9 }, regions: null },
    })
    expect(await change({ id: 'gone' })).toEqual({ code: 'OFFER_NOT_FOUND' })
  })

  it('R6: quote, redeem, look, cancel', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'zoe' }])
    await ask(test, CREATE, { variables: { input: tea } })
    await test.program.earn({
      source: 'purchase',
      memberId: 'ann',
      event: {
        orderId: 'o',
        at: MONDAY_NOON,
        lines: [{ id: '1', quantity: 1, priceMinor: 900_00 }],
      },
    })
    const viewer = member('ann')
    const { quote } = await ask(
      test,
      'mutation { quote(offerId: "tea") { ... on Quote { id points expiresAt offer { id } } } }',
      { viewer },
    )
    expect(quote).toMatchObject({
      points: 500,
      expiresAt: '2026-01-05T04:10:00.000Z',
      offer: { id: 'tea' },
    })
    const redeem = `mutation ($input: RedeemInput!) { redeem(input: $input) {
      ... on Redemption { id memberId points status receipt transactionId offer { stock { left } } }
      ... on Refusal { code available needed } } }`
    const done = await ask(test, redeem, { viewer, variables: { input: { quoteId: quote.id } } })
    expect(done.redeem).toMatchObject({
      memberId: 'ann',
      points: 500,
      status: 'FULFILLED',
      receipt: { id: done.redeem.id },
      offer: { stock: { left: 2 } },
    })
    const input = { offerId: 'tea', idempotencyKey: 'k' }
    const short = await ask(test, redeem, { viewer, variables: { input } })
    expect(short.redeem).toEqual({ code: 'INSUFFICIENT_POINTS', available: 400, needed: 500 })

    const look = (who: Viewer) =>
      ask(
        test,
        `{ redemption(id: "${done.redeem.id}") { status refusal { code } createdAt settledAt } }`,
        { viewer: who },
      )
    expect((await look(viewer)).redemption).toMatchObject({ status: 'FULFILLED', refusal: null })
    expect((await look(member('zoe'))).redemption).toBeNull()
    const cancel = (who: Viewer) =>
      ask(
        test,
        `mutation { cancelRedemption(id: "${done.redeem.id}") {
        ... on Redemption { status } ... on Refusal { code } } }`,
        { viewer: who },
      )
    expect((await cancel(member('zoe'))).cancelRedemption).toEqual({ code: 'REDEMPTION_NOT_FOUND' })
    expect((await cancel(viewer)).cancelRedemption).toEqual({ status: 'CANCELLED' })
    const history = await ask(
      test,
      '{ me { redemptions { nodes { id status } } wallet { balance { available } } } }',
      { viewer },
    )
    expect(history.me).toEqual({
      redemptions: { nodes: [{ id: done.redeem.id, status: 'CANCELLED' }] },
      wallet: { balance: { available: 900 } },
    })
  })

  it('E2: claim points', async () => {
    const test = await openTestProgram('sqlite', {
      firstPolicy: { sources: { purchase: { settings: { claimMs: 86_400_000 } } } },
    })
    await test.program.members.register({ id: 'ann' })
    await test.program.earn({
      source: 'purchase',
      memberId: 'ann',
      event: {
        orderId: 'o',
        at: MONDAY_NOON,
        lines: [{ id: '1', quantity: 1, priceMinor: 900_00 }],
      },
    })
    const claim = (lots: string) =>
      ask(
        test,
        `mutation { claimPoints(${lots}) { ... on PointsClaimed { points wallet { balance { available } } }
        ... on Refusal { code field } } }`,
        { viewer: member('ann') },
      )
    expect((await claim('lots: ["1-1", "2-1"]')).claimPoints).toEqual({
      code: 'LOT_NOT_FOUND',
      field: 'lots.1',
    })
    expect((await claim('lots: ["1-1"]')).claimPoints).toEqual({
      points: 900,
      wallet: { balance: { available: 900 } },
    })
    expect((await claim('memberId: "ann"')).claimPoints).toMatchObject({
      code: 'LOT_NOT_CLAIMABLE',
    })
  })

  it('E1: read and change the policy', async () => {
    const test = await openTestProgram('sqlite')
    const update = async (input: object) =>
      (
        await ask(
          test,
          `mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename
            ... on PolicyUpdated { policy { version createdBy note } }
            ... on PolicyInvalid { faults { path message } } ... on Refusal { code field } } }`,
          { variables: { input } },
        )
      ).updatePolicy
    const { policy } = await ask(test, '{ policy { version document } }')
    const document = { ...policy.document, returns: { policy: 'pending-only' } }
    expect(await update({ document, baseVersion: 1, note: 'why' })).toEqual({
      __typename: 'PolicyUpdated',
      policy: { version: 2, createdBy: 'rosa', note: 'why' },
    })
    expect(await update({ document, baseVersion: 1 })).toMatchObject({
      __typename: 'Refusal',
      code: 'POLICY_CONFLICT',
    })
    expect(await update({ document: { tiers: 1 } })).toMatchObject({
      __typename: 'PolicyInvalid',
      faults: [{ path: 'tiers' }],
    })
    const { policies, policySchema } = await ask(
      test,
      '{ policies(first: 1) { nodes { version } pageInfo { hasNextPage } } policySchema }',
    )
    expect(policies).toEqual({ nodes: [{ version: 2 }], pageInfo: { hasNextPage: true } })
    expect(policySchema.properties.sources.properties).toHaveProperty('purchase')
    const old = await ask(test, '{ policy(version: 1) { document } }')
    expect(old.policy.document).toEqual(policy.document)
    await expect(ask(test, '{ policy(version: 9) { version } }')).rejects.toThrow('no such version')
  })

  it('O2, G2: jobs, plugins and refusals can be looked at', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.jobs.runDue()
    const { jobs, plugins, refusalCodes } = await ask(
      test,
      '{ jobs { name title runs lastError lastRunAt } plugins { id kind title } refusalCodes { code message } }',
    )
    expect(jobs.map(({ name, runs, lastError }: Data) => [name, runs, lastError])).toEqual(
      ['fold-figures', 'forget-quotes', 'redemptions', 'seal', 'sweep'].map((name) => [
        name,
        1,
        null,
      ]),
    )
    expect(plugins).toContainEqual({ id: 'bell', kind: 'EARN_SOURCE', title: 'Bell' })
    expect(refusalCodes).toContainEqual({
      code: 'OUT_OF_STOCK',
      message: 'This offer is sold out.',
    })
  })
})
