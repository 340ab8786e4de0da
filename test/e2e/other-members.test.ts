import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { buildSchema, loadConfig } from '@pointwell/server'
import { getNamedType, isNonNullType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everythingOf } from '../support/everything-of.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const { plugins } = await loadConfig(undefined)
const schema = buildSchema(plugins)

/** Arguments that say which one is asked for. */
const NAMES = ['id', 'offerId']

/** Fields within objects that not everybody may read who may read the object. By hand, like the table
 * of root fields: a field that is not here fails the test. */
const CONFIDANTS = ['member', 'storefront', 'support', 'admin']
const COST_READERS = ['rules', 'finance', 'admin']
const OPERATORS = ['viewer', 'support', 'rules', 'finance', 'admin']
const GUARDED: Record<string, readonly string[]> = {
  'Freeze.by': OPERATORS,
  'Freeze.reason': OPERATORS,
  'Game.cost': COST_READERS,
  'Member.consent': CONFIDANTS,
  'Member.identities': CONFIDANTS,
  'Member.messages': CONFIDANTS,
  'Member.rfm': ['storefront', ...OPERATORS],
  'Member.segments': ['storefront', ...OPERATORS],
  'Member.variants': ['storefront', ...OPERATORS],
  'Offer.cost': COST_READERS,
  'Offer.paidBy': COST_READERS,
  'Offer.pricing': COST_READERS,
  'PointValue.proposal': OPERATORS,
  'Redemption.receipt': CONFIDANTS,
  'Redemption.survey': CONFIDANTS,
  'Transaction.variants': ['storefront', ...OPERATORS],
  // A moderator’s words to the shop: `admin` may what any operator may.
  'Review.removedBecause': ['storefront', 'support', 'rules', 'admin'],
}

