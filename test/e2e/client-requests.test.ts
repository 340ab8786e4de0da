import * as client from '@pointwell/client'
import {
  CheckInDocument,
  createPointwellClient,
  EarnPreviewDocument,
  isRefusal,
  MyMembershipDocument,
  MyTransactionsDocument,
  MyWalletDocument,
  OffersDocument,
  PointwellError,
  QuoteDocument,
  RedeemDocument,
  RegisterMemberDocument,
  type TypedDocument,
} from '@pointwell/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { atEndOfFile, atEndOfTest } from '../support/end-of-file.js'
import { couponOffer } from '../support/shop.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startTestServer({ jobs: false })
  atEndOfFile(() => server.close())
  url = `${server.url}/graphql`
  const shop = createPointwellClient({ url, token: await server.token('storefront') })
  await shop.request(RegisterMemberDocument, { input: { id: 'm-1' } })
  const { errors } = await server.ask(
    'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }',
    {
      token: await server.token('operator', { roles: ['admin'] }),
      variables: { input: couponOffer('tea', 3) },
    },
  )
  expect(errors).toBeUndefined()
})

const member = async (options: Partial<Parameters<typeof createPointwellClient>[0]> = {}) =>
  createPointwellClient({
    url,
    token: await server.token('member', { subject: 'm-1' }),
    ...options,
  })

