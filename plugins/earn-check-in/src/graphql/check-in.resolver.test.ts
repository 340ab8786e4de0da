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
import { buildSchemaSync, Query, Resolver } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { registerRefusals } from '../../../../test/support/register-refusals.js'
import { checkIn } from '../check-in.js'
import { checkInEvent } from '../event/check-in-event.js'
import { CheckInResolver } from './check-in.resolver.js'

registerRefusals(checkIn)

/** A schema must have a query; the programme's others are not here. */
@Resolver()
class AnyResolver {
  @Query(() => String)
  anything(): string {
    return 'anything'
  }
}

const schema: GraphQLSchema = buildSchemaSync({
  resolvers: [AnyResolver, CheckInResolver],
  validate: false,
})
const balance = { available: 25, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

function earned(replayed = false): Earned {
  return {
    transaction: {
      id: '1-2',
      wallet: 1,
      version: 2,
      type: 'grant',
      reason: 'check-in',
      before: { ...balance, available: 0 },
      balance,
      explanation: [],
      recordedAt: 0,
      effectiveAt: 0,
    } as unknown as Earned['transaction'],
    replayed,
    memberId: 'm-1',
    points: 25,
    once: '2021-05-03',
    details: { date: '2021-05-03', streak: 7, cardsLeft: 1 },
  }
}

function programme({ now, answer = earned() }: { now: string; answer?: Earned | Refusal }) {
  const asked: EarnRequest[] = []
  const program: Partial<ProgramFacade> = {
    calendar: () => openCalendar('Asia/Shanghai'),
    earn: async (request) => {
      asked.push(request)
      return answer
    },
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
    language: 'en',
    now: () => Date.parse(now),
    program,
    ledgerReads: { findWallet: async () => wallet },
    titleOf: (word: string) => word,
    actingFor: (memberId?: string | null) => {
      if (memberId && memberId !== 'm-1') throw forbidden()
      return 'm-1'
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
  ... on CheckedIn { date streak cardsLeft points replayed transaction { points } wallet { version } }
  ... on Refusal { code message field when } }`

describe('checkIn', () => {
  it('is for the day it is in the programme’s zone, whoever the member is', async () => {
    const { run, asked } = programme({ now: '2021-05-02T16:00:00Z' })
    const { data, errors } = await run(`mutation { checkIn ${FIELDS} }`)
    expect(errors).toBeUndefined()
    expect(asked).toEqual([{ source: 'check-in', memberId: 'm-1', event: { date: '2021-05-03' } }])
    expect(checkInEvent.safeParse(asked[0]?.event).success).toBe(true)
    expect(data.checkIn).toEqual({
      __typename: 'CheckedIn',
      date: '2021-05-03',
      streak: 7,
      cardsLeft: 1,
      points: 25,
      replayed: false,
      transaction: { points: 25 },
      wallet: { version: '2' },
    })
  })

  it('asks the same again the same day, so that the programme can see it is a replay', async () => {
    const morning = programme({ now: '2021-05-02T16:00:00Z' })
    const evening = programme({ now: '2021-05-03T15:59:59.999Z', answer: earned(true) })
    await morning.run('mutation { checkIn { __typename } }')
    const { data } = await evening.run('mutation { checkIn { ... on CheckedIn { replayed } } }')
    expect(data.checkIn.replayed).toBe(true)
    expect(evening.asked).toEqual(morning.asked)
  })

  it('A6: is not for somebody else', async () => {
    const { run, asked } = programme({ now: '2021-05-03T00:00:00Z' })
    const { errors } = await run('mutation { checkIn(memberId: "m-2") { __typename } }')
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(asked).toEqual([])
  })
})

describe('makeUpCheckIn', () => {
  it('asks for the missed day', async () => {
    const { run, asked } = programme({ now: '2021-05-03T00:00:00Z' })
    await run(`mutation { makeUpCheckIn(date: "2021-05-01", memberId: "m-1") ${FIELDS} }`)
    expect(asked).toEqual([
      { source: 'check-in', memberId: 'm-1', event: { date: '2021-05-01', makeUp: true } },
    ])
  })

  it('A2: shows a refusal with its figures', async () => {
    const answer = refuse('NO_MAKE_UP_CARD', { when: Date.parse('2021-05-31T16:00:00Z') })
    const { run } = programme({ now: '2021-05-03T00:00:00Z', answer })
    const { data } = await run(`mutation { makeUpCheckIn(date: "2021-05-01") ${FIELDS} }`)
    expect(data.makeUpCheckIn).toEqual({
      __typename: 'Refusal',
      code: 'NO_MAKE_UP_CARD',
      message: 'There is no make-up card left this month.',
      field: null,
      when: '2021-05-31T16:00:00.000Z',
    })
  })
})

describe('the schema', () => {
  it('A6: says of every root field who may use it', () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {})
    expect(
      Object.fromEntries(fields.map(({ name, extensions }) => [name, extensions.access])),
    ).toEqual({
      checkIn: ['member', 'storefront'],
      makeUpCheckIn: ['member', 'storefront'],
    })
  })

  it('G3: the plugin can be started', () => {
    expect(checkPlugins([checkIn])).toBeNull()
  })
})
