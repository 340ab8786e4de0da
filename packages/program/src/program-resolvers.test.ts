import type { Access } from '@pointwell/plugin'
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Data,
  dataOf,
  faultOf,
  programSchema,
  viewerOf,
} from '../../../test/support/ask-program.js'
import { openTestProgram } from '../../../test/support/test-program.js'
import { openProgramContext } from './index.js'
import { CUT_OFF_MS, MOST_FAULTS } from './plugin-list/open-plugin-health.js'

const OPERATORS: Access[] = ['viewer', 'support', 'rules', 'finance', 'admin']
const CONFIDANTS: Access[] = ['member', 'storefront', 'support', 'admin']
const COST_READERS: Access[] = ['rules', 'finance', 'admin']

describe('the programme’s GraphQL fields', () => {
  let schema: GraphQLSchema

  beforeAll(async () => {
    await openTestProgram('memory')
    schema = programSchema()
  })

  const accessOf = (type: 'Query' | 'Mutation' | string) => {
    const found = schema.getType(type)
    if (!isObjectType(found)) throw new Error(`no object type ${type}`)
    return Object.fromEntries(
      Object.values(found.getFields()).map(({ name, extensions }) => [name, extensions.access]),
    )
  }

  it('A6: every root field says who may use it', () => {
    expect(accessOf('Query')).toEqual({
      me: ['member'],
      member: ['member', 'storefront', ...OPERATORS],
      members: OPERATORS,
      _entities: ['member', 'storefront', ...OPERATORS],
      offers: ['member', 'storefront', ...OPERATORS],
      offer: ['member', 'storefront', ...OPERATORS],
      redemption: ['member', 'storefront', ...OPERATORS],
      refundsDue: ['storefront', 'finance'],
      surveyResults: OPERATORS,
      pointsAtCheckout: ['member', 'storefront'],
      pointsPayment: ['storefront', 'support'],
      previewPlaybook: OPERATORS,
      playbooks: OPERATORS,
      policy: OPERATORS,
      policies: OPERATORS,
      policySchema: OPERATORS,
      previewOldLots: ['rules', 'finance', 'admin'],
      accountTotals: OPERATORS,
      auditEntries: ['support', 'rules', 'finance', 'admin'],
      earnedByCore: OPERATORS,
      identityCases: ['support', 'rules', 'finance', 'admin'],
      pauses: OPERATORS,
      keptEventProgress: OPERATORS,
      keptEvents: OPERATORS,
      deliveries: OPERATORS,
      transfer: ['member', 'storefront', ...OPERATORS],
      memberMerges: OPERATORS,
      adjustment: OPERATORS,
      budgets: OPERATORS,
      adjustmentsWaiting: OPERATORS,
      jobs: OPERATORS,
      plugins: OPERATORS,
      failedNotices: OPERATORS,
      pointValue: ['member', 'storefront', ...OPERATORS],
      priceIndex: OPERATORS,
      segmentSizes: OPERATORS,
      tasks: CONFIDANTS,
      refusalCodes: ['anyone'],
    })
    expect(accessOf('Mutation')).toEqual({
      registerMember: ['storefront', 'support'],
      registerMembers: ['storefront', 'support'],
      updateMember: ['storefront', 'support'],
      claimPoints: ['member', 'storefront'],
      quote: ['member', 'storefront'],
      redeem: ['member', 'storefront'],
      cancelRedemption: ['member', 'storefront', 'support'],
      confirmPayment: ['storefront'],
      confirmRefund: ['storefront'],
      payWithPoints: ['storefront'],
      capturePointsPayment: ['storefront'],
      releasePointsPayment: ['storefront'],
      returnPointsPayment: ['storefront'],
      applyPlaybook: ['rules', 'admin'],
      revertPlaybook: ['rules', 'admin'],
      answerSurvey: ['member', 'storefront'],
      freezePoints: ['support', 'finance', 'admin'],
      thawPoints: ['support', 'finance', 'admin'],
      voidFrozenPoints: ['finance', 'admin'],
      approveRedemption: ['support', 'finance', 'admin'],
      declineRedemption: ['support', 'finance', 'admin'],
      setMembership: ['storefront', 'support'],
      renewMembership: ['storefront', 'support'],
      transferPoints: ['member', 'storefront'],
      mergeMembers: ['support', 'admin'],
      eraseMember: ['support', 'admin'],
      requestErasure: ['member', 'storefront'],
      adjustPoints: ['support', 'finance', 'admin'],
      extendPoints: ['support', 'finance', 'admin'],
      approveAdjustment: ['finance', 'admin'],
      declineAdjustment: ['support', 'finance', 'admin'],
      createOffer: ['rules', 'admin'],
      updateOffer: ['rules', 'admin'],
      updatePolicy: ['rules', 'admin'],
      announcePointValue: ['rules', 'admin'],
      recordPriceIndex: ['rules', 'finance', 'admin'],
      runJob: ['rules', 'admin'],
      setMemberTier: ['support', 'finance', 'admin'],
      grantTierAccelerator: ['support', 'finance', 'admin'],
      decideIdentityCase: ['support', 'admin'],
      reportIdentities: ['storefront'],
      pauseEarning: ['rules', 'admin'],
      redeliver: ['support', 'finance', 'admin'],
      resumeEarning: ['rules', 'admin'],
      settleKeptEvents: ['rules', 'admin'],
    })
  })

  it('A6: what is narrower than its parent says so, and can be left out of an answer', () => {
    const narrow = {
      'Member.identities': CONFIDANTS,
      'Member.consent': CONFIDANTS,
      'Member.messages': CONFIDANTS,
      'Member.rfm': ['storefront', ...OPERATORS],
      'Member.segments': ['storefront', ...OPERATORS],
      'Member.variants': ['storefront', ...OPERATORS],
      'Redemption.receipt': CONFIDANTS,
      'Redemption.survey': CONFIDANTS,
      'Transaction.variants': ['storefront', ...OPERATORS],
      'Freeze.reason': OPERATORS,
      'Freeze.by': OPERATORS,
      'Offer.cost': COST_READERS,
      'Offer.paidBy': COST_READERS,
      'Offer.pricing': COST_READERS,
      'PointValue.proposal': OPERATORS,
    }
    const found = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !['Query', 'Mutation'].includes(name) && !name.startsWith('__'))
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter(({ extensions }) => extensions.access !== undefined)
          .map(({ name, extensions }) => [`${type.name}.${name}`, extensions.access]),
      )
    expect(Object.fromEntries(found)).toEqual(narrow)
    for (const name of Object.keys(narrow)) {
      const [type, field] = name.split('.') as [string, string]
      const object = schema.getType(type)
      if (!isObjectType(object)) throw new Error(`no object type ${type}`)
      // Non-null, a refused field would take everything around it with it.
      expect(String(object.getFields()[field]?.type)).not.toMatch(/!$/)
    }
  })

  it('A1: every type, field, argument and value is described', () => {
    const described: [string, string | null | undefined][] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
      if (!['Query', 'Mutation'].includes(type.name)) described.push([type.name, type.description])
      if (isEnumType(type)) {
        for (const { name, description } of type.getValues()) {
          described.push([`${type.name}.${name}`, description])
        }
      }
      if (!isObjectType(type) && !isInputObjectType(type)) continue
      for (const field of Object.values(type.getFields())) {
        described.push([`${type.name}.${field.name}`, field.description])
        for (const { name, description } of 'args' in field ? field.args : []) {
          described.push([`${type.name}.${field.name}(${name})`, description])
        }
      }
    }
    expect(described.length).toBeGreaterThan(200)
    expect(described.filter(([, text]) => !text?.trim()).map(([name]) => name)).toEqual([])
  })

  it('hold no type that nobody can reach', () => {
    expect(Object.keys(schema.getTypeMap())).not.toContain('OfferTermsInput')
    expect(Object.keys(schema.getTypeMap())).not.toContain('MemberInput')
  })

  it('O2: show the jobs', async () => {
    const test = await openTestProgram('sqlite')
    const query = `{ jobs { name title everyMs schedule { cron zone } runs failures lastRunAt lastFinishedAt nextRunAt
      lastResult lastError runningOn } }`
    const named = ({ jobs }: Data, name: string) => jobs.find((job: Data) => job.name === name)
    expect(named(await dataOf(test, query), 'seal')).toEqual({
      name: 'seal',
      title: 'Seal the chains of all wallets',
      everyMs: null,
      schedule: { cron: '0 * * * *', zone: 'Asia/Shanghai' },
      runs: 0,
      failures: 0,
      lastRunAt: null,
      lastFinishedAt: null,
      nextRunAt: '2026-01-05T04:00:00.000Z',
      lastResult: null,
      lastError: null,
      runningOn: null,
    })
    await test.program.jobs.runDue()
    const after = await dataOf(test, query, { language: 'zh' })
    expect(named(after, 'seal')).toMatchObject({
      title: '封存所有钱包的哈希链',
      runs: 1,
      lastRunAt: '2026-01-05T04:00:00.000Z',
      nextRunAt: '2026-01-05T05:00:00.000Z',
      lastResult: 'sealed',
    })
    const names = after.jobs.map(({ name }: Data) => name)
    expect(names).toEqual(names.toSorted())
    expect(names).toEqual(expect.arrayContaining(['forget-quotes', 'redemptions', 'sweep']))
  })

  it('L7: show what was in each account at a past moment', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    const buy = (memberId: string, orderId: string) =>
      test.program.earn({
        source: 'purchase',
        memberId,
        event: {
          orderId,
          at: test.time.now,
          lines: [{ id: '1', quantity: 1, priceMinor: 10_00 }],
        },
      })
    const query = 'query ($at: DateTime!) { accountTotals(at: $at) { account total } }'
    const totals = async (at: number) => {
      const variables = { at: new Date(at).toISOString() }
      return (await dataOf(test, query, { variables })).accountTotals
    }
    await buy('ann', '1')
    const noon = test.time.now
    test.time.now += 5_000
    await buy('bob', '2')
    expect(await totals(noon - 1)).toEqual([])
    expect(await totals(noon)).toEqual([
      { account: 'available', total: '10' },
      { account: 'issued:purchase', total: '-10' },
    ])
    expect(await totals(test.time.now)).toEqual([
      { account: 'available', total: '20' },
      { account: 'issued:purchase', total: '-20' },
    ])
    const variables = { at: new Date(test.time.now + 1).toISOString() }
    expect(await faultOf(test, query, { variables })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'at',
    })
  })

  it('G2: show the plugins', async () => {
    const test = await openTestProgram('sqlite')
    const query = '{ plugins { id kind version contract title } }'
    expect((await dataOf(test, query)).plugins).toEqual([
      {
        id: 'purchase',
        kind: 'EARN_SOURCE',
        version: '1.0.0',
        contract: '^1.0.0',
        title: 'Purchase',
      },
      expect.objectContaining({ id: 'bell', kind: 'EARN_SOURCE' }),
      expect.objectContaining({ id: 'broken', kind: 'EARN_SOURCE' }),
      expect.objectContaining({ id: 'shelf', kind: 'REDEMPTION_CHANNEL', title: 'Shelf' }),
    ])
    const { plugins } = await dataOf(test, query, { language: 'zh' })
    expect(plugins.map(({ title }: Data) => title)).toEqual(['消费', '铃', '坏', '货架'])
  })

  it('G4: show how the plugins do, and with what settings', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.members.register({ id: 'ann' })
    const run = { source: 'broken', memberId: 'ann', event: { id: 'x', how: 'throws' } }
    for (let n = 0; n < MOST_FAULTS; n++) await test.program.earn(run)
    const query = `{ plugins { id settings health { since operations {
      operation calls faults timeouts slow spentMs lastFault { at reason text } cutOffUntil } } } }`
    const { plugins } = await dataOf(test, query)
    const at = new Date(test.time.now).toISOString()
    expect(plugins[1]).toEqual({
      id: 'bell',
      settings: { each: 5 },
      health: { since: at, operations: [] },
    })
    expect(plugins[2]).toMatchObject({ id: 'broken', settings: {}, health: { since: at } })
    const { operations } = plugins[2].health
    expect(operations.map(({ operation }: Data) => operation)).toEqual([
      'decide',
      'event',
      'memory',
      'once',
    ])
    expect(operations[0]).toEqual({
      operation: 'decide',
      calls: MOST_FAULTS,
      faults: MOST_FAULTS,
      timeouts: 0,
      slow: 0,
      spentMs: expect.any(Number),
      lastFault: { at, reason: 'threw', text: expect.stringContaining('out of order') },
      cutOffUntil: new Date(test.time.now + CUT_OFF_MS).toISOString(),
    })
    expect(operations[1]).toMatchObject({ calls: MOST_FAULTS, faults: 0, cutOffUntil: null })
  })

  it('A2: list every refusal, in the language of the request', async () => {
    const test = await openTestProgram('sqlite')
    const ask = async (language: 'en' | 'zh') => {
      const viewer = { kind: 'anonymous' } as const
      const { refusalCodes } = await dataOf(test, '{ refusalCodes { code message } }', {
        viewer,
        language,
      })
      return new Map<string, string>(refusalCodes.map((it: Data) => [it.code, it.message]))
    }
    const en = await ask('en')
    const zh = await ask('zh')
    // The ledger's, the programme's, a plugin's, everybody's.
    expect(en.get('INSUFFICIENT_POINTS')).toBe('There are not enough points.')
    expect(zh.get('OUT_OF_STOCK')).toBe('该项目已兑完。')
    expect(zh.get('EMPTY')).toBe('货架已空。')
    expect(zh.get('INVALID_INPUT')).toBe('请求中有内容不正确。')
    // Other files of this worker may have brought codes of plugins that are not here.
    const inSchema = schema.getType('RefusalCode')
    if (!isEnumType(inSchema)) throw new Error('no enum RefusalCode')
    expect(inSchema.getValues().map(({ name }) => name)).toEqual(
      expect.arrayContaining([...en.keys()]),
    )
    expect([...zh.keys()]).toEqual([...en.keys()])
    for (const code of en.keys()) expect(en.get(code)).not.toBe(zh.get(code))
  })

  it('know of a request whose wallet a member’s is', async () => {
    const test = await openTestProgram('sqlite')
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    const context = openProgramContext(test.program, {
      viewer: viewerOf.storefront,
      language: 'zh',
      address: null,
      now: () => test.time.now,
      actingFor: () => 'ann',
      requestId: 'r-1',
    })
    expect(await context.findWalletOf('bob')).toBe(2)
    expect(await context.findWalletOf('zoe')).toBeUndefined()
    expect(context.requestId).toBe('r-1')
    expect(context.titleOf('cap')).toBe('上限')
  })
})
