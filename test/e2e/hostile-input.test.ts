import { verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.js'

const REFUSAL = '... on Refusal { code field detail }'
const OPERATIONS = {
  recordPurchase: `mutation ($input: RecordPurchaseInput!) { answer: recordPurchase(input: $input) { ${REFUSAL} } }`,
  returnPurchase: `mutation ($input: ReturnPurchaseInput!) { answer: returnPurchase(input: $input) { ${REFUSAL} } }`,
  confirmPurchase: `mutation ($orderId: ID!, $confirmedAt: DateTime) { answer: confirmPurchase(orderId: $orderId, confirmedAt: $confirmedAt) { ${REFUSAL} } }`,
  registerMember: `mutation ($input: RegisterMemberInput!) { answer: registerMember(input: $input) { ${REFUSAL} } }`,
  checkIn: `mutation ($memberId: ID) { answer: checkIn(memberId: $memberId) { ${REFUSAL} } }`,
  makeUpCheckIn: `mutation ($memberId: ID, $date: LocalDate!) { answer: makeUpCheckIn(memberId: $memberId, date: $date) { ${REFUSAL} } }`,
  claimPoints: `mutation ($memberId: ID, $lots: [ID!]) { answer: claimPoints(memberId: $memberId, lots: $lots) { ${REFUSAL} } }`,
  quote: `mutation ($memberId: ID, $offerId: ID!) { answer: quote(memberId: $memberId, offerId: $offerId) { ${REFUSAL} } }`,
  redeem: `mutation ($input: RedeemInput!) { answer: redeem(input: $input) { ${REFUSAL} } }`,
  useCoupon: `mutation ($input: UseCouponInput!) { answer: useCoupon(input: $input) { ${REFUSAL} } }`,
  createOffer: `mutation ($input: CreateOfferInput!) { answer: createOffer(input: $input) { ${REFUSAL} } }`,
  updatePolicy: `mutation ($input: UpdatePolicyInput!) { answer: updatePolicy(input: $input) { ${REFUSAL} ... on PolicyInvalid { faults { path message } } } }`,
} as const

const line = { id: '1', article: 'tea', quantity: 1, unitPrice: '10' }
const order = (rest: object = {}) => ({
  input: {
    memberId: 'm-1',
    orderId: 'O-1',
    at: '2026-01-05T03:00:00Z',
    currency: 'CNY',
    lines: [line],
    ...rest,
  },
})
const ofLine = (rest: object) => order({ lines: [line, { ...line, id: '2', ...rest }] })
const offer = (rest: object = {}) => ({
  input: {
    id: 'o-1',
    channel: 'coupon',
    title: { en: 'Ten off', zh: '减十元' },
    cashValue: '10.00 CNY',
    details: { type: 'direct-deduction', offMinor: 1_000 },
    ...rest,
  },
})
const policy = (document: unknown, rest: object = {}) => ({ input: { document, ...rest } })

type Operation = keyof typeof OPERATIONS
/** What was sent, and the one code and field that answer it: a refusal, or the error of a request
 * that cannot be right. */
type Row = [
  what: string,
  operation: Operation,
  variables: object,
  code: string,
  field?: string | null,
]

const amounts: Row[] = [
  [
    'a quantity of zero',
    'recordPurchase',
    ofLine({ quantity: 0 }),
    'INVALID_INPUT',
    'lines.1.quantity',
  ],
  [
    'a negative quantity',
    'recordPurchase',
    ofLine({ quantity: -1 }),
    'INVALID_INPUT',
    'lines.1.quantity',
  ],
  [
    'a fraction of a piece',
    'recordPurchase',
    ofLine({ quantity: 1.5 }),
    'BAD_USER_INPUT',
    'input.lines.1.quantity',
  ],
  [
    'more pieces than there are numbers',
    'recordPurchase',
    ofLine({ quantity: 2 ** 40 }),
    'BAD_USER_INPUT',
    'input.lines.1.quantity',
  ],
  [
    'a negative price',
    'recordPurchase',
    ofLine({ unitPrice: '-1' }),
    'INVALID_INPUT',
    'lines.1.unitPrice',
  ],
  [
    'a price of five places',
    'recordPurchase',
    ofLine({ unitPrice: '0.00001' }),
    'INVALID_INPUT',
    'lines.1.unitPrice',
  ],
  [
    'a price with an exponent',
    'recordPurchase',
    ofLine({ unitPrice: '1e3' }),
    'INVALID_INPUT',
    'lines.1.unitPrice',
  ],
  [
    'a price that is a number',
    'recordPurchase',
    ofLine({ unitPrice: 5 }),
    'BAD_USER_INPUT',
    'input.lines.1.unitPrice',
  ],
  [
    'a price beyond all money',
    'recordPurchase',
    ofLine({ unitPrice: '9'.repeat(30) }),
    'INVALID_INPUT',
    'lines.1.unitPrice',
  ],
  [
    'an order beyond all points',
    'recordPurchase',
    ofLine({ unitPrice: '9'.repeat(13), quantity: 2_000_000 }),
    'INVALID_INPUT',
  ],
  ['no lines', 'recordPurchase', order({ lines: [] }), 'INVALID_INPUT', 'lines'],
  [
    'one line twice',
    'recordPurchase',
    order({ lines: [line, line] }),
    'INVALID_INPUT',
    'lines.1.id',
  ],
  [
    'a negative tax',
    'recordPurchase',
    order({ includedTax: '-1.00 CNY' }),
    'INVALID_INPUT',
    'includedTax',
  ],
  [
    'money with too many digits',
    'recordPurchase',
    order({ includedTax: '1.001 CNY' }),
    'BAD_USER_INPUT',
    'input.includedTax',
  ],
  [
    'money in another currency',
    'recordPurchase',
    order({ includedTax: '1.00 USD' }),
    'CURRENCY_NOT_SUPPORTED',
    'includedTax',
  ],
  [
    'an offer worth less than nothing',
    'createOffer',
    offer({ cashValue: '-1.00 CNY' }),
    'INVALID_INPUT',
    'cashValue',
  ],
  [
    'an offer worth nothing',
    'createOffer',
    offer({ cashValue: '0.00 CNY' }),
    'INVALID_INPUT',
    'cashValue',
  ],
  [
    'a negative stock',
    'createOffer',
    offer({ stock: { total: -1 } }),
    'INVALID_INPUT',
    'stock.total',
  ],
  [
    'half a piece in stock',
    'createOffer',
    offer({ stock: { total: 0.5 } }),
    'BAD_USER_INPUT',
    'input.stock.total',
  ],
]

const unknowns: Row[] = [
  [
    'an unknown member',
    'recordPurchase',
    order({ memberId: 'nobody' }),
    'MEMBER_NOT_FOUND',
    'memberId',
  ],
  ['an unknown member', 'checkIn', { memberId: 'nobody' }, 'MEMBER_NOT_FOUND', 'memberId'],
  ['an unknown member', 'claimPoints', { memberId: 'nobody' }, 'MEMBER_NOT_FOUND', 'memberId'],
  [
    'an unknown member',
    'quote',
    { memberId: 'nobody', offerId: 'there' },
    'MEMBER_NOT_FOUND',
    'memberId',
  ],
  ['no member at all', 'checkIn', {}, 'BAD_USER_INPUT', 'memberId'],
  [
    'an unknown currency',
    'recordPurchase',
    order({ currency: 'XXX' }),
    'INVALID_INPUT',
    'currency',
  ],
  [
    'another currency',
    'recordPurchase',
    order({ currency: 'USD' }),
    'CURRENCY_NOT_SUPPORTED',
    'currency',
  ],
  ['an unknown order', 'confirmPurchase', { orderId: 'none' }, 'ORDER_NOT_FOUND', 'orderId'],
  [
    'an unknown order',
    'returnPurchase',
    { input: { orderId: 'none', returnId: 'r', lines: [{ line: '1', quantity: 1 }] } },
    'ORDER_NOT_FOUND',
    'orderId',
  ],
  ['an unknown offer', 'quote', { memberId: 'm-1', offerId: 'none' }, 'OFFER_NOT_FOUND', 'offerId'],
  [
    'an unknown offer',
    'redeem',
    { input: { memberId: 'm-1', offerId: 'none', idempotencyKey: 'k' } },
    'OFFER_NOT_FOUND',
    'offerId',
  ],
  [
    'an unknown quote',
    'redeem',
    { input: { memberId: 'm-1', quoteId: 'none' } },
    'QUOTE_NOT_FOUND',
    'quoteId',
  ],
  ['a redemption of nothing', 'redeem', { input: { memberId: 'm-1' } }, 'INVALID_INPUT'],
  [
    'an unknown coupon',
    'useCoupon',
    { input: { code: 'NONE-NONE', orderId: 'O', orderAmount: '1.00 CNY' } },
    'COUPON_NOT_FOUND',
    'code',
  ],
  ['an unknown channel', 'createOffer', offer({ channel: 'none' }), 'INVALID_INPUT', 'channel'],
  [
    'a lot that is none',
    'claimPoints',
    { memberId: 'm-1', lots: ['none'] },
    'LOT_NOT_FOUND',
    'lots.0',
  ],
]

const dates: Row[] = [
  [
    'an order of the far future',
    'recordPurchase',
    order({ at: '9999-12-31T23:59:59Z' }),
    'EVENT_IN_FUTURE',
    'at',
  ],
  [
    'an order of tomorrow',
    'recordPurchase',
    order({ at: '2026-01-06T04:00:00Z' }),
    'EVENT_IN_FUTURE',
    'at',
  ],
  [
    'an order of the year 1',
    'recordPurchase',
    order({ at: '0001-01-01T00:00:00Z' }),
    'INVALID_INPUT',
    'at',
  ],
  [
    'the 30th of February',
    'recordPurchase',
    order({ at: '2026-02-30T00:00:00Z' }),
    'BAD_USER_INPUT',
    'input.at',
  ],
  [
    'a time without an offset',
    'recordPurchase',
    order({ at: '2026-01-05T03:00:00' }),
    'BAD_USER_INPUT',
    'input.at',
  ],
  [
    'a time that is a number',
    'recordPurchase',
    order({ at: 1767571200000 }),
    'BAD_USER_INPUT',
    'input.at',
  ],
  [
    'a day that is none',
    'makeUpCheckIn',
    { memberId: 'm-1', date: '2026-02-30' },
    'BAD_USER_INPUT',
    'date',
  ],
  [
    'a birthday that is none',
    'registerMember',
    { input: { id: 'm-9', birthday: { month: 2, day: 30 } } },
    'INVALID_INPUT',
    'birthday.day',
  ],
  [
    'a birthday in month 13',
    'registerMember',
    { input: { id: 'm-9', birthday: { month: 13, day: 1 } } },
    'INVALID_INPUT',
    'birthday.month',
  ],
  [
    'somebody who joins tomorrow',
    'registerMember',
    { input: { id: 'm-9', joinedAt: '2026-01-07T00:00:00Z' } },
    'EVENT_IN_FUTURE',
    'joinedAt',
  ],
]

const texts: Row[] = [
  [
    'a control character',
    'recordPurchase',
    order({ orderId: 'a\u0000b' }),
    'BAD_USER_INPUT',
    'input.orderId',
  ],
  ['a bell', 'registerMember', { input: { id: 'm\u0007' } }, 'BAD_USER_INPUT', 'input.id'],
  [
    'half a character',
    'recordPurchase',
    ofLine({ category: '\ud83d' }),
    'BAD_USER_INPUT',
    'input.lines.1.category',
  ],
  [
    'an id of a thousand characters',
    'registerMember',
    { input: { id: 'x'.repeat(1_000) } },
    'INVALID_INPUT',
    'id',
  ],
  ['an id with a line end', 'registerMember', { input: { id: 'a\nb' } }, 'INVALID_INPUT', 'id'],
  ['an empty id', 'registerMember', { input: { id: '' } }, 'INVALID_INPUT', 'id'],
  ['an order without a name', 'recordPurchase', order({ orderId: '' }), 'INVALID_INPUT', 'orderId'],
  [
    'a text of 900,000 characters',
    'recordPurchase',
    order({ orderId: 'x'.repeat(900_000) }),
    'LIMIT_EXCEEDED',
    'input.orderId',
  ],
  [
    'a key of 101 characters',
    'redeem',
    { input: { memberId: 'm-1', offerId: 'there', idempotencyKey: 'k'.repeat(101) } },
    'INVALID_INPUT',
    'idempotencyKey',
  ],
  [
    'a picture that is a script',
    'createOffer',
    offer({ pictureUrl: 'javascript:alert(1)' }),
    'INVALID_INPUT',
    'pictureUrl',
  ],
]

const policies: Row[] = [
  ['no policy', 'updatePolicy', policy(null), 'BAD_USER_INPUT', 'input.document'],
  ['a policy that is a number', 'updatePolicy', policy(5), 'PolicyInvalid', ''],
  ['a policy that is a list', 'updatePolicy', policy([]), 'PolicyInvalid', ''],
  [
    'a zone that is none',
    'updatePolicy',
    policy({ programme: { zone: 'Mars/Base' } }),
    'PolicyInvalid',
    'programme.zone',
  ],
  [
    'a section that there is not',
    'updatePolicy',
    policy({ nonsense: {} }),
    'PolicyInvalid',
    'nonsense',
  ],
  [
    'tiers out of order',
    'updatePolicy',
    policy({
      tiers: {
        levels: [{ id: 'a', title: { en: 'A', zh: 'A' }, threshold: '10', earnMultiplier: '1' }],
      },
    }),
    'PolicyInvalid',
    'tiers.levels.0.threshold',
  ],
  [
    'a prototype',
    'updatePolicy',
    policy(JSON.parse('{"__proto__":{"admin":true}}')),
    'BAD_USER_INPUT',
    'input.document',
  ],
  [
    'a policy 20 levels deep',
    'updatePolicy',
    policy(JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`)),
    'BAD_USER_INPUT',
    'input.document',
  ],
  [
    'a policy from an old version',
    'updatePolicy',
    policy({}, { baseVersion: 7 }),
    'POLICY_CONFLICT',
    'baseVersion',
  ],
  [
    'a policy for yesterday',
    'updatePolicy',
    policy({}, { effectiveFrom: '2025-01-01T00:00:00Z' }),
    'PolicyInvalid',
    'effectiveFrom',
  ],
]

describe('section 6: bad input through the front door', () => {
  let server: TestServer
  let tokens: { storefront: string; rules: string; viewer: string }
  beforeAll(async () => {
    server = await startTestServer({ jobs: false })
    tokens = {
      storefront: await server.token('storefront'),
      rules: await server.token('operator', { roles: ['rules'] }),
      viewer: await server.token('operator', { roles: ['viewer'] }),
    }
    await server.ask('mutation { registerMember(input: { id: "m-1" }) { __typename } }', {
      token: tokens.storefront,
    })
    const made = await send('createOffer', offer({ id: 'there' }))
    expect(made).toEqual({})
  })
  afterAll(() => server.close())

  /** The one code and field that answer it. */
  const send = async (operation: Operation, variables: object) => {
    const isForRules = operation === 'createOffer' || operation === 'updatePolicy'
    const { data, errors } = await server.ask(OPERATIONS[operation], {
      token: isForRules ? tokens.rules : tokens.storefront,
      variables: variables as Record<string, unknown>,
    })
    if (errors) {
      expect(errors).toHaveLength(1)
      const { code, field } = errors[0].extensions
      return { code, field }
    }
    const { faults, detail, ...refusal } = data.answer
    if (typeof detail === 'string') saidAtFault.push(detail)
    if (!faults) return refusal
    saidAtFault.push(...faults.map((it: { message: string }) => it.message))
    return { code: 'PolicyInvalid', paths: faults.map((it: { path: string }) => it.path) }
  }
  /** All that answers said in English to whoever writes a client. */
  const saidAtFault: string[] = []

  it.each([...amounts, ...unknowns, ...dates, ...texts, ...policies])(
    '%s (%s)',
    async (_what, operation, variables, code, field) => {
      const answer = await send(operation, variables)
      if (code === 'PolicyInvalid') {
        expect(answer).toEqual({ code, paths: expect.arrayContaining([field]) })
      } else {
        expect(answer).toEqual({ code, field: field === undefined ? expect.anything() : field })
      }
    },
  )

  it('whatever comes instead of an offer or a policy, what is at fault is said as all else here is', async () => {
    const sections = fc.constantFrom(
      'kinds',
      'sources',
      'tiers',
      'expiry',
      'campaigns',
      'budgets',
      'channels',
      'transfers',
    )
    const documents = fc.dictionary(sections, fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), documents, async (details, document) => {
        await send('createOffer', offer({ id: 'strange', details }))
        // With a fault whatever else is drawn: a policy of nothing but defaults is a good one.
        await send('updatePolicy', policy({ ...document, nonsense: 1 }))
      }),
      { numRuns: 30 },
    )
    expect(new Set(saidAtFault).size).toBeGreaterThan(20)
    for (const text of saidAtFault) {
      expect(text).toMatch(/^[A-Z].*\.$/s)
      expect(text).not.toMatch(/^(Invalid|Too (big|small)|Unrecognized)/)
    }
  })

  it('L4: a key that comes again with other content names what differs', async () => {
    const sent = order({ orderId: 'L4', lines: [line] })
    expect(await send('recordPurchase', sent)).toEqual({})
    expect(await send('recordPurchase', sent)).toEqual({})
    for (const [rest, field] of [
      [{ lines: [{ ...line, quantity: 2 }] }, 'lines.0.quantity'],
      [{ at: '2026-01-05T03:00:01Z' }, 'at'],
      [{ region: 'elsewhere' }, 'region'],
    ] as const) {
      expect(await send('recordPurchase', order({ orderId: 'L4', ...rest }))).toEqual({
        code: 'IDEMPOTENCY_MISMATCH',
        field,
      })
    }
  })

  it('a batch too large is refused whole, and one bad order in a batch harms no other', async () => {
    const record = `mutation ($input: [RecordPurchaseInput!]!) { answer: recordPurchases(input: $input) { ... on PurchaseRecorded { points } ${REFUSAL} } }`
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => order({ orderId: `B-${i}` }).input)
    const tooMany = await server.ask(record, {
      token: tokens.storefront,
      variables: { input: many(501) },
    })
    expect(tooMany.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const mixed = [
      order({ orderId: 'M-1', confirmed: true }).input,
      order({ orderId: 'M-2', memberId: 'nobody' }).input,
      order({ orderId: 'M-3', lines: [] }).input,
      order({ orderId: 'M-4', confirmed: true }).input,
    ]
    const { data } = await server.ask(record, {
      token: tokens.storefront,
      variables: { input: mixed },
    })
    expect(data.answer).toEqual([
      { points: 10 },
      { code: 'MEMBER_NOT_FOUND', field: 'memberId', detail: null },
      { code: 'INVALID_INPUT', field: 'lines', detail: 'Expected at least 1 item.' },
      { points: 10 },
    ])
  })

  it('requests that are none', async () => {
    const post = async (body: NonNullable<RequestInit['body']>, headers: object = {}) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens.storefront}`,
          ...headers,
        },
        body,
      })
      const { errors } = (await response.json()) as {
        errors: { extensions: { code: string; limit?: string } }[]
      }
      return [response.status, errors[0]?.extensions.limit ?? errors[0]?.extensions.code]
    }
    const expired = await server.token('member', { lifeMs: -60_000 })
    expect(await post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toEqual([400, 'BAD_REQUEST'])
    expect(await post('{')).toEqual([400, 'BAD_REQUEST'])
    expect(await post(`"${'x'.repeat(1 << 20)}"`)).toEqual([413, 'LIMIT_EXCEEDED'])
    expect(await post('{}', { authorization: 'Bearer x.y.z' })).toEqual([401, 'UNAUTHENTICATED'])
    expect(await post('{}', { authorization: `Bearer ${expired}` })).toEqual([
      401,
      'UNAUTHENTICATED',
    ])

    const follow = JSON.stringify({
      query: 'subscription { balanceChanged(memberId: "m-1") { version } }',
    })
    expect(await post(follow)).toEqual([400, 'BAD_REQUEST'])
    const member = (selection: string) =>
      JSON.stringify({ query: `{ member(id: "m-1") { ${selection} } }` })
    const deep = `${'redemptions { nodes { offer { '.repeat(5)}id${' } } }'.repeat(5)}`
    expect(await post(member(deep))).toEqual([200, 'depth'])
    const wide = Array.from({ length: 40 }, (_, i) => `a${i}: id`).join(' ')
    expect(await post(member(wide))).toEqual([200, 'aliases'])
    const costly = JSON.stringify({
      query: `{ members(first: 100) { nodes { wallet { transactions(first: 100) { nodes { explanation { step } } } } } } }`,
    })
    expect(await post(costly, { authorization: `Bearer ${tokens.viewer}` })).toEqual([200, 'cost'])
  })

  it('and after all of it nothing has moved that should not, and nothing broke', async () => {
    const { data } = await server.ask(
      '{ member(id: "m-1") { wallet { balance { available pending } } } }',
      { token: tokens.storefront },
    )
    // Two orders of a batch, and the one of L4 that waits for its confirmation.
    expect(data.member.wallet.balance).toEqual({ available: 20, pending: 10 })
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true, transactions: 3 })
    const policies = await server.ask('{ policies { nodes { version } } }', {
      token: tokens.viewer,
    })
    expect(policies.data.policies.nodes).toEqual([{ version: 1 }])
    expect(server.logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })
})