describe('A9: @pointwell/client asks', () => {
  it('what a member does, with an answer whose type says what may be in it', async () => {
    const mine = await member()
    const { quote: early } = await mine.request(QuoteDocument, { offerId: 'tea' })
    expect(early).toMatchObject({ __typename: 'Quote', points: 3 })
    const { redeem: refused } = await mine.request(RedeemDocument, {
      input: { offerId: 'tea', idempotencyKey: 'r-1' },
    })
    if (!isRefusal(refused)) throw new Error('It was not refused.')
    // Figures as the schema has them: whole points are numbers, amounts and decimals are text.
    expect(refused.code satisfies client.RefusalCode).toBe('INSUFFICIENT_POINTS')
    expect([refused.available, refused.needed]).toEqual([0, 3])

    const { checkIn } = await mine.request(CheckInDocument)
    expect(checkIn).toMatchObject({ __typename: 'CheckedIn', points: 5 })
    if (isRefusal(early)) throw new Error('It was refused.')
    const { redeem } = await mine.request(RedeemDocument, {
      input: { quoteId: early.id },
    })
    expect(redeem).toMatchObject({ __typename: 'Redemption', status: 'FULFILLED', points: 3 })
    const { me } = await mine.request(MyTransactionsDocument, { first: 1 })
    expect(me!.wallet.transactions.nodes).toHaveLength(1)
    expect(me!.wallet.transactions.pageInfo.hasNextPage).toBe(true)
    const { offers } = await mine.request(OffersDocument)
    expect(offers.nodes).toMatchObject([{ id: 'tea', price: 3, cashValue: '10.00 CNY' }])
    const membership = await mine.request(MyMembershipDocument)
    expect(membership.me!.tier.title).not.toBe('')
  })

  it('what a storefront shows of gifts, friends, games and goods', async () => {
    const mine = await member()
    const { transferPoints } = await mine.request(client.TransferPointsDocument, {
      input: { to: 'm-2', points: 1, idempotencyKey: 't-1' },
    })
    if (!isRefusal(transferPoints)) throw new Error('It was not refused.')
    expect(transferPoints.code satisfies client.RefusalCode).toBe('TRANSFERS_OFF')
    const gifts = await mine.request(client.MyTransfersDocument)
    expect(gifts.me!.transfers.nodes satisfies readonly { points: number; to: string }[]).toEqual(
      [],
    )

    const { createReferralCode } = await mine.request(client.CreateReferralCodeDocument, {
      input: {},
    })
    if (isRefusal(createReferralCode)) throw new Error('It was refused.')
    const { referral } = await mine.request(client.ReferralDocument)
    expect(referral).toEqual({
      code: createReferralCode.referralCode satisfies string,
      accepted: null,
      friends: [],
    })

    // `tea` is a coupon: what is asked of games and goods is answered with none.
    const { game } = await mine.request(client.GameDocument, { offerId: 'tea' })
    expect(game satisfies { odds: readonly { exactChance: string }[] } | null).toBeNull()
    const { playGame } = await mine.request(client.PlayGameDocument, {
      input: { offerId: 'tea', idempotencyKey: 'p-1' },
    })
    expect(isRefusal(playGame) && playGame.field).toBe('offerId')
    const { gamePlays } = await mine.request(client.GamePlaysDocument)
    expect(gamePlays.nodes satisfies readonly { at: string; result: string | null }[]).toEqual([])
    const { stakeRounds } = await mine.request(client.StakeRoundsDocument, { offerId: 'tea' })
    expect(stakeRounds.pageInfo.hasNextPage).toBe(false)
    const { shipments } = await mine.request(client.ShipmentsDocument, { status: 'SENT' })
    expect(shipments.nodes satisfies readonly { trackingNumber: string | null }[]).toEqual([])
    const { receiveGoods } = await mine.request(client.ReceiveGoodsDocument, {
      redemptionIds: ['1'],
    })
    expect(receiveGoods.map((it) => isRefusal(it) && it.field)).toEqual(['redemptionId'])
  })

  it('in the language that was asked for', async () => {
    const titles = await Promise.all(
      ['en', 'zh'].map(async (language) => {
        const { me } = await (await member({ language })).request(MyMembershipDocument)
        return me!.tier.title
      }),
    )
    expect(titles[0]).not.toBe(titles[1])
  })

  it('every document that it has: the server takes each', async () => {
    const documents = Object.entries(client).filter(([name]) => name.endsWith('Document'))
    expect(documents.length).toBeGreaterThan(55)
    const { request } = await member()
    for (const [name, document] of documents) {
      if (name === 'BalanceChangesDocument') continue
      // Without variables: it is read and held to the schema and to all limits before they are looked at.
      const fault = await request(document as TypedDocument<object, object>).then(
        () => undefined,
        (error: PointwellError) => error.message,
      )
      expect({ name, fault }).toEqual({
        name,
        fault: fault && expect.stringMatching(/^The variable `\$\w+` is missing|^You may not/),
      })
    }
  })

  it('an error says what the server said of it', async () => {
    const mine = await member()
    const wrong = mine.request(EarnPreviewDocument, {
      input: { memberId: 'm-1', orderId: 'O-1', at: 'now', currency: 'CNY', lines: [] },
    })
    await expect(wrong).rejects.toMatchObject({
      name: 'PointwellError',
      code: 'BAD_USER_INPUT',
      field: 'input.at',
      isPassing: false,
    })
    await expect(mine.request(MyWalletDocument, { within: 0 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      path: expect.any(Array),
    })
    await expect(
      (await member({ token: undefined })).request(MyWalletDocument),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('a server that has enough says when to come again', async () => {
    const strict = await startTestServer({ jobs: false, rates: { member: 60 } })
    atEndOfTest(() => strict.close())
    const { request } = createPointwellClient({
      url: `${strict.url}/graphql`,
      token: await strict.token('member', { subject: 'm-1' }),
    })
    const asked = Array.from({ length: 20 }, () =>
      request(MyMembershipDocument).then(
        () => undefined,
        (error: PointwellError) => error,
      ),
    )
    const limited = (await Promise.all(asked)).find((it) => it?.code === 'RATE_LIMITED')
    expect(limited).toMatchObject({ status: 429, isPassing: true })
    expect(limited!.retryAfterMs).toBeGreaterThan(0)
  })

  it('a token that ran out is renewed once, and all that is asked at once shares one', async () => {
    const expired = await server.token('member', { subject: 'm-1', lifeMs: -60_000 })
    const fresh = await server.token('member', { subject: 'm-1' })
    const wishes: boolean[] = []
    const mine = await member({
      token: async ({ renew }) => {
        wishes.push(renew)
        return renew ? fresh : expired
      },
    })
    await Promise.all([mine.request(MyWalletDocument), mine.request(MyWalletDocument)])
    expect(wishes[0]).toBe(false)
    expect(wishes.filter((renew) => !renew)).toHaveLength(1)
    const { request } = await member({ token: () => expired })
    await expect(request(MyWalletDocument)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    })
  })

  it('a line that breaks, an answer of somebody else, a shop without a token: each by its code', async () => {
    const answering = (text: string, status = 200) =>
      member({ fetch: async () => new Response(text, { status }) })
    const cases: [string, Promise<client.PointwellClient>][] = [
      ['CONNECTION_LOST', member({ url: 'http://127.0.0.1:9/graphql' })],
      ['UNREADABLE_ANSWER', answering('<h1>502 Bad Gateway</h1>', 502)],
      ['UNREADABLE_ANSWER', answering('null')],
      ['UNREADABLE_ANSWER', answering('{}')],
      [
        'NO_TOKEN',
        member({ token: () => Promise.reject(new Error('the session service is away')) }),
      ],
    ]
    for (const [code, opened] of cases) {
      const { request } = await opened
      await expect(request(MyWalletDocument)).rejects.toMatchObject({ code, isPassing: true })
    }
  })

  it('until it is told to stop: then it throws what it was told', async () => {
    const { request } = await member()
    const stop = new AbortController()
    const asked = request(MyWalletDocument, {}, { signal: stop.signal })
    stop.abort(new Error('the page is left'))
    await expect(asked).rejects.toThrow('the page is left')
  })
})

it('A9: the codes of errors are those that the server has', async () => {
  const { ERROR_CODES } = await import('@pointwell/gateway')
  const known: Record<client.ServerErrorCode, true> = {
    BAD_REQUEST: true,
    BAD_USER_INPUT: true,
    FORBIDDEN: true,
    GRAPHQL_PARSE_FAILED: true,
    GRAPHQL_VALIDATION_FAILED: true,
    INTERNAL_SERVER_ERROR: true,
    LIMIT_EXCEEDED: true,
    OPERATION_NOT_KNOWN: true,
    OPERATION_RESOLUTION_FAILURE: true,
    PERSISTED_QUERY_NOT_FOUND: true,
    RATE_LIMITED: true,
    SERVICE_UNAVAILABLE: true,
    UNAUTHENTICATED: true,
  }
  expect(Object.keys(known).toSorted()).toEqual(
    [...ERROR_CODES, 'INTERNAL_SERVER_ERROR'].toSorted(),
  )
  expect(PointwellError.name).toBe('PointwellError')
})
