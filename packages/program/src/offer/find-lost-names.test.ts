import { beforeEach, describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'

const CREATE = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename
  ... on Refusal { code field detail } } }`
const UPDATE = `mutation ($input: UpdateOfferInput!) { updateOffer(input: $input) { __typename
  ... on Refusal { code field detail } } }`
const POLICY = `mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename
  ... on PolicyInvalid { faults { path message } } } }`

const amounts = { cashValue: '10.00 CNY', cost: '4.50 CNY' }
const title = { en: 'Tea', zh: '茶' }
const tier = (id: string, threshold: string) => ({ id, title, threshold })
const segment = (id: string) => ({ id, title, anyOf: [{ tiers: ['regular'] }] })
const viewer = viewerOf.operator('rules')
const badge = (id: string) => ({ id, title, goal: { type: 'orders', count: 1 } })

describe.each(availableStores().filter((it) => it !== 'memory'))(
  'M6, E1: a policy without what offers are for, on %s',
  (store) => {
    let test: TestProgram
    const first = {
      tiers: { levels: [tier('regular', '0'), tier('vip', '100')] },
      segments: { list: [segment('quiet'), segment('new')] },
      badges: [badge('first')],
    }

    beforeEach(async () => {
      test = await openTestProgram(store, { firstPolicy: first })
    })

    const offer = async (input: object) => {
      const all = { channel: 'shelf', title, ...amounts, ...input }
      const { createOffer } = await dataOf(test, CREATE, { variables: { input: all } })
      expect(createOffer).toEqual({ __typename: 'OfferSaved' })
    }
    const change = async (input: object) => {
      const { updateOffer } = await dataOf(test, UPDATE, { variables: { input } })
      expect(updateOffer).toEqual({ __typename: 'OfferSaved' })
    }
    const faultsOf = async (document: object, more: object = {}) => {
      const input = { document: { ...first, ...document }, ...more }
      const { updatePolicy } = await dataOf(test, POLICY, { viewer, variables: { input } })
      return updatePolicy.__typename === 'PolicyUpdated' ? [] : updatePolicy.faults
    }

    it('is refused by name: tiers, segments, badges', async () => {
      await offer({ id: 'a', segments: ['new', 'quiet'] })
      await offer({ id: 'b', segments: ['quiet'], tiers: ['vip'], badges: ['first'] })
      const without = {
        tiers: { levels: [tier('regular', '0')] },
        segments: { list: [segment('new')] },
        badges: [],
      }
      expect(await faultsOf(without)).toEqual([
        { path: 'tiers.levels', message: 'The tier vip is missing, which offer b is for.' },
        {
          path: 'segments.list',
          message: 'The segment quiet is missing, which offer a and 1 more is for.',
        },
        { path: 'badges', message: 'The badge first is missing, which offer b is for.' },
      ])
      expect((await dataOf(test, '{ policy { version } }', { viewer })).policy.version).toBe(1)
    })

    it('is taken where no offer that somebody may still get is for them', async () => {
      const over = '2026-02-01T00:00:00+08:00'
      await offer({ id: 'a', segments: ['quiet'] })
      await offer({ id: 'b', segments: ['quiet'], active: false })
      await offer({ id: 'c', segments: ['quiet'], window: { from: null, until: over } })
      await offer({ id: 'd', segments: ['new'] })
      const without = { segments: { list: [segment('new')] } }
      const message = (offers: string) =>
        `The segment quiet is missing, which offer ${offers} is for.`
      expect(await faultsOf(without)).toMatchObject([{ message: message('a and 1 more') }])
      // By then one of them is over.
      const later = { effectiveFrom: over }
      expect(await faultsOf(without, later)).toMatchObject([{ message: message('a') }])
      await change({ id: 'a', segments: ['new'] })
      expect(await faultsOf(without)).toMatchObject([{ message: message('c') }])
      expect(await faultsOf(without, later)).toEqual([])
      expect(await faultsOf({ segments: { list: [segment('quiet'), segment('new')] } })).toEqual([])
    })

    it('is not refused for what the version before lacked', async () => {
      const over = '2026-02-01T00:00:00+08:00'
      await offer({ id: 'c', segments: ['quiet'], window: { from: null, until: over } })
      const without = { segments: { list: [segment('new')] } }
      expect(await faultsOf(without, { effectiveFrom: over })).toEqual([])
      await change({ id: 'c', window: null })
      expect(await faultsOf(without)).toEqual([])
    })
  },
)
