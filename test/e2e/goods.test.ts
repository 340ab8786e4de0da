import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const DAY_MS = 86_400_000
const REFUSAL = '... on Refusal { code field detail when available limit }'
const MOVED = `... on GoodsMoved { shipment { status statusTitle receivedAt returnUntil note carrier trackingNumber returnDeclinedBecause } } ${REFUSAL}`
const offers = {
  pot: { details: { type: 'physical' } },
  'last-pot': { details: { type: 'physical', returnable: false } },
  phone: { details: { type: 'virtual', gives: { kind: 'top-up' } } },
  film: { details: { type: 'virtual', gives: { kind: 'code' } } },
  club: { details: { type: 'virtual', gives: { kind: 'own', sku: 'club-1' } } },
} as const

const stores = availableStores().filter((name) => name !== 'memory')

describe.each(stores)('R10: goods for points, on %s', (store) => {
  let server: TestServer
  /** Tokens run out when the clock is turned on, so each request has a fresh one. */
  const tokens: Record<string, () => Promise<string>> = {
    shop: () => server.token('storefront'),
    ada: () => server.token('member', { subject: 'ada' }),
    bob: () => server.token('member', { subject: 'bob' }),
    rules: () => server.token('operator', { subject: 'rosa', roles: ['rules'] }),
    support: () => server.token('operator', { subject: 'sue', roles: ['support'] }),
    finance: () => server.token('operator', { subject: 'fred', roles: ['finance'] }),
  }
  let keys = 0

  beforeAll(async () => {
    server = await startTestServer({ store, jobs: false })
    await ask(
      'shop',
      'mutation { registerMembers(input: [{ id: "ada" }, { id: "bob" }]) { __typename } }',
    )
    for (const memberId of ['ada', 'bob']) {
      await ask(
        'finance',
        `mutation { adjustPoints(input: { memberId: "${memberId}", points: 999, reason: "r", idempotencyKey: "k" }) { ${REFUSAL} } }`,
      )
    }
    for (const [id, terms] of Object.entries(offers)) {
      const input = {
        id,
        channel: 'goods',
        title: { en: id, zh: '好物' },
        cashValue: '30.00 CNY',
        price: { byHand: 10 },
        ...terms,
      }
      const made = await ask(
        'rules',
        `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { ... on OfferSaved { offer { id } } ${REFUSAL} } }`,
        { input },
      )
      expect(made).toEqual({ offer: { id } })
    }
  })
  afterAll(async () => {
    expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
    await server.close()
  })

  async function ask(who: string, query: string, variables = {}, language = 'en'): Promise<Data> {
    const { data, errors } = await server.ask(query, {
      token: await tokens[who]!(),
      variables,
      headers: { 'accept-language': language },
    })
    expect(errors).toBeUndefined()
    return Object.values(data)[0]
  }
  async function redeem(offerId: string, order: object = {}, who = 'ada'): Promise<Data> {
    keys += 1
    const input = { memberId: who, offerId, order, idempotencyKey: `k-${keys}` }
    return ask(
      'shop',
      `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redemption { id status receipt } ${REFUSAL} } }`,
      { input },
    )
  }
  const move = (who: string, field: string, ids: string | string[], more = '') => {
    const [name, value] = Array.isArray(ids) ? ['redemptionIds', ids] : ['redemptionId', ids]
    return ask(who, `mutation { ${field}(${name}: ${JSON.stringify(value)} ${more}) { ${MOVED} } }`)
  }
  const send = (id: string, trackingNumber = '1') =>
    ask(
      'support',
      `mutation ($input: [SendGoodsInput!]!) { sendGoods(input: $input) { ${MOVED} } }`,
      {
        input: [{ redemptionId: id, carrier: 'SF', trackingNumber }],
      },
    )
  const decline = (id: string, reason: string) =>
    move('support', 'declineGoodsReturn', id, `, reason: ${JSON.stringify(reason)}`)
  const cancel = (id: string, who = 'ada') =>
    ask(
      who,
      `mutation { cancelRedemption(id: "${id}") { ... on Redemption { status } ${REFUSAL} } }`,
    )
  const look = (id: string, who = 'ada') =>
    ask(who, `{ shipment(redemptionId: "${id}") { status receivedAt } }`)
  const points = async (who = 'ada') =>
    (await ask('shop', `{ member(id: "${who}") { wallet { balance { available held } } } }`)).wallet
      .balance
  const askAgain = async () => {
    server.time.now += 3_600_000
    await server.program.redemptions.takeUpDue(100)
  }

  it('what is to be sent needs the id of an address, and costs nothing without', async () => {
    const before = await points()
    expect(await redeem('pot')).toMatchObject({ code: 'INVALID_INPUT', field: 'order.address' })
    expect(await redeem('pot', { address: '12 Nanjing Road' })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'order.address',
    })
    expect(await redeem('pot', { address: 'a-1', name: 'Ada' })).toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(await redeem('phone', { account: '12345' })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'order.account',
    })
    expect(await points()).toEqual(before)
  })

  it('R7: is ordered, picked, sent, received, sent back, and the points come back', async () => {
    const before = await points()
    const { id, status, receipt } = await redeem('pot', { address: 'a-1' })
    expect([status, receipt]).toEqual(['FULFILLED', { kind: 'physical' }])
    const list = await ask('shop', '{ goodsToPick { nodes { redemptionId address title } } }')
    expect(list.nodes).toContainEqual({ redemptionId: id, address: 'a-1', title: 'pot' })
    expect(await send(id)).toMatchObject([{ code: 'GOODS_ORDERED' }])
    expect(await move('support', 'pickGoods', [id, 'none', id])).toMatchObject([
      { shipment: { status: 'PICKING' } },
      { code: 'GOODS_NOT_FOUND', field: 'redemptionId' },
      { shipment: { status: 'PICKING' } },
    ])
    expect((await ask('shop', '{ goodsToPick { nodes { redemptionId } } }')).nodes).toEqual([])
    expect((await ask('support', '{ goodsToSend { nodes { redemptionId } } }')).nodes).toEqual([
      { redemptionId: id },
    ])
    expect(await cancel(id)).toMatchObject({ code: 'GOODS_PICKING' })
    expect(await send(id, 'x'.repeat(101))).toMatchObject([
      { code: 'INVALID_INPUT', field: 'trackingNumber' },
    ])
    expect(await send(id)).toMatchObject([
      { shipment: { status: 'SENT', carrier: 'SF', trackingNumber: '1' } },
    ])
    expect(await send(id)).toMatchObject([{ shipment: { status: 'SENT' } }])
    expect(await send(id, '2')).toMatchObject([{ code: 'GOODS_SENT' }])
    expect(await cancel(id)).toMatchObject({ code: 'GOODS_SENT' })
    expect(await move('ada', 'requestGoodsReturn', id)).toMatchObject({ code: 'GOODS_SENT' })
    // Nobody says anything for ten days.
    server.time.now += 10 * DAY_MS
    expect(await look(id)).toEqual({ status: 'SENT', receivedAt: null })
    server.time.now += DAY_MS
    expect(await look(id)).toEqual({ status: 'RECEIVED', receivedAt: '2026-01-15T16:00:00.000Z' })
    expect(
      (await ask('ada', '{ shipments(status: RECEIVED) { nodes { redemptionId } } }')).nodes,
    ).toEqual([{ redemptionId: id }])
    expect(await move('ada', 'receiveGoods', [id])).toMatchObject([
      { shipment: { status: 'RECEIVED' } },
    ])
    expect(await cancel(id)).toMatchObject({ code: 'GOODS_RECEIVED' })
    expect(await move('support', 'acceptGoodsReturn', id)).toMatchObject({ code: 'GOODS_RECEIVED' })
    expect(await move('ada', 'requestGoodsReturn', id)).toMatchObject({
      shipment: { status: 'RETURN_REQUESTED', returnUntil: '2026-01-23T16:00:00.000Z' },
    })
    expect(await cancel(id)).toMatchObject({ code: 'GOODS_RETURN_REQUESTED' })
    expect((await ask('shop', '{ goodsReturns { nodes { redemptionId } } }')).nodes).toEqual([
      { redemptionId: id },
    ])
    expect(await move('support', 'acceptGoodsReturn', id)).toMatchObject({
      shipment: { status: 'RETURNED' },
    })
    expect((await points()).available).toBe(before.available - 10)
    expect(await decline(id, 'too late')).toMatchObject({ code: 'GOODS_RETURNED' })
    expect(await cancel(id)).toEqual({ status: 'CANCELLED' })
    expect(await cancel(id)).toEqual({ status: 'CANCELLED' })
    expect(await points()).toEqual(before)
    expect(await look(id)).toMatchObject({ status: 'CANCELLED' })
    expect(await move('support', 'pickGoods', [id])).toMatchObject([{ code: 'GOODS_CANCELLED' }])
  })

  it('R7: a return that is declined says why, and can still be accepted', async () => {
    const before = await points()
    const { id } = await redeem('pot', { address: 'a-1' })
    expect(await decline(id, 'worn')).toMatchObject({ code: 'GOODS_ORDERED' })
    await move('shop', 'pickGoods', [id])
    await send(id)
    await move('ada', 'receiveGoods', [id])
    await move('ada', 'requestGoodsReturn', id)
    for (const reason of [' ', 'x'.repeat(501)]) {
      expect(await decline(id, reason)).toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    }
    expect(await decline('none', 'worn')).toMatchObject({ code: 'GOODS_NOT_FOUND' })
    const declined = { status: 'RETURN_DECLINED', returnDeclinedBecause: '有使用痕迹 — worn' }
    expect(await decline(id, '有使用痕迹 — worn')).toMatchObject({ shipment: declined })
    expect(await decline(id, 'another word')).toMatchObject({ shipment: declined })
    for (const [language, statusTitle] of [
      ['en', 'Return declined'],
      ['zh', '退货未通过'],
    ] as const) {
      const seen = await ask(
        'ada',
        `{ shipment(redemptionId: "${id}") { status statusTitle returnDeclinedBecause returnDeclinedAt } }`,
        {},
        language,
      )
      const returnDeclinedAt = new Date(server.time.now).toISOString()
      expect(seen).toEqual({ ...declined, statusTitle, returnDeclinedAt })
    }
    expect((await ask('shop', '{ goodsReturns { nodes { redemptionId } } }')).nodes).toEqual([])
    expect(
      (await ask('ada', '{ shipments(status: RETURN_DECLINED) { nodes { redemptionId } } }')).nodes,
    ).toEqual([{ redemptionId: id }])
    expect(await cancel(id)).toMatchObject({ code: 'GOODS_RETURN_DECLINED' })
    expect(await move('ada', 'requestGoodsReturn', id)).toMatchObject({
      code: 'GOODS_RETURN_DECLINED',
    })
    expect((await points()).available).toBe(before.available - 10)
    const audit = await ask(
      'support',
      `{ auditEntries(filter: { targetKind: "shipment", targetId: "${id}", act: "declineGoodsReturn" }) { nodes { by reason before after } } }`,
    )
    expect(audit.nodes).toEqual([
      {
        by: 'sue',
        reason: declined.returnDeclinedBecause,
        before: { status: 'return-requested' },
        after: { status: 'return-declined' },
      },
    ])
    // The shop thinks better of it.
    expect(await move('support', 'acceptGoodsReturn', id)).toMatchObject({
      shipment: { status: 'RETURNED' },
    })
    expect(await cancel(id)).toEqual({ status: 'CANCELLED' })
    expect(await points()).toEqual(before)
  })

  it('R7: can be cancelled until it is picked, or sent, as the settings say', async () => {
    const first = await redeem('pot', { address: 'a-1' })
    expect(await cancel(first.id)).toEqual({ status: 'CANCELLED' })
    const document = (cancelUntil: string) => ({
      channels: { goods: { settings: { cancelUntil, returnDays: 0 } } },
    })
    const set = (cancelUntil: string) =>
      ask(
        'rules',
        'mutation ($document: JSON!) { updatePolicy(input: { document: $document }) { ... on PolicyInvalid { faults { path } } } }',
        { document: document(cancelUntil) },
      )
    await set('sent')
    const second = await redeem('pot', { address: 'a-1' })
    await move('shop', 'pickGoods', [second.id])
    expect(await cancel(second.id)).toEqual({ status: 'CANCELLED' })
    // On the day itself only, and of the last pot never.
    for (const [offer, code] of [
      ['pot', 'GOODS_RETURN_TOO_LATE'],
      ['last-pot', 'GOODS_NOT_RETURNABLE'],
    ] as const) {
      const { id } = await redeem(offer, { address: 'a-1' })
      await move('shop', 'pickGoods', [id])
      await send(id)
      await move('ada', 'receiveGoods', [id])
      server.time.now += DAY_MS
      expect(await move('ada', 'requestGoodsReturn', id)).toMatchObject({ code })
    }
    await set('picked')
  })

  it('A6: a member neither sees nor receives another’s', async () => {
    const { id } = await redeem('pot', { address: 'a-1' })
    expect(await look(id, 'bob')).toBeNull()
    expect(await move('bob', 'receiveGoods', [id])).toMatchObject([{ code: 'GOODS_NOT_FOUND' }])
    expect(await move('bob', 'requestGoodsReturn', id)).toMatchObject({ code: 'GOODS_NOT_FOUND' })
    expect(await look(id)).toMatchObject({ status: 'ORDERED' })
    expect((await ask('bob', '{ shipments { nodes { redemptionId } } }')).nodes).toEqual([])
    await cancel(id)
  })

  it('R6: a top-up holds its points until it is done, or gives them back', async () => {
    const before = await points()
    const ids: string[] = []
    for (let n = 0; n < 2; n += 1) {
      const { id, status } = await redeem('phone', { account: '13912345678' })
      expect(status).toBe('UNKNOWN')
      ids.push(id)
    }
    await askAgain()
    // What follows is heard of at once: no time goes by.
    const { now } = server.time
    expect(await points()).toEqual({ available: before.available - 20, held: before.held + 20 })
    const list = await ask('shop', '{ topUpsToDo { nodes { redemptionId account } } }')
    expect(list.nodes).toEqual(
      ids.sort().map((redemptionId) => ({ redemptionId, account: '13912345678' })),
    )
    expect(await move('shop', 'completeTopUp', ids[0]!, ', reference: "t 1"')).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'reference',
    })
    expect(await move('shop', 'completeTopUp', ids[0]!, ', reference: "t-1"')).toMatchObject({
      shipment: { status: 'GIVEN', note: 't-1' },
    })
    expect(await move('shop', 'completeTopUp', ids[0]!, ', reference: "t-1"')).toMatchObject({
      shipment: { status: 'GIVEN' },
    })
    expect(await move('shop', 'failTopUp', ids[0]!, ', reason: "no"')).toMatchObject({
      code: 'GOODS_GIVEN',
    })
    expect(await move('shop', 'failTopUp', ids[1]!, ', reason: " "')).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'reason',
    })
    expect(await move('shop', 'failTopUp', ids[1]!, ', reason: "no such number"')).toMatchObject({
      shipment: { status: 'FAILED' },
    })
    expect(await move('shop', 'completeTopUp', ids[1]!)).toMatchObject({ code: 'GOODS_FAILED' })
    expect(server.time.now).toBe(now)
    expect(await points()).toEqual({ available: before.available - 10, held: before.held })
    const how = await ask('ada', `{ redemption(id: "${ids[0]}") { status receipt } }`)
    expect(how).toEqual({ status: 'FULFILLED', receipt: { kind: 'top-up', reference: 't-1' } })
    expect(await ask('ada', `{ redemption(id: "${ids[1]}") { status } }`)).toEqual({
      status: 'RELEASED',
    })
  })

  it('gives each code of the pool once, shows it to whom it was given, and counts the rest', async () => {
    const codes = (field: string, list: string[], offerId = 'film', more = '') =>
      ask(
        'rules',
        `mutation ($codes: [String!]!) { ${field}(offerId: "${offerId}", codes: $codes ${more}) { ... on GoodsCodesChanged { outcomes pool { free given void } } ${REFUSAL} } }`,
        { codes: list },
      )
    expect(await codes('importGoodsCodes', ['x'], 'pot')).toMatchObject({
      code: 'GOODS_POOL_NOT_FOUND',
      field: 'offerId',
    })
    expect(await codes('importGoodsCodes', ['x'], 'film', ', reason: ""')).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'reason',
    })
    expect(await codes('importGoodsCodes', ['A-1', 'A-2', 'A-1', 'no code', 'A-3'])).toEqual({
      outcomes: ['IMPORTED', 'IMPORTED', 'DUPLICATE', 'INVALID', 'IMPORTED'],
      pool: { free: 3, given: 0, void: 0 },
    })
    expect(await codes('importGoodsCodes', ['A-3'])).toMatchObject({ outcomes: ['DUPLICATE'] })
    const got: Data[] = []
    for (let n = 0; n < 2; n += 1) got.push(await redeem('film'))
    const told = got.map(({ receipt }) => receipt.code)
    const left = ['A-1', 'A-2', 'A-3'].filter((code) => !told.includes(code))
    expect([new Set(told).size, left.length]).toEqual([2, 1])
    expect(await codes('voidGoodsCodes', [...left, told[0], 'none'])).toEqual({
      outcomes: ['VOIDED', 'GIVEN', 'UNKNOWN'],
      pool: { free: 0, given: 2, void: 1 },
    })
    const before = await points()
    expect(await redeem('film')).toMatchObject({ status: 'RELEASED' })
    expect(await points()).toEqual(before)
    expect(await cancel(got[0].id)).toMatchObject({ code: 'GOODS_GIVEN' })
    expect(await ask('support', '{ goodsCodePool(offerId: "pot") { free } }')).toBeNull()
    // Nowhere but in the receipt: not in what lists and audit say.
    const said = await ask(
      'finance',
      '{ auditEntries(first: 100) { nodes { act before after reason } } }',
    )
    const lists = await ask(
      'support',
      '{ shipments(memberId: "ada") { nodes { redemptionId kind note sku account } } }',
    )
    expect(JSON.stringify(said)).toContain('importGoodsCodes')
    expect(JSON.stringify([said, lists])).not.toMatch(/A-[123]/)
  })

  it('gives a product of the programme’s own', async () => {
    const { id, status, receipt } = await redeem('club')
    expect([status, receipt]).toEqual(['FULFILLED', { kind: 'own', sku: 'club-1' }])
    expect(await ask('shop', `{ shipment(redemptionId: "${id}") { kind status sku } }`)).toEqual({
      kind: 'OWN',
      status: 'GIVEN',
      sku: 'club-1',
    })
  })

  it('R8: what is hot has its hours, so many a day and in all, and one a member', async () => {
    const at = { address: 'a-1' }
    const instant = (ms: number) => new Date(server.time.now + ms).toISOString()
    const hot = {
      id: 'hot',
      channel: 'goods',
      title: { en: 'Hot', zh: '爆品' },
      cashValue: '30.00 CNY',
      price: { byHand: 10 },
      details: { type: 'physical' },
      window: { from: instant(60_000), until: instant(3_660_000) },
      stock: { total: 10, perDay: 3 },
      limitPerMember: { count: 1, period: 'LIFETIME' },
    }
    await ask(
      'rules',
      `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { ${REFUSAL} } }`,
      { input: hot },
    )
    expect(await redeem('hot', at)).toMatchObject({ code: 'OFFER_NOT_OPEN' })
    server.time.now += 60_000
    const answers = await Promise.all(
      ['ada', 'bob', 'ada', 'bob'].map((who) => redeem('hot', at, who)),
    )
    expect(answers.map(({ code, status }) => code ?? status).sort()).toEqual([
      'FULFILLED',
      'FULFILLED',
      'LIMIT_REACHED',
      'LIMIT_REACHED',
    ])
    server.time.now += 3_600_000
    expect(await redeem('hot', at)).toMatchObject({ code: 'OFFER_NOT_OPEN' })
  })
})
