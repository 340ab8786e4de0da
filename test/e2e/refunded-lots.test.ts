import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { openStandInPartner, type StandInPartner } from '../support/stand-in-partner.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const HOUR_MS = 3_600_000
const REFUSAL = '... on Refusal { code field detail }'
const LOTS = `query ($id: ID!) { member(id: $id) { wallet { balance { available held }
  lots(first: 20) { nodes { id kind available held expiresAt } } } } }`

const coupon = { type: 'direct-deduction', offMinor: 100 }
const returnable = { type: 'physical', returnable: true }
const partner = (gives: object) => ({ partner: 'cinema', costMinor: 100, gives })
/** One of each channel and kind of which points can come back. */
const OFFERS: Readonly<Record<string, { channel: string; details: object; cash?: boolean }>> = {
  coupon: { channel: 'coupon', details: coupon },
  mug: { channel: 'goods', details: returnable },
  'no-code': { channel: 'goods', details: { type: 'virtual', gives: { kind: 'code' } } },
  'top-up': { channel: 'goods', details: { type: 'virtual', gives: { kind: 'top-up' } } },
  popcorn: { channel: 'partner', details: partner({ source: 'pool', returnable: true }) },
  seat: { channel: 'partner', details: partner({ source: 'api', product: 'seat' }) },
  bet: { channel: 'game', details: { type: 'stake' } },
  'part-bet': { channel: 'game', details: { type: 'stake' }, cash: true },
  'part-cash': { channel: 'goods', details: returnable, cash: true },
}
/** More than two of the three lots that a member has: 100 points each. */
const PRICE = 250

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'L2: what comes back goes to the lots it came from, on %s',
  (store) => {
    let server: TestServer
    let there: StandInPartner
    let count = 0
    const tokens: Record<string, () => Promise<string>> = {
      shop: () => server.token('storefront'),
      operator: () => server.token('operator', { subject: 'rosa', roles: ['admin'] }),
    }
    async function ask(who: string, query: string, variables: object = {}): Promise<Data> {
      const token = await tokens[who]!()
      const { data, errors } = await server.ask(query, { token, variables: { ...variables } })
      expect(errors).toBeUndefined()
      return Object.values(data)[0]
    }
    const act = (who: string, name: string, type: string, input: object, fields = '__typename') =>
      ask(who, `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} ${REFUSAL} } }`, {
        input,
      })
    const move = async (name: string, args: string) => {
      const moved = await ask('shop', `mutation { ${name}(${args}) { __typename ${REFUSAL} } }`)
      for (const it of [moved].flat()) expect(it.code).toBeUndefined()
    }

    beforeAll(async () => {
      there = await openStandInPartner()
      server = await startTestServer({ store, jobs: false })
      const term = (days: number) => ({ term: 'days', days })
      const kind = (days: number | null) => ({
        title: { en: 'x', zh: 'x' },
        expiry: days === null ? { term: 'never' } : term(days),
      })
      const document = {
        kinds: { purchase: kind(60), task: kind(90), bonus: kind(200), base: kind(null) },
        tiers: { levels: [{ id: 'all', title: { en: 'x', zh: 'x' }, threshold: '0' }] },
        checkout: { mostShare: '1', leastPoints: 1 },
      }
      const policy = await act(
        'operator',
        'updatePolicy',
        'UpdatePolicyInput!',
        { document },
        '__typename ... on PolicyInvalid { faults { path message } }',
      )
      expect(policy).toEqual({ __typename: 'PolicyUpdated' })
      const cinema = {
        id: 'cinema',
        title: { en: 'x', zh: 'x' },
        terms: 'POSTPAID',
        currency: 'CNY',
        creditLimit: '1000.00 CNY',
        apiUrl: there.url,
        secretName: there.secretName,
      }
      expect(await act('operator', 'createPartner', 'CreatePartnerInput!', cinema)).toEqual({
        __typename: 'PartnerSaved',
      })
      for (const [id, { cash, ...offer }] of Object.entries(OFFERS)) {
        const input = {
          id,
          title: { en: id, zh: id },
          cashValue: '10.00 CNY',
          price: { byHand: cash ? 2 * PRICE : PRICE },
          ...(cash && { pointsAndCash: { leastPointsShare: '0.5', mostPointsShare: '0.5' } }),
          ...offer,
        }
        expect(await act('operator', 'createOffer', 'CreateOfferInput!', input)).toEqual({
          __typename: 'OfferSaved',
        })
      }
      await ask(
        'operator',
        'mutation { importPartnerCodes(offerId: "popcorn", codes: ["P-1", "P-2"]) { __typename } }',
      )
    })
    afterAll(async () => {
      expect(await verifyLedger(server.ledger.store)).toMatchObject({ ok: true })
      await server.close()
    })

    /** One with a lot of each kind, which end at different times. */
    async function newMember(): Promise<string> {
      const id = `m-${++count}`
      await ask('shop', `mutation { registerMember(input: { id: "${id}" }) { __typename } }`)
      for (const kind of ['base', 'bonus', 'task']) {
        const input = { memberId: id, points: 100, kind, reason: 'r', idempotencyKey: kind }
        expect(await act('operator', 'adjustPoints', 'AdjustPointsInput!', input)).toEqual({
          __typename: 'Adjustment',
        })
      }
      return id
    }
    const walletOf = async (id: string) => (await ask('shop', LOTS, { id })).wallet
    async function redeem(memberId: string, offerId: string, order?: object): Promise<Data> {
      const input = { memberId, offerId, idempotencyKey: `k-${++count}`, ...(order && { order }) }
      return act(
        'shop',
        'redeem',
        'RedeemInput!',
        input,
        '... on Redemption { id status cash { amount } }',
      )
    }
    const cancel = async (id: string) =>
      ask(
        'shop',
        `mutation { cancelRedemption(id: "${id}") { ... on Redemption { status } ${REFUSAL} } }`,
      )
    const askAgain = async (afterMs = HOUR_MS) => {
      server.time.now += afterMs
      await server.program.redemptions.takeUpDue(100)
      await server.program.checkout.releaseDue(100)
    }
    const address = { address: 'a-1' }
    const statusOf = async (id: string): Promise<string> =>
      (await ask('shop', `{ redemption(id: "${id}") { status } }`)).status
    /** A stake on a round of its own. */
    async function stake(memberId: string, offerId = 'bet') {
      const roundId = `round-${++count}`
      const named = (id: string) => ({ id, title: { en: id, zh: id } })
      const closesAt = new Date(server.time.now + HOUR_MS).toISOString()
      const outcomes = [named('home'), named('away')]
      const round = { ...named(roundId), offerId, outcomes, closesAt, reason: 'the match' }
      expect(await act('operator', 'openStake', 'OpenStakeInput!', round)).toEqual({
        __typename: 'StakeOpened',
      })
      const input = { memberId, roundId, outcome: 'home', idempotencyKey: roundId }
      const fields = '... on GamePlayed { redemptionId }'
      const { redemptionId } = await act('shop', 'joinStake', 'JoinStakeInput!', input, fields)
      return { id: redemptionId as string, roundId }
    }
    async function end(name: 'voidStake' | 'settleStake', input: object): Promise<void> {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`
      const fields = '... on StakeEnded { unpaidBecause round { unpaid } }'
      const ended = await act('operator', name, type, { ...input, reason: 'the whistle' }, fields)
      expect(ended).toEqual({ unpaidBecause: null, round: { unpaid: 0 } })
    }
    const payCash = (id: string, amount: string) =>
      act(
        'shop',
        'confirmPayment',
        'ConfirmPaymentInput!',
        { redemptionId: id, amount, reference: `pay-${id}` },
        '... on Redemption { status }',
      )
    const payWithPoints = async (memberId: string) => {
      const orderId = `order-${memberId}`
      const input = {
        memberId,
        orderId,
        orderAmount: '2.50 CNY',
        points: PRICE,
        idempotencyKey: orderId,
      }
      expect(
        await act(
          'shop',
          'payWithPoints',
          'PayWithPointsInput!',
          input,
          '... on PointsPayment { status }',
        ),
      ).toEqual({ status: 'HELD' })
      return orderId
    }

    /** How points are taken and come back; answers with how it ended. */
    const WAYS: Readonly<Record<string, (member: string) => Promise<string>>> = {
      async 'a coupon is cancelled'(member) {
        return (await cancel((await redeem(member, 'coupon')).id)).status
      },
      async 'goods are cancelled before they are picked'(member) {
        return (await cancel((await redeem(member, 'mug', address)).id)).status
      },
      async 'goods come back'(member) {
        const { id } = await redeem(member, 'mug', address)
        await move('pickGoods', `redemptionIds: ["${id}"]`)
        await move(
          'sendGoods',
          `input: [{ redemptionId: "${id}", carrier: "SF", trackingNumber: "1" }]`,
        )
        await move('receiveGoods', `redemptionIds: ["${id}"]`)
        await move('requestGoodsReturn', `redemptionId: "${id}"`)
        await move('acceptGoodsReturn', `redemptionId: "${id}"`)
        return (await cancel(id)).status
      },
      async 'the channel has nothing to give'(member) {
        return (await redeem(member, 'no-code')).status
      },
      async 'a top-up cannot be done'(member) {
        const { id } = await redeem(member, 'top-up', { account: '13912345678' })
        await move('failTopUp', `redemptionId: "${id}", reason: "no such number"`)
        return (await ask('shop', `{ redemption(id: "${id}") { status } }`)).status
      },
      async 'a partner’s code comes back'(member) {
        return (await cancel((await redeem(member, 'popcorn')).id)).status
      },
      async 'a partner’s API takes its order back'(member) {
        return (await cancel((await redeem(member, 'seat')).id)).status
      },
      async 'the money is never paid'(member) {
        const { id } = await redeem(member, 'part-cash', address)
        await askAgain(24 * HOUR_MS)
        return (await ask('shop', `{ redemption(id: "${id}") { status } }`)).status
      },
      async 'it is called off before the money is paid'(member) {
        const { id } = await redeem(member, 'part-cash', address)
        return (await cancel(id)).status
      },
      async 'it is given back after the money was paid'(member) {
        const { id, cash } = await redeem(member, 'part-cash', address)
        expect(await payCash(id, cash.amount)).toEqual({ status: 'FULFILLED' })
        return (await cancel(id)).status
      },
      async 'a round of stakes is voided'(member) {
        const { id, roundId } = await stake(member)
        await end('voidStake', { roundId })
        return statusOf(id)
      },
      async 'a round of stakes that money was paid for, too, is voided'(member) {
        const { id, roundId } = await stake(member, 'part-bet')
        const { cash } = await ask('shop', `{ redemption(id: "${id}") { cash { amount } } }`)
        expect(await payCash(id, cash.amount)).toEqual({ status: 'FULFILLED' })
        await end('voidStake', { roundId })
        const due = await ask('operator', '{ refundsDue { nodes { id } } }')
        expect(due.nodes).toContainEqual({ id })
        return statusOf(id)
      },
      async 'nobody wins a round whose pool comes back then'(member) {
        const { id, roundId } = await stake(member)
        // Nobody takes a stake back but its round.
        expect(await cancel(id)).toEqual({ code: 'GAME_PLAY_FINAL', field: null, detail: null })
        server.time.now += HOUR_MS
        await end('settleStake', { roundId, outcome: 'away' })
        return statusOf(id)
      },
      async 'a checkout is given up'(member) {
        const orderId = await payWithPoints(member)
        const given = `mutation { releasePointsPayment(orderId: "${orderId}") { ... on PointsPayment { status } ${REFUSAL} } }`
        return (await ask('shop', given)).status
      },
      async 'nobody settles a checkout'(member) {
        await payWithPoints(member)
        await askAgain(24 * HOUR_MS)
        return 'RELEASED'
      },
      async 'an order paid with points comes back in parts'(member) {
        const orderId = await payWithPoints(member)
        await ask('shop', `mutation { capturePointsPayment(orderId: "${orderId}") { __typename } }`)
        for (const [place, amount] of ['0.70 CNY', '1.10 CNY', '0.70 CNY'].entries()) {
          const input = { orderId, returnId: `r-${place}`, amount }
          expect(
            await act('shop', 'returnPointsPayment', 'ReturnPointsPaymentInput!', input),
          ).toEqual({ __typename: 'PointsPayment' })
        }
        return 'CAPTURED'
      },
    }

    it.each(Object.keys(WAYS))('%s', async (way) => {
      const member = await newMember()
      const before = await walletOf(member)
      expect(
        before.lots.nodes.map(({ kind, available }: Data) => `${kind} ${available}`).sort(),
      ).toEqual(['base 100', 'bonus 100', 'task 100'])
      expect(new Set(before.lots.nodes.map(({ expiresAt }: Data) => expiresAt)).size).toBe(3)
      const ended = await WAYS[way]!(member)
      expect(['CANCELLED', 'RELEASED', 'CAPTURED']).toContain(ended)
      expect(await walletOf(member)).toEqual(before)
    })

    it('the soonest to end are taken first', async () => {
      const member = await newMember()
      expect((await redeem(member, 'coupon')).status).toBe('FULFILLED')
      const { lots } = await walletOf(member)
      expect(Object.fromEntries(lots.nodes.map((it: Data) => [it.kind, it.available]))).toEqual({
        base: 50,
        ...Object.fromEntries(
          lots.nodes.filter(({ kind }: Data) => kind !== 'base').map((it: Data) => [it.kind, 0]),
        ),
      })
    })
  },
)
