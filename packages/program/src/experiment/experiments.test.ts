import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import { assignVariant } from './assign-variant.js'

const OFFER = `query ($memberId: ID) { offer(id: "tea", memberId: $memberId) { price
  pricing { byExperiment { experiment variants { variant factor byHand byStock { factor } } } } } }`
const QUOTE = `mutation ($memberId: ID!) { quote(offerId: "tea", memberId: $memberId) {
  ... on Quote { id points explanation { step points figures } } } }`
const HISTORY = `query ($id: ID!) { member(id: $id) { id variants { experiment variant } wallet {
  transactions(first: 50) { nodes { type variants { experiment variant } } } } } }`
const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename ... on PolicyInvalid { faults { path } } } }`
const TRY = `mutation ($price: OfferPriceInput!) { updateOffer(input: { id: "tea", price: $price }) {
  __typename ... on Refusal { code field detail } } }`
const RESULTS = `query ($of: ID!, $offerId: ID, $channel: ID) {
  surveyResults(from: "2026-01-01", to: "2026-12-31", offerId: $offerId, channel: $channel) {
    count fulfilled byVariant(experiment: $of) {
      variant count mean distribution { score answers } fulfilled answeredShare } } }`
const ANSWER = `mutation ($input: AnswerSurveyInput!) { answerSurvey(input: $input) { __typename } }`

const title = { en: 'x', zh: 'x' }
const from = new Date(MONDAY_NOON).toISOString()
const halves = {
  id: 'price',
  title,
  from,
  variants: [
    { id: 'plain', share: '0.5' },
    { id: 'dear', share: '0.3' },
  ],
}
const MEMBERS = Array.from({ length: 12 }, (_, n) => `m-${n}`)

async function open(
  store: StoreName,
  { experiments = [halves] as object[], price = {} as object, policy = {} as object } = {},
) {
  const channel = scriptedChannel({
    fulfil: async (id) => ({ outcome: 'fulfilled', receipt: { id } }),
    cancel: async () => 'cancelled',
  })
  const test = await openTestProgram(store, {
    plugins: [shop, channel],
    firstPolicy: { pricing: { closedLoopRatio: '100' }, experiments, ...policy },
  })
  const { program, time } = test
  await program.members.registerMany(MEMBERS.map((id) => ({ id })))
  for (const memberId of MEMBERS) {
    const lines = [{ id: '1', quantity: 1, priceMinor: 100_000_00 }]
    const event = { orderId: memberId, at: time.now, lines }
    assertDone(await program.earn({ source: 'purchase', memberId, event }))
  }
  const offer = { channel: 'shelf', title, cashValue: '10.00 CNY', stock: { total: 1_000 } }
  for (const id of ['tea', 'cup']) {
    assertDone(await program.offers.create({ ...offer, id, ...(id === 'tea' && { price }) }))
  }
  return test
}

/** By the wallets' numbers, which are those of the members in their order. */
const variantOf = (memberId: string, experiment: object = halves) =>
  assignVariant(experiment as never, MEMBERS.indexOf(memberId) + 1)
const membersIn = (variant: string | null) => MEMBERS.filter((id) => variantOf(id) === variant)

let keys = 0
async function redeem({ program }: TestProgram, memberId: string, offerId = 'tea') {
  const request = { memberId, offerId, idempotencyKey: `k${keys++}` }
  const redemption = await program.redemptions.redeem(request)
  assertDone(redemption)
  return redemption
}
const shown = async (test: TestProgram, memberId: string | null = null): Promise<number> =>
  Number((await dataOf(test, OFFER, { variables: { memberId } })).offer.price)
/** What the page shows, what is promised, and what is taken: all the same. */
async function priceOf(test: TestProgram, memberId: string): Promise<number> {
  const price = await shown(test, memberId)
  const { quote } = await dataOf(test, QUOTE, { variables: { memberId } })
  expect(Number(quote.points)).toBe(price)
  const quoted = await test.program.redemptions.redeem({ memberId, quoteId: quote.id })
  assertDone(quoted)
  expect(quoted.points).toBe(price)
  expect((await redeem(test, memberId)).points).toBe(price)
  return price
}
async function change(test: TestProgram, experiments: readonly object[]): Promise<void> {
  const variables = { document: { pricing: { closedLoopRatio: '100' }, experiments } }
  expect((await dataOf(test, UPDATE, { variables })).updatePolicy.__typename).toBe('PolicyUpdated')
  test.time.now += 1
}
const historyOf = async (test: TestProgram, id: string, viewer = viewerOf.storefront) =>
  (await dataOf(test, HISTORY, { viewer, variables: { id } })).member

it('the members of these tests are in all there is to be in', () => {
  for (const variant of ['plain', 'dear', null]) {
    expect(membersIn(variant).length, `${variant}`).toBeGreaterThan(0)
  }
})

describe.each(availableStores())('on %s', (store) => {
  it('R3: a price by experiment is each variant’s own, shown, promised and taken', async () => {
    const byExperiment = {
      experiment: 'price',
      variants: [
        { variant: 'plain', factor: '0.9' },
        { variant: 'dear', byHand: 1_234 },
      ],
    }
    const test = await open(store, { price: { byExperiment } })
    const price: Record<string, number> = { plain: 900, dear: 1_234, null: 1_000 }
    for (const id of MEMBERS) expect(await priceOf(test, id)).toBe(price[`${variantOf(id)}`])
    // Somebody who is not known is in no experiment.
    expect(await shown(test)).toBe(1_000)
    const [plain] = membersIn('plain')
    const { quote } = await dataOf(test, QUOTE, { variables: { memberId: plain } })
    expect(quote.explanation.at(-1)).toEqual({
      step: 'price-experiment',
      points: '-100',
      figures: { experiment: 'price', variant: 'plain', factor: '0.9' },
    })
    const { offer } = await dataOf(test, OFFER)
    expect(offer.pricing.byExperiment).toEqual({
      experiment: 'price',
      variants: [
        { variant: 'plain', factor: '0.9', byHand: null, byStock: null },
        { variant: 'dear', factor: '1', byHand: 1_234, byStock: null },
      ],
    })
  })

  it('R3: an operator tries a price by GraphQL; null says no more than leaving it out', async () => {
    const test = await open(store)
    const nothing = { factor: null, byHand: null, byStock: null }
    const variants = [
      { variant: 'plain', ...nothing },
      { variant: 'dear', ...nothing, factor: '1.5' },
    ]
    const price = { byExperiment: { experiment: 'price', variants } }
    const { updateOffer } = await dataOf(test, TRY, { variables: { price } })
    expect(updateOffer).toEqual({ __typename: 'OfferSaved' })
    const seen = await Promise.all(['plain', 'dear'].map((it) => shown(test, membersIn(it)[0])))
    expect(seen).toEqual([1_000, 1_500])
    const over = { byExperiment: null }
    const ended = await dataOf(test, TRY, { variables: { price: over } })
    expect(ended.updateOffer).toEqual({ __typename: 'OfferSaved' })
    expect(await shown(test, membersIn('dear')[0])).toBe(1_000)
  })

  it('T1: a fixed price against one that follows the stock', async () => {
    const byStock = [{ leftAtMost: '1', factor: '1.5' }]
    const byExperiment = {
      experiment: 'price',
      variants: [{ variant: 'plain', byStock: [] }, { variant: 'dear' }],
    }
    const test = await open(store, { price: { byStock, byExperiment } })
    const seen = await Promise.all(
      ['plain', 'dear', null].map((it) => shown(test, membersIn(it)[0])),
    )
    expect(seen).toEqual([1_000, 1_500, 1_500])
    const other = {
      experiment: 'price',
      variants: [{ variant: 'dear', byStock: [{ leftAtMost: '0.999', factor: '2' }] }],
    }
    const { program } = test
    assertDone(await program.offers.update({ id: 'tea', price: { byExperiment: other } }))
    const dear = membersIn('dear')[0]!
    expect(await shown(test, dear)).toBe(1_000)
    expect((await redeem(test, dear)).points).toBe(1_000)
    expect(await shown(test, dear)).toBe(2_000)
    expect((await redeem(test, dear)).points).toBe(2_000)
    expect(await shown(test, membersIn('plain')[0])).toBe(1_000)
  })

  it('T1: begins, ends, is stopped and rolled out, while the programme runs', async () => {
    const until = new Date(MONDAY_NOON + DAY_MS).toISOString()
    const bounded = { ...halves, from: new Date(MONDAY_NOON + HOUR_MS).toISOString(), until }
    const byExperiment = { experiment: 'price', variants: [{ variant: 'dear', byHand: 7 }] }
    const test = await open(store, { experiments: [bounded], price: { byExperiment } })
    const [dear, plain] = [membersIn('dear')[0]!, membersIn('plain')[0]!]
    const both = async () => [await shown(test, dear), await shown(test, plain), await shown(test)]
    expect(await both()).toEqual([1_000, 1_000, 1_000])
    test.time.now = MONDAY_NOON + HOUR_MS
    expect(await both()).toEqual([7, 1_000, 1_000])
    test.time.now = MONDAY_NOON + DAY_MS
    expect(await both()).toEqual([1_000, 1_000, 1_000])
    await change(test, [{ ...bounded, rolledOut: 'dear' }])
    expect(await both()).toEqual([7, 7, 7])
    // It is over: nobody is in it any more.
    await redeem(test, dear)
    const { variants, wallet } = await historyOf(test, dear)
    expect([variants, wallet.transactions.nodes[0].variants]).toEqual([[], []])
    await change(test, [])
    expect(await both()).toEqual([1_000, 1_000, 1_000])
  })

  it('T1: a member’s variants are on every transaction, also on those that come by themselves', async () => {
    const second = { ...halves, id: 'colour', variants: [{ id: 'red', share: '1' }] }
    const kinds = { purchase: { title, expiry: { term: 'days', days: 1 } } }
    const policy = {
      kinds,
      sources: { purchase: { kind: 'purchase' } },
      adjustments: { kind: null },
    }
    const test = await open(store, { experiments: [halves, second], policy })
    for (const id of MEMBERS) {
      const { id: redemption } = await redeem(test, id)
      assertDone(await test.program.redemptions.cancel(redemption))
    }
    test.time.now += 3 * DAY_MS
    await test.ledger.sweep(1_000)
    for (const id of MEMBERS) {
      const variant = variantOf(id)
      const variants = [
        { experiment: 'colour', variant: 'red' },
        ...(variant === null ? [] : [{ experiment: 'price', variant }]),
      ]
      const member = await historyOf(test, id)
      expect(member.variants).toEqual(variants)
      const { nodes } = member.wallet.transactions
      expect(nodes.map(({ type }: Data) => type)).toEqual(
        expect.arrayContaining(['GRANT', 'HOLD', 'CAPTURE', 'REFUND', 'EXPIRE']),
      )
      for (const node of nodes) expect(node).toEqual({ type: node.type, variants })
    }
    // And figures are counted by them.
    const figures = await test.ledger.store.sumFigures({
      from: 0,
      until: test.time.now + 1,
      under: 'issued:',
    })
    const byVariant = new Map<string, number>()
    for (const { labels, transactions } of figures) {
      const variant = labels['experiment:price'] ?? 'none'
      byVariant.set(variant, (byVariant.get(variant) ?? 0) + transactions)
    }
    const wanted = ['plain', 'dear', null].map((it) => [it ?? 'none', membersIn(it).length])
    expect(Object.fromEntries(byVariant)).toEqual(Object.fromEntries(wanted))
  })

  it('R13: survey results by experiment are those of the redemptions in each variant', async () => {
    const test = await open(store)
    const act = fc.record({
      member: fc.constantFrom(...MEMBERS),
      offerId: fc.constantFrom('tea', 'cup'),
      score: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    })
    const told: { variant: string | null; offerId: string; score: number | null }[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
        for (const { member, offerId, score } of acts) {
          const { id } = await redeem(test, member, offerId)
          told.push({ variant: variantOf(member), offerId, score })
          if (score === null) continue
          const variables = { input: { redemptionId: id, score } }
          await dataOf(test, ANSWER, { variables })
        }
        for (const of of [{}, { offerId: 'tea' }, { channel: 'shelf' }] as Data[]) {
          const variables = { of: 'price', ...of }
          const { byVariant, ...all } = (await dataOf(test, RESULTS, { variables })).surveyResults
          const mine = told.filter((it) => !of.offerId || it.offerId === of.offerId)
          expect(all.fulfilled).toBe(mine.length)
          expect(byVariant.map(({ variant }: Data) => variant)).toEqual(['plain', 'dear'])
          for (const { variant, mean, distribution, ...result } of byVariant) {
            const its = mine.filter((it) => it.variant === variant)
            const scores = its.flatMap(({ score }) => score ?? [])
            const share = its.length > 0 ? scores.length / its.length : null
            expect(result).toMatchObject({ count: scores.length, fulfilled: its.length })
            expect(distribution.map((it: Data) => it.answers)).toEqual(
              [1, 2, 3, 4, 5].map((score) => scores.filter((it) => it === score).length),
            )
            const sum = scores.reduce((all, it) => all + it, 0)
            if (scores.length === 0) expect(mean).toBeNull()
            else expect(Number(mean)).toBeCloseTo(sum / scores.length, 3)
            if (share === null) expect(result.answeredShare).toBeNull()
            else expect(Number(result.answeredShare)).toBeCloseTo(share, 3)
          }
        }
      }),
      { numRuns: 5 },
    )
    // Once the policy has it no more, what was answered still tells.
    const answered = new Set(told.flatMap((it) => (it.score === null ? [] : (it.variant ?? []))))
    await change(test, [])
    const gone = (await dataOf(test, RESULTS, { variables: { of: 'price' } })).surveyResults
    expect(gone.byVariant.map(({ variant }: Data) => variant)).toEqual([...answered].sort())
    const none = (await dataOf(test, RESULTS, { variables: { of: 'unknown' } })).surveyResults
    expect(none.byVariant).toEqual([])
  })

  it('is the same member’s on another server, and after a merge the survivor’s', async () => {
    const test = await open(store)
    const [plain, dear] = [membersIn('plain')[0]!, membersIn('dear')[0]!]
    const merged = await test.program.merges.merge({
      from: dear,
      into: plain,
      reason: 'one person',
      idempotencyKey: 'm',
      by: 'ada',
    })
    assertDone(merged)
    const survivor = [{ experiment: 'price', variant: 'plain' }]
    expect((await historyOf(test, dear)).variants).toEqual(survivor)
    await redeem(test, dear)
    const { wallet } = await historyOf(test, plain)
    expect(wallet.transactions.nodes[0].variants).toEqual(survivor)
  })

  it.each<[string, object, string]>([
    [
      'an experiment that is none',
      { experiment: 'x', variants: [{ variant: 'plain' }] },
      'experiment',
    ],
    [
      'a variant that is none',
      { experiment: 'price', variants: [{ variant: 'x' }] },
      'variants.0.variant',
    ],
    ['no variant', { experiment: 'price', variants: [] }, 'variants'],
    [
      'a variant twice',
      { experiment: 'price', variants: [{ variant: 'dear' }, { variant: 'dear', byHand: 4 }] },
      'variants',
    ],
    [
      'a price below 1',
      { experiment: 'price', variants: [{ variant: 'dear', byHand: 0 }] },
      'variants.0.byHand',
    ],
    [
      'a price below the floor',
      { experiment: 'price', variants: [{ variant: 'dear', byHand: 4 }] },
      'variants.0.byHand',
    ],
    [
      'a negative factor',
      { experiment: 'price', variants: [{ variant: 'dear', factor: '-1' }] },
      'variants.0.factor',
    ],
  ])('R3: an offer is refused %s', async (_, byExperiment, field) => {
    const { program } = await open(store)
    const answer = await program.offers.update({
      id: 'tea',
      price: { floor: 5, byExperiment },
    } as never)
    expect(answer).toMatchObject({ code: 'INVALID_INPUT' })
    expect(isRefusal(answer) && answer.figures.field).toBe(`price.byExperiment.${field}`)
    const kept = await program.offers.find('tea')
    expect(kept).toMatchObject({ version: 1, price: { byExperiment: null } })
  })

  it('R3: a curve in a trial needs a stock, as any', async () => {
    const { program } = await open(store)
    const byStock = [{ leftAtMost: '0.5', factor: '2' }]
    const byExperiment = { experiment: 'price', variants: [{ variant: 'dear', byStock }] }
    const stock = { total: null }
    const answer = await program.offers.update({ id: 'tea', stock, price: { byExperiment } })
    expect(isRefusal(answer) && answer.figures.field).toBe('price.byExperiment.variants.0.byStock')
  })

  it.each<[string, object[], string]>([
    ['two of one name', [halves, halves], 'experiments.1.id'],
    [
      'two variants of one name',
      [{ ...halves, variants: [halves.variants[0]!, halves.variants[0]!] }],
      'experiments.0.variants.1.id',
    ],
    [
      'shares above all',
      [{ ...halves, variants: [halves.variants[0]!, { id: 'x', share: '0.500001' }] }],
      'experiments.0.variants',
    ],
    ['no variant', [{ ...halves, variants: [] }], 'experiments.0.variants'],
    ['a variant that is none', [{ ...halves, rolledOut: 'x' }], 'experiments.0.rolledOut'],
    ['an end before it begins', [{ ...halves, until: from }], 'experiments.0.until'],
    [
      'a share that is finer than a millionth',
      [{ ...halves, variants: [{ id: 'x', share: '0.0000001' }] }],
      'experiments.0.variants.0.share',
    ],
  ])('T1: a policy is refused %s', async (_, experiments, field) => {
    const test = await open(store)
    const variables = { document: { experiments } }
    const { updatePolicy } = await dataOf(test, UPDATE, { variables })
    expect(updatePolicy).toEqual({ __typename: 'PolicyInvalid', faults: [{ path: field }] })
  })
})