describe('A6: what is another member’s', () => {
  let server: TestServer
  let redemptionId: string
  let couponCode: string
  let lotId: string
  let quoteId: string
  let playId: string
  const secrets = () => [
    'm-2',
    'ORDER-OF-M2',
    '13900000002',
    redemptionId,
    couponCode,
    lotId,
    playId,
  ]
  const tokenOf = (name: string) =>
    ['member', 'storefront', 'partner'].includes(name)
      ? server.token(name as Exclude<Viewer['kind'], 'anonymous'>, {
          subject: name === 'member' ? 'm-1' : name,
        })
      : server.token('operator', { roles: [name as OperatorRole] })
  const ask = async (role: string, query: string, variables: Record<string, unknown> = {}) =>
    server.ask(query, { token: await tokenOf(role), variables })

  beforeAll(async () => {
    server = await startTestServer({
      jobs: false,
      // The clock stands still, so all of it is asked for within a minute.
      rates: { member: 0 },
      limits: {
        depth: 40,
        fields: 100_000,
        aliases: 100_000,
        tokens: 1e6,
        queryCharacters: 1e7,
        cost: 1e12,
      },
    })
    await ask(
      'rules',
      `mutation { createOffer(input: { id: "there", channel: "coupon", title: { en: "Ten off", zh: "减十元" }
        cashValue: "10.00 CNY", cost: "9.00 CNY", paidBy: "marketing"
        details: { type: "direct-deduction", offMinor: 1000 } }) { __typename } }`,
    )
    await ask(
      'storefront',
      `mutation { registerMembers(input: [{ id: "m-1" }
        { id: "m-2", identities: [{ kind: "phone", value: "13900000002" }] }]) { ... on Refusal { code field } } }`,
    )
    const order = (orderId: string, memberId: string) => ({
      memberId,
      orderId,
      at: '2026-01-05T03:00:00Z',
      currency: 'CNY',
      confirmed: true,
      lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '3000' }],
    })
    await ask(
      'storefront',
      `mutation ($input: [RecordPurchaseInput!]!) { recordPurchases(input: $input) { __typename } }`,
      { input: [order('ORDER-OF-M1', 'm-1'), order('ORDER-OF-M2', 'm-2')] },
    )
    const redeemed = await ask(
      'storefront',
      `mutation { redeem(input: { memberId: "m-2", offerId: "there", idempotencyKey: "k-of-m2" }) {
        ... on Redemption { id receipt } ... on Refusal { code } }
        quote(memberId: "m-2", offerId: "there") { ... on Quote { id } } }`,
    )
    redemptionId = redeemed.data.redeem.id
    couponCode = redeemed.data.redeem.receipt.code
    quoteId = redeemed.data.quote.id
    await ask(
      'rules',
      `mutation { createOffer(input: { id: "lucky", channel: "game", title: { en: "Luck", zh: "运气" }
        cashValue: "1.00 CNY", price: { byHand: 1 } details: { type: "draw", budget: { points: 9 }
        prizes: [{ id: "one", title: { en: "One", zh: "一" }, points: 1 }] } }) { ... on Refusal { code field } } }`,
    )
    const played = await ask(
      'storefront',
      `mutation { playGame(input: { memberId: "m-2", offerId: "lucky", idempotencyKey: "p-of-m2" }) {
        ... on GamePlayed { redemptionId } ... on Refusal { code } } }`,
    )
    playId = played.data.playGame.redemptionId
    const lots = '{ member(id: "m-2") { wallet { lots(open: false) { nodes { id } } } } }'
    lotId = (await ask('storefront', lots)).data.member.wallet.lots.nodes[0].id
  })
  afterAll(() => server.close())

  it('is nowhere in what a member can read, however much it asks for', async () => {
    const open = Object.values(schema.getQueryType()!.getFields()).filter(({ extensions }) =>
      (extensions.access as string[]).some((word) => word === 'member' || word === 'anyone'),
    )
    const wantsMore = (field: (typeof open)[number]) =>
      field.args.some(
        ({ name, type, defaultValue }) =>
          !NAMES.includes(name) && isNonNullType(type) && defaultValue === undefined,
      )
    // What a basket could be paid with, or an order would earn, says nothing of any other, and whom it is for is the access test's.
    // Goods of another member are the business of goods.test.ts, entities that of federation.test.ts.
    expect(
      open
        .filter(wantsMore)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['_entities', 'earnPreview', 'pointsAtCheckout', 'shipment'])
    const fields = open.filter((field) => !wantsMore(field))
    expect(fields.length).toBeGreaterThan(5)
    const answers: string[] = []
    for (const field of fields) {
      const name = field.args.find((arg) => NAMES.includes(arg.name))?.name
      const ids = name ? ['m-1', 'm-2', 'there', 'lucky', redemptionId, couponCode, lotId] : [null]
      for (const id of ids) {
        const query = `query ($id: ID!) { it: ${field.name}(${name}: $id) ${everythingOf(field.type)} }`
        const { data, errors } = await ask(
          'member',
          id === null ? query.replace(/\(.*?\) /, ' ').replace(`(${name}: $id)`, '') : query,
          id === null ? {} : { id },
        )
        const text = JSON.stringify(data)
        answers.push(text)
        const told = secrets().filter((secret) => text.includes(JSON.stringify(secret)))
        expect([field.name, id, told]).toEqual([field.name, id, []])
        const codes = (errors ?? []).map(({ extensions }) => extensions.code)
        expect([field.name, codes.filter((code) => code !== 'FORBIDDEN')]).toEqual([field.name, []])
      }
    }
    // How a play was drawn is everybody's who knows its id, and nothing of who played.
    const proof = `query ($id: ID!) { verifyPlay(id: $id) { digest } it: verifyPlay(id: $id) ${everythingOf(schema.getQueryType()!.getFields().verifyPlay!.type)} }`
    const drawn = await ask('member', proof, { id: playId })
    expect(drawn.data.verifyPlay.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(drawn.data)).not.toContain('m-2')
    // It did read, and what was looked for can be found by one who may.
    expect(answers.join()).toContain('"ORDER-OF-M1"')
    const support = await ask('support', `{ redemption(id: "${redemptionId}") { memberId } }`)
    expect(support.data).toEqual({ redemption: { memberId: 'm-2' } })
  })

  it('can be neither spent, claimed, cancelled nor asked for again', async () => {
    const before = await ask('support', '{ member(id: "m-2") { wallet { version } } }')
    const answerOf = async (mutation: string) =>
      (await ask('member', `mutation { it: ${mutation} }`)).data.it
    expect(
      await answerOf(`cancelRedemption(id: "${redemptionId}") { ... on Refusal { code } }`),
    ).toEqual({
      code: 'REDEMPTION_NOT_FOUND',
    })
    expect(
      await answerOf(`redeem(input: { quoteId: "${quoteId}" }) { ... on Refusal { code } }`),
    ).toEqual({ code: 'QUOTE_NOT_FOUND' })
    expect(await answerOf(`claimPoints(lots: ["${lotId}"]) { ... on Refusal { code } }`)).toEqual({
      code: 'LOT_NOT_FOUND',
    })
    // The same key is another member's business: it names a redemption of m-1's own.
    const own = await answerOf(
      'redeem(input: { offerId: "there", idempotencyKey: "k-of-m2" }) { __typename ... on Redemption { id memberId } ... on Refusal { code } }',
    )
    expect(own).toMatchObject({ __typename: 'Redemption', memberId: 'm-1' })
    expect(own.id).not.toBe(redemptionId)
    expect(await ask('support', '{ member(id: "m-2") { wallet { version } } }')).toMatchObject({
      data: before.data,
    })
  })

  it('fields within objects are for whom the table says', async () => {
    const guarded = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => !['Query', 'Mutation', 'Subscription'].includes(type.name))
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter(({ extensions }) => extensions.access !== undefined)
          .map((field) => ({ name: `${type.name}.${field.name}`, field })),
      )
    expect(guarded.map(({ name }) => name).sort()).toEqual(Object.keys(GUARDED).sort())

    const own = await ask(
      'storefront',
      'mutation { redeem(input: { memberId: "m-1", offerId: "there", idempotencyKey: "mine" }) { ... on Redemption { id } } }',
    )
    await ask(
      'support',
      'mutation { freezePoints(input: { memberId: "m-1", points: 5, reason: "r", idempotencyKey: "f" }) { ... on Refusal { code } } }',
    )
    await ask(
      'storefront',
      'mutation { submitReview(input: { memberId: "m-1", orderId: "ORDER-OF-M1", lineId: "1", reviewId: "r-1", text: "A very fine tea indeed", photos: 0 }) { ... on Refusal { code } } }',
    )
    const ways: Record<string, (inner: string) => string> = {
      Game: (inner) => `game(offerId: "lucky") { ${inner} }`,
      Freeze: (inner) => `member(id: "m-1") { freezes { ${inner} } }`,
      Member: (inner) => `member(id: "m-1") { ${inner} }`,
      Offer: (inner) => `offer(id: "there") { ${inner} }`,
      PointValue: (inner) => `pointValue { ${inner} }`,
      Redemption: (inner) => `redemption(id: "${own.data.redeem.id}") { ${inner} }`,
      Transaction: (inner) =>
        `member(id: "m-1") { wallet { transactions(first: 1) { nodes { ${inner} } } } }`,
      Review: (inner) => `reviews(memberId: "m-1") { nodes { ${inner} } }`,
    }
    // Who may not even read the object is the access test's business.
    const readers: Record<string, (role: string) => boolean> = {
      Review: (role) => !['viewer', 'finance'].includes(role),
    }
    for (const { name, field } of guarded) {
      const [type, fieldName] = name.split('.') as [string, string]
      const inner = isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''
      const letIn: string[] = []
      for (const role of [
        'member',
        'storefront',
        'viewer',
        'support',
        'rules',
        'finance',
        'admin',
      ]) {
        if (readers[type]?.(role) === false) continue
        const { data, errors } = await ask(role, `{ it: ${ways[type]!(`${fieldName} ${inner}`)} }`)
        const codes = (errors ?? []).map(({ extensions }) => extensions.code)
        if (codes.length === 0 && data.it) letIn.push(role)
        else expect([name, role, codes]).toEqual([name, role, ['FORBIDDEN']])
      }
      expect([name, letIn.sort()]).toEqual([name, [...GUARDED[name]!].sort()])
    }
  })
})
