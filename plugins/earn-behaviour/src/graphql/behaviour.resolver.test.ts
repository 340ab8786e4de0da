import {
  type Earned,
  type EarnRequest,
  openCalendar,
  type ProgramFacade,
  type Refusal,
  refuse,
} from '@pointwell/plugin'
import { checkPlugins } from '@pointwell/plugin/boot'
import { forbidden, type PluginContext } from '@pointwell/plugin/graphql'
import { type GraphQLSchema, graphql } from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { registerRefusals } from '../../../../test/support/register-refusals.js'
import { behaviour } from '../behaviour.js'
import { behaviourEvent } from '../event/behaviour-event.js'
import { behaviourMemory } from '../memory/behaviour-memory.js'
import { behaviourSettings } from '../settings/behaviour-settings.js'
import { BehaviourResolver } from './behaviour.resolver.js'

registerRefusals(behaviour)

const schema: GraphQLSchema = buildSchemaSync({ resolvers: [BehaviourResolver], validate: false })
const NOW = Date.parse('2021-05-03T12:00:00+08:00')
const balance = { available: 10, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

function earned(replayed = false): Earned {
  return {
    transaction: {
      id: '1-2',
      wallet: 1,
      version: 2,
      type: 'grant',
      reason: 'behaviour',
      before: { ...balance, available: 0 },
      balance,
      explanation: [],
      recordedAt: 0,
      effectiveAt: 0,
    } as unknown as Earned['transaction'],
    replayed,
    memberId: 'm-1',
    points: 10,
    once: 'share:a',
    details: { behaviour: 'share', left: 0, againAt: Date.parse('2021-05-04T00:00:00+08:00') },
  }
}

function programme({
  answer = earned(),
  done = {},
  language = 'en',
}: {
  answer?: Earned | Refusal
  done?: object
  language?: 'en' | 'zh'
} = {}) {
  const asked: EarnRequest[] = []
  const earn = async (request: EarnRequest) => {
    asked.push(request)
    return answer
  }
  const program: Partial<ProgramFacade> = {
    calendar: () => openCalendar('Asia/Shanghai'),
    settings: () => behaviourSettings.parse({}),
    remembered: async ({ memberId }) =>
      memberId === 'm-1' ? behaviourMemory.parse({ done }) : null,
    earn,
    earnMany: (requests) => Promise.all(requests.map(earn)),
  }
  const wallet = {
    id: 1,
    version: 2,
    balance,
    lastLot: 0,
    nextDueAt: null,
    head: '',
    memo: {},
    updatedAt: 0,
  }
  const contextValue = {
    language,
    now: () => NOW,
    program,
    ledgerReads: { findWallet: async () => wallet },
    titleOf: (word: string) => word,
    actingFor: (memberId?: string | null) => {
      if (memberId === 'm-2') throw forbidden()
      return memberId ?? 'm-1'
    },
  } as unknown as PluginContext
  return {
    asked,
    run: async (source: string) => {
      const { data, errors } = await graphql({ schema, source, contextValue })
      return { data: JSON.parse(JSON.stringify(data ?? null)), errors }
    },
  }
}

const FIELDS = `{ __typename
  ... on BehaviourRecorded { behaviour left againAt points replayed transaction { points } wallet { version } }
  ... on Refusal { code message field limit when } }`
const SHARE = 'memberId: "m-1", behaviour: "share", ref: "a"'

describe('recordBehaviour', () => {
  it('asks for the act as it was told', async () => {
    const { run, asked } = programme()
    const { data, errors } = await run(
      `mutation { recordBehaviour(input: { ${SHARE}, at: "2021-05-02T15:59:59.999Z" }) ${FIELDS} }`,
    )
    expect(errors).toBeUndefined()
    const event = { behaviour: 'share', ref: 'a', at: Date.parse('2021-05-02T15:59:59.999Z') }
    expect(asked).toEqual([{ source: 'behaviour', memberId: 'm-1', event }])
    expect(behaviourEvent.parse(asked[0]?.event)).toEqual(event)
    expect(data.recordBehaviour).toEqual({
      __typename: 'BehaviourRecorded',
      behaviour: 'share',
      left: 0,
      againAt: '2021-05-03T16:00:00.000Z',
      points: 10,
      replayed: false,
      transaction: { points: 10 },
      wallet: { version: '2' },
    })
  })

  it('is now where nobody says when', async () => {
    const { run, asked } = programme()
    await run(`mutation { a: recordBehaviour(input: { ${SHARE} }) { __typename }
      b: recordBehaviour(input: { ${SHARE}, at: null }) { __typename } }`)
    expect(asked.map(({ event }) => (event as { at: number }).at)).toEqual([NOW, NOW])
  })

  it('A2: shows a refusal with its figures, in the language of the request', async () => {
    const figures = { field: 'behaviour', limit: 3, when: Date.parse('2021-05-04T00:00:00+08:00') }
    const answer = refuse('BEHAVIOUR_LIMIT_REACHED', figures)
    const { run } = programme({ answer, language: 'zh' })
    const { data } = await run(`mutation { recordBehaviour(input: { ${SHARE} }) ${FIELDS} }`)
    expect(data.recordBehaviour).toEqual({
      __typename: 'Refusal',
      code: 'BEHAVIOUR_LIMIT_REACHED',
      message: '该行为的可得积分次数已用完。',
      field: 'behaviour',
      limit: 3,
      when: '2021-05-03T16:00:00.000Z',
    })
  })
})

describe('recordBehaviours', () => {
  it('asks for each, in order', async () => {
    const { run, asked } = programme({ answer: earned(true) })
    const { data } = await run(`mutation { recordBehaviours(input: [
      { ${SHARE} }, { memberId: "m-3", behaviour: "Not a word", ref: "b" }]) ${FIELDS} }`)
    expect(asked.map(({ memberId }) => memberId)).toEqual(['m-1', 'm-3'])
    expect(data.recordBehaviours).toMatchObject([{ replayed: true }, { replayed: true }])
  })

  it.each([0, 501])('does not take %d at once', async (count) => {
    const { run, asked } = programme()
    const list = Array.from({ length: count }, () => `{ ${SHARE} }`).join(' ')
    const { errors } = await run(`mutation { recordBehaviours(input: [${list}]) { __typename } }`)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input' })
    expect(asked).toEqual([])
  })
})

describe('behaviours', () => {
  const LIST = '{ id title points times per pointsLimit left pointsLeft againAt }'

  it('E14: is the list of a task centre, in the language of the request', async () => {
    const done = { share: { ever: [3, 30], periods: { 'd2021-05-03': [3, 30] } } }
    const { run } = programme({ done, language: 'zh' })
    const { data, errors } = await run(`{ behaviours ${LIST} }`)
    expect(errors).toBeUndefined()
    expect(data.behaviours.map(({ id }: { id: string }) => id)).toEqual([
      'sign-up',
      'complete-profile',
      'first-order',
      'favourite',
      'share',
    ])
    expect(data.behaviours.at(-1)).toEqual({
      id: 'share',
      title: '分享',
      points: 10,
      times: 3,
      per: 'DAY',
      pointsLimit: null,
      left: 0,
      pointsLeft: null,
      againAt: '2021-05-03T16:00:00.000Z',
    })
  })

  it('is null for a member that there is not', async () => {
    expect((await programme().run('{ behaviours(memberId: "m-9") { id } }')).data).toEqual({
      behaviours: null,
    })
  })

  it('A6: is not for somebody else', async () => {
    const { errors } = await programme().run('{ behaviours(memberId: "m-2") { id } }')
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('the schema', () => {
  it('A6: says of every root field who may use it', () => {
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    )
    expect(
      Object.fromEntries(fields.map(({ name, extensions }) => [name, extensions.access])),
    ).toEqual({
      behaviours: ['member', 'storefront', 'support'],
      recordBehaviour: ['storefront'],
      recordBehaviours: ['storefront'],
    })
  })

  it('G3: the plugin can be started', () => {
    expect(checkPlugins([behaviour])).toBeNull()
  })
})
