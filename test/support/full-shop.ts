import { expect } from 'vitest'
import type { Data } from './ask-program.js'
import { startTestServer, type TestServer } from './test-server.js'

/** As many of each thing as fill a page and leave one over, for pages of 1 and of 10. */
const OF_EACH = 11
const MEMBERS = 101
const REFUSAL = '... on Refusal { code field detail }'
const each = <T>(count: number, make: (n: number) => T) =>
  Array.from({ length: count }, (_, n) => make(n))
const title = (en: string) => ({ en, zh: `${en}（中文）` })

/**
 * A server whose every list has something on it: 101 members with orders, and m-0 with eleven of
 * everything that a member can have; whatever an operator can make, eleven of each.
 */
export async function openFullShop(
  store: 'sqlite' | 'mysql',
  options: { introspection?: boolean } = {},
): Promise<TestServer> {
  const server = await startTestServer({
    ...options,
    store,
    jobs: false,
    rates: { operator: 0, member: 0 },
    limits: { depth: 40, fields: 1e5, aliases: 1e5, tokens: 1e6, queryCharacters: 1e7, cost: 1e12 },
  })
  const shop = await server.token('storefront')
  const admin = await server.token('operator', { subject: 'ada', roles: ['admin'] })
  const bea = await server.token('operator', { subject: 'bea', roles: ['admin'] })

  const ask = async (query: string, variables: object, token = shop): Promise<Data> => {
    const { data, errors } = await server.ask(query, { token, variables: { ...variables } })
    expect(errors).toBeUndefined()
    return data
  }
  /** One change for each of the inputs, one after the other in one request. */
  const all = async (field: string, inputs: readonly object[], token = admin, as = 'Input') => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}${as}!`
    const head = inputs.map((_, n) => `$i${n}: ${type}`).join(' ')
    const calls = inputs.map((_, n) => `a${n}: ${field}(input: $i${n}) { __typename ${REFUSAL} }`)
    const variables = Object.fromEntries(inputs.map((input, n) => [`i${n}`, input]))
    const data = await ask(`mutation (${head}) { ${calls.join(' ')} }`, variables, token)
    expect(Object.values(data).filter((it) => (it as Data).__typename === 'Refusal')).toEqual([])
  }
  const offer = (id: string, channel: string, details: object, rest: object = {}) => ({
    id,
    channel,
    title: title(id),
    cashValue: '1.00 CNY',
    cost: '1.00 CNY',
    price: { byHand: 1 },
    details,
    ...rest,
  })
  const redeem = async (offerId: string, count = OF_EACH, order: object | null = null) => {
    const ids: string[] = []
    for (let n = 0; n < count; n += 1) {
      const input = { memberId: 'm-0', offerId, idempotencyKey: `${offerId}-${n}`, order }
      const { it } = await ask(
        `mutation ($input: RedeemInput!) { it: redeem(input: $input) { ... on Redemption { id status } ${REFUSAL} } }`,
        { input },
      )
      expect(it.code).toBeUndefined()
      ids.push(it.id)
    }
    return ids
  }
  const order = (memberId: string, orderId: string, rest: object = {}) => ({
    memberId,
    orderId,
    at: '2026-01-05T03:00:00Z',
    currency: 'CNY',
    confirmed: true,
    lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '900' }],
    ...rest,
  })

  // Members, of whom the last eleven are one person each with the eleven before.
  const ids = each(MEMBERS + 3 * OF_EACH, (n) => `m-${n}`)
  await ask(
    'mutation ($of: [RegisterMemberInput!]!) { registerMembers(input: $of) { __typename } }',
    { of: ids.map((id) => ({ id })) },
  )
  await ask(
    'mutation ($of: [RecordPurchaseInput!]!) { recordPurchases(input: $of) { __typename } }',
    {
      of: [
        ...ids.map((id) => order(id, `O-${id}`)),
        ...each(OF_EACH, (n) => order('m-0', `R-${n}`)),
      ],
    },
  )
  const merged = ids.slice(MEMBERS)
  await all(
    'mergeMembers',
    each(OF_EACH, (n) => ({
      from: merged[n],
      into: merged[n + OF_EACH],
      reason: 'one person',
      idempotencyKey: `${n}`,
    })),
  )
  // Four on each of eleven devices.
  const linked = merged.slice(2 * OF_EACH, 2 * OF_EACH + 4)
  for (const memberId of linked) {
    for (let n = 0; n < OF_EACH; n += 1) {
      await ask(
        'mutation ($memberId: ID!, $of: [SeenIdentityInput!]!) { reportIdentities(input: { memberId: $memberId, identities: $of }) { __typename } }',
        { memberId, of: [{ kind: 'device', value: `device ${n}` }] },
      )
    }
  }

  // What m-0 has.
  const codes = { type: 'virtual', gives: { kind: 'top-up' } }
  const lots = {
    type: 'draw',
    chance: '1',
    budget: { costMinor: 999 },
    prizes: [{ id: 'cup', title: title('A cup'), item: true, costMinor: 1, stock: 99 }],
  }
  await all('createOffer', [
    offer('coupon', 'coupon', { type: 'direct-deduction', offMinor: 100 }),
    offer('pot', 'goods', { type: 'physical' }),
    offer('phone', 'goods', codes),
    offer('lucky', 'game', lots),
    offer('match', 'game', { type: 'stake' }),
    ...each(OF_EACH, (n) =>
      offer(
        `gone-${n}`,
        'coupon',
        { type: 'direct-deduction', offMinor: 100 },
        { stock: { total: 0 } },
      ),
    ),
  ])
  await redeem('coupon')
  const pots = await redeem('pot', 4 * OF_EACH, { address: 'a-1' })
  const top = { account: '13912345678' }
  await redeem('phone', OF_EACH, top)
  const move = async (field: string, of: readonly string[]) => {
    const { it } = await ask(
      `mutation ($of: [ID!]!) { it: ${field}(redemptionIds: $of) { __typename ${REFUSAL} } }`,
      { of },
    )
    expect(it.filter((done: Data) => done.code)).toEqual([])
  }
  await move('pickGoods', pots.slice(OF_EACH))
  const sent = pots.slice(2 * OF_EACH)
  const parcels = sent.map((redemptionId) => ({
    redemptionId,
    carrier: 'c',
    trackingNumber: redemptionId,
  }))
  await ask('mutation ($of: [SendGoodsInput!]!) { sendGoods(input: $of) { __typename } }', {
    of: parcels,
  })
  await move('receiveGoods', sent.slice(OF_EACH))
  const member = await server.token('member', { subject: 'm-0' })
  for (const redemptionId of sent.slice(OF_EACH)) {
    const asked =
      'mutation ($id: ID!) { it: requestGoodsReturn(redemptionId: $id) { __typename ... on Refusal { code } } }'
    expect((await ask(asked, { id: redemptionId }, member)).it.code).toBeUndefined()
  }
  await all(
    'playGame',
    each(OF_EACH, (n) => ({ memberId: 'm-0', offerId: 'lucky', idempotencyKey: `${n}` })),
    shop,
  )
  await all(
    'openStake',
    each(OF_EACH, (n) => ({
      id: `round-${n}`,
      offerId: 'match',
      reason: 'a match',
      closesAt: '2026-01-06T03:00:00Z',
      title: title('A match'),
      outcomes: [
        { id: 'home', title: title('Home') },
        { id: 'away', title: title('Away') },
      ],
    })),
  )
  await all(
    'submitReview',
    each(OF_EACH, (n) => ({
      memberId: 'm-0',
      orderId: `R-${n}`,
      lineId: '1',
      reviewId: `r-${n}`,
      text: 'A very fine tea indeed',
      photos: 0,
    })),
    shop,
  )

  // Friends of m-0, all of them held because they came from m-0's own telephone.
  const { it: own } = await ask(
    'mutation { it: createReferralCode(input: { memberId: "m-0", deviceId: "d-0" }) { ... on ReferralCodeCreated { referralCode } } }',
    {},
  )
  const friends = each(OF_EACH, (n) => ({
    memberId: `f-${n}`,
    code: own.referralCode,
    deviceId: 'd-0',
  }))
  await ask(
    'mutation ($of: [RegisterMemberInput!]!) { registerMembers(input: $of) { __typename } }',
    { of: friends.map(({ memberId }) => ({ id: memberId })) },
  )
  await all('acceptReferral', friends, shop)

  // What operators make.
  await all(
    'createPartner',
    each(OF_EACH, (n) => ({
      id: `partner-${n}`,
      title: title('P'),
      terms: 'POSTPAID',
      currency: 'CNY',
    })),
  )
  await all(
    'createOffer',
    each(OF_EACH, (n) =>
      offer(`seat-${n}`, 'partner', {
        partner: `partner-${n}`,
        costMinor: 100,
        gives: { source: 'pool' },
      }),
    ),
  )
  for (let n = 0; n < OF_EACH; n += 1) {
    await ask(
      'mutation ($offer: ID!, $codes: [String!]!) { importPartnerCodes(offerId: $offer, codes: $codes) { __typename } }',
      { offer: `seat-${n}`, codes: [`S-${n}-1`, `S-${n}-2`] },
      admin,
    )
  }
  await all(
    'applyPlaybook',
    each(OF_EACH, (n) => ({ offerId: `gone-${n}`, reason: 'sold out', idempotencyKey: `${n}` })),
  )
  await all(
    'adjustPoints',
    each(OF_EACH, (n) => ({
      memberId: `m-${n}`,
      points: 1_000_000,
      reason: 'much',
      idempotencyKey: `${n}`,
    })),
    bea,
  )
  for (let n = 0; n < OF_EACH; n += 1) {
    await ask(
      'mutation ($document: JSON!) { updatePolicy(input: { document: $document }) { __typename } }',
      { document: { returns: { policy: n % 2 ? 'pending-only' : 'debt' } } },
      admin,
    )
  }
  // Pauses, and what came while the last of them lasts.
  const paused = (field: string) =>
    ask(
      `mutation { it: ${field}(source: "purchase", reason: "to look") { __typename ${REFUSAL} } }`,
      {},
      admin,
    )
  for (let n = 0; n < OF_EACH; n += 1) {
    expect((await paused('pauseEarning')).it.code).toBeUndefined()
    if (n < OF_EACH - 1) expect((await paused('resumeEarning')).it.code).toBeUndefined()
  }
  await ask(
    'mutation ($of: [RecordPurchaseInput!]!) { recordPurchases(input: $of) { __typename } }',
    { of: each(OF_EACH, (n) => order(`m-${n}`, `K-${n}`)) },
  )
  return server
}
