import { describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { openShop, type Shop } from '../support/shop.js'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const RECORD = `mutation ($input: [RecordBehaviourInput!]!) { recordBehaviours(input: $input) {
  ... on BehaviourRecorded { points left againAt replayed transaction { id explanation { step title points figures } } }
  ... on Refusal { code field limit available when } } }`
const BEHAVIOURS = `query ($memberId: ID) { behaviours(memberId: $memberId) { id title points per left againAt } }`
const LOTS = `query ($id: ID!) { member(id: $id) { wallet { balance { available }
  lots { nodes { kind source granted expiresAt } } } } }`

interface Act {
  readonly memberId?: string
  readonly behaviour: string
  readonly ref: string
  readonly at?: string
}

async function openTown(store: 'sqlite' | 'mysql', firstPolicy: object = {}) {
  const shop = await openShop(store, firstPolicy)
  await shop.register('ann', 'bob')
  const ask = async (server: number, query: string, variables: Record<string, unknown> = {}) => {
    const chosen = shop.servers[server % 2]!
    const token = await chosen.token('storefront')
    const { data, errors } = await chosen.ask(query, { token, variables })
    expect(errors).toBeUndefined()
    return Object.values(data)[0] as Data
  }
  return {
    shop,
    ask,
    record: (server: number, ...acts: Act[]): Promise<Data[]> =>
      ask(server, RECORD, { input: acts.map((act) => ({ memberId: 'ann', ...act })) }),
  }
}

const iso = (at: number) => new Date(at).toISOString()
const available = async (shop: Shop) => (await shop.balance('ann')).available

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'E6: behaviours through the front door, on %s',
  (store) => {
    it('earn what the policy says, each with its own answer, and are explained', async () => {
      const { shop, ask, record } = await openTown(store as 'sqlite')
      try {
        const answers = await record(
          0,
          { behaviour: 'sign-up', ref: '1' },
          { behaviour: 'sign-up', ref: '2' },
          { behaviour: 'gone', ref: '1' },
          { behaviour: 'Not a word', ref: '1' },
          { behaviour: 'share', ref: 'a', at: iso(NOON + HOUR_MS) },
          { behaviour: 'share', ref: 'a', at: iso(NOON - 400 * DAY_MS) },
          { memberId: 'nobody', behaviour: 'share', ref: 'a' },
          { behaviour: 'share', ref: 'b', at: iso(NOON - 5 * DAY_MS) },
          { behaviour: 'share', ref: 'c' },
        )
        expect(answers.map(({ code, points, field }) => [code ?? points, field])).toEqual([
          [1_000, undefined],
          ['BEHAVIOUR_LIMIT_REACHED', 'behaviour'],
          ['BEHAVIOUR_NOT_FOUND', 'behaviour'],
          ['INVALID_INPUT', 'behaviour'],
          ['EVENT_IN_FUTURE', 'at'],
          ['EVENT_TOO_OLD', 'at'],
          ['MEMBER_NOT_FOUND', 'memberId'],
          ['BEHAVIOUR_TOO_LATE', 'at'],
          [10, undefined],
        ])
        expect(answers[0].transaction.explanation).toEqual([
          {
            step: 'behaviour',
            title: 'Behaviour',
            points: '1000',
            figures: { behaviour: 'sign-up', title: { en: 'Sign up', zh: '注册' } },
          },
        ])
        // X2: welcome points six months, points of tasks three, to the end of the month.
        const { wallet } = await ask(1, LOTS, { id: 'ann' })
        expect(wallet.balance.available).toBe(1_010)
        expect(
          wallet.lots.nodes
            .map(({ kind, source, expiresAt }: Data) => [kind, source, expiresAt])
            .toSorted(),
        ).toEqual([
          ['task', 'behaviour', '2026-04-30T16:00:00.000Z'],
          ['task', 'behaviour', '2026-07-31T16:00:00.000Z'],
        ])
      } finally {
        await shop.close()
      }
    })

    it('L4: the same act again is the first one, at any time and from any server', async () => {
      const { shop, record } = await openTown(store as 'sqlite')
      try {
        const act = { behaviour: 'sign-up', ref: '1' }
        const [first] = await record(0, act)
        shop.setTime(NOON + 10 * DAY_MS)
        const [again] = await record(1, act)
        expect(again).toEqual({ ...first, replayed: true })
        expect(await available(shop)).toBe(1_000)
      } finally {
        await shop.close()
      }
    })

    it('the limit holds to the act when two servers are told of many at once', async () => {
      const { shop, record } = await openTown(store as 'sqlite')
      try {
        const acts = Array.from({ length: 24 }, (_, n) => ({ behaviour: 'share', ref: `a${n}` }))
        const answers = (
          await Promise.all([
            ...acts.map((act, n) => record(n, act)),
            // Each is told of to the other server as well.
            ...acts.map((act, n) => record(n + 1, act)),
          ])
        ).flat()
        const granted = answers.filter(({ code }) => code === undefined)
        expect(new Set(granted.map(({ transaction }) => transaction.id)).size).toBe(3)
        expect(granted.filter(({ replayed }) => !replayed)).toHaveLength(3)
        const refused = answers.filter(({ code }) => code !== undefined)
        expect(new Set(refused.map(({ code, when }) => `${code} ${when}`))).toEqual(
          new Set(['BEHAVIOUR_LIMIT_REACHED 2026-01-05T16:00:00.000Z']),
        )
        expect(await available(shop)).toBe(30)
        shop.setTime(Date.parse('2026-01-05T16:00:00Z'))
        expect((await record(0, { behaviour: 'share', ref: 'new' }))[0].points).toBe(10)
      } finally {
        await shop.close()
      }
    })

    it('E14: a member sees what is left, and an operator’s change at once', async () => {
      const { shop, ask, record } = await openTown(store as 'sqlite')
      try {
        await record(0, { behaviour: 'sign-up', ref: '1' }, { behaviour: 'share', ref: 'a' })
        const [server] = shop.servers
        const token = await server!.token('member', { subject: 'ann' })
        const seen = async () =>
          (await server!.ask(BEHAVIOURS, { token })).data?.behaviours as Data[]
        expect((await seen()).map(({ id, left, per }) => [id, left, per])).toEqual([
          ['complete-profile', 1, 'EVER'],
          ['first-order', 1, 'EVER'],
          ['share', 2, 'DAY'],
          ['favourite', 5, 'DAY'],
          ['sign-up', 0, 'EVER'],
        ])
        expect(await ask(0, BEHAVIOURS, { memberId: 'nobody' })).toBeNull()
        expect((await ask(0, BEHAVIOURS, { memberId: 'bob' })).at(0)).toMatchObject({
          id: 'sign-up',
          left: 1,
        })

        const rules = await server!.token('operator', { roles: ['rules'] })
        const update = (behaviours: object) =>
          server!.ask(
            `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
              ... on PolicyInvalid { faults { path message } } } }`,
            {
              token: rules,
              variables: { document: { sources: { behaviour: { settings: { behaviours } } } } },
            },
          )
        const title = { en: 'Water a tree', zh: '浇水' }
        const bad = await update({ water: { title, points: 3, kind: 'gone' } })
        expect(JSON.stringify(bad)).toContain('sources.behaviour.settings.behaviours.water.kind')
        expect(
          (await update({ water: { title, points: 3, times: 2, per: 'week' } })).errors,
        ).toBeUndefined()
        expect(await seen()).toEqual([
          { id: 'water', title: 'Water a tree', points: 3, per: 'WEEK', left: 2, againAt: null },
        ])
        const [watered, shared] = await record(
          0,
          { behaviour: 'water', ref: '1' },
          { behaviour: 'share', ref: 'b' },
        )
        expect(watered).toMatchObject({ points: 3, left: 1 })
        expect(shared).toMatchObject({ code: 'BEHAVIOUR_NOT_FOUND' })
      } finally {
        await shop.close()
      }
    })

    it('X1: an expiry of its own goes before the kind’s', async () => {
      const title = { en: 'It', zh: '它' }
      const { shop, ask, record } = await openTown(store as 'sqlite', {
        sources: {
          behaviour: {
            kind: 'campaign',
            settings: {
              behaviours: {
                own: { title, points: 5, expiry: { term: 'days', days: 2 } },
                kinds: { title, points: 7 },
                never: { title, points: 9, kind: 'base', expiry: { term: 'never' } },
              },
            },
          },
        },
      })
      try {
        await record(
          0,
          { behaviour: 'own', ref: '1' },
          { behaviour: 'kinds', ref: '1' },
          { behaviour: 'never', ref: '1' },
        )
        const { wallet } = await ask(0, LOTS, { id: 'ann' })
        const byPoints = Object.fromEntries(
          wallet.lots.nodes.map(({ granted, kind, expiresAt }: Data) => [
            granted,
            [kind, expiresAt],
          ]),
        )
        expect(byPoints).toEqual({
          5: ['campaign', '2026-01-07T16:00:00.000Z'],
          7: ['campaign', '2026-02-28T16:00:00.000Z'],
          9: ['base', null],
        })
      } finally {
        await shop.close()
      }
    })
  },
)
