import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Data,
  dataOf,
  faultOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'

const POLICY = 'version effectiveFrom document createdBy createdAt note'
const UPDATE = `mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename
  ... on PolicyUpdated { policy { ${POLICY} } }
  ... on PolicyInvalid { faults { path message } }
  ... on Refusal { code message field } } }`
const GET = `query ($at: DateTime, $version: Int) { policy(at: $at, version: $version) { ${POLICY} } }`

describe('the policy', () => {
  let test: TestProgram
  let document: Data
  const rules = viewerOf.operator('rules')

  const get = async (variables: Record<string, unknown> = {}) =>
    (await dataOf(test, GET, { variables })).policy
  const update = async (input: object, request: ProgramRequest = {}) =>
    (await dataOf(test, UPDATE, { viewer: rules, ...request, variables: { input } })).updatePolicy

  beforeEach(async () => {
    test = await openTestProgram('sqlite')
    document = (await get()).document
  })

  it('E1: is whole from the start', async () => {
    expect(await get()).toMatchObject({
      version: 1,
      effectiveFrom: '2026-01-05T04:00:00.000Z',
      createdBy: 'pointwell',
      createdAt: '2026-01-05T04:00:00.000Z',
      note: null,
    })
    expect(document).toMatchObject({
      programme: { currency: 'CNY' },
      returns: { policy: 'debt' },
      sources: { purchase: { kind: 'purchase', settings: { minorPerPoint: 100 } } },
      channels: { shelf: { settings: {} } },
    })
  })

  describe('updatePolicy', () => {
    it('E1: makes a version, in force from its time on, and keeps who and why', async () => {
      const changed = { ...document, returns: { policy: 'pending-only' } }
      const now = await update({ document: changed, baseVersion: 1, note: 'why' })
      expect(now).toEqual({
        __typename: 'PolicyUpdated',
        policy: {
          version: 2,
          effectiveFrom: '2026-01-05T04:00:00.000Z',
          document: changed,
          createdBy: 'rosa',
          createdAt: '2026-01-05T04:00:00.000Z',
          note: 'why',
        },
      })
      const effectiveFrom = '2026-01-06T12:00:00+08:00'
      expect(await update({ document, effectiveFrom })).toMatchObject({ policy: { version: 3 } })
      expect(await get()).toMatchObject({ version: 2, document: changed })
      test.time.now += DAY_MS
      expect(await get()).toMatchObject({ version: 3, document, note: null })
      expect(await get({ at: '2026-01-06T03:59:59.999Z' })).toMatchObject({ version: 2 })
      expect(await get({ at: '2020-01-01T00:00:00Z' })).toMatchObject({ version: 1 })
      expect(await get({ version: 2, at: '2020-01-01T00:00:00Z' })).toMatchObject({ version: 2 })
    })

    it('E1: names every fault of a bad document by its path, and changes nothing', async () => {
      const bad = {
        ...document,
        returns: { policy: 'never' },
        sources: {
          ...document.sources,
          purchase: { kind: 'gone', settings: { minorPerPoint: -1 } },
        },
        colour: 'red',
      }
      const answer = await update({ document: bad, note: 'x'.repeat(501) })
      expect(answer.__typename).toBe('PolicyInvalid')
      const paths = answer.faults.map(({ path }: Data) => path)
      expect(paths.toSorted()).toEqual([
        'colour',
        'note',
        'returns.policy',
        'sources.purchase.kind',
        'sources.purchase.settings.minorPerPoint',
      ])
      for (const { message } of answer.faults) expect(message).not.toBe('')
      expect((await get()).version).toBe(1)
    })

    it.each<[string, object, string]>([
      ['no document', { document: 'x' }, ''],
      ['a list', { document: [] }, ''],
      ['a beginning in the past', { effectiveFrom: '2026-01-01T00:00:00Z' }, 'effectiveFrom'],
      [
        'a kind there is not',
        { document: { sources: { bell: { kind: 'gold' } } } },
        'sources.bell.kind',
      ],
    ])('names the fault of %s', async (_, input, path) => {
      expect(await update({ document: {}, ...input })).toMatchObject({
        __typename: 'PolicyInvalid',
        faults: [{ path }],
      })
    })

    it('A2: refuses a change made from an older version, in the language of the request', async () => {
      await update({ document, baseVersion: 1 })
      expect(await update({ document, baseVersion: 1 }, { language: 'zh' })).toEqual({
        __typename: 'Refusal',
        code: 'POLICY_CONFLICT',
        message: '规则已被他人修改，请重新查看后再改。',
        field: 'baseVersion',
      })
    })
  })

  it('can be looked at version by version, the newest first', async () => {
    for (const note of ['a', 'b']) await update({ document, note })
    const page = `query ($first: Int!, $after: String) { policies(first: $first, after: $after) {
      nodes { version note } pageInfo { hasNextPage endCursor } } }`
    const { policies } = await dataOf(test, page, { variables: { first: 2 } })
    expect(policies.nodes).toEqual([
      { version: 3, note: 'b' },
      { version: 2, note: 'a' },
    ])
    expect(policies.pageInfo.hasNextPage).toBe(true)
    const after = policies.pageInfo.endCursor
    const rest = await dataOf(test, page, { variables: { first: 2, after } })
    expect(rest.policies).toMatchObject({
      nodes: [{ version: 1 }],
      pageInfo: { hasNextPage: false },
    })
    for (const [variables, field] of [
      [{ first: 0 }, 'first'],
      [{ first: 1, after: 'x' }, 'after'],
    ] as const) {
      expect(await faultOf(test, page, { variables })).toEqual({ code: 'BAD_USER_INPUT', field })
    }
  })

  it('is a fault to ask for by a version there is not', async () => {
    expect(await faultOf(test, GET, { variables: { version: 9 } })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'version',
    })
  })

  it('G2: comes with a schema that holds the plugins’ settings', async () => {
    const { policySchema } = await dataOf(test, '{ policySchema }')
    expect(policySchema).toMatchObject({ type: 'object' })
    const { sources, channels } = policySchema.properties
    expect(sources.properties.purchase.properties.settings.properties).toHaveProperty(
      'minorPerPoint',
    )
    expect(channels.properties).toHaveProperty('shelf')
    expect(Object.keys(policySchema.properties).toSorted()).toEqual(
      Object.keys(document).toSorted(),
    )
  })
})
