import { isRefusal, verifyLedger } from '@pointwell/ledger'
import type { Fulfilment } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { statementsOf } from '../../../../test/support/statements-of.js'
import { balanceOf, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'

const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '10.00 CNY',
  stock: { total: 5 },
  price: { byHand: 1_000 },
  pointsAndCash: { leastPointsShare: '0.3', mostPointsShare: '0.9' },
} as const
const WAIT_MS = 15 * 60_000

const SHOWN = `id status points receipt refusal { code } cash { amount paidAt payBy refundDue }
  transaction { explanation { step points title } }`
const REFUSAL = '... on Refusal { code field detail availableAmount neededAmount }'
const ann = viewerOf.member('ann')
const { storefront } = viewerOf

async function open(store: StoreName, offer: object = {}) {
  const answers: Fulfilment[] = []
  const channel = scriptedChannel({
    fulfil: async () => answers.shift() ?? { outcome: 'fulfilled', receipt: 'C' },
    cancel: async () => 'cancelled',
  })
  const test = await openTestProgram(store, { plugins: [shop, channel] })
  const { program, time } = test
  await program.members.registerMany([{ id: 'ann' }])
  const lines = [{ id: '1', quantity: 1, priceMinor: 500_000 }]
  const event = { orderId: 'o', at: time.now, lines }
  assertDone(await program.earn({ source: 'purchase', memberId: 'ann', event }))
  assertDone(await program.offers.create({ ...tea, ...offer }))
  let n = 0
  const redeem = async (input: object = {}) => {
    const query = `mutation ($input: RedeemInput!) { redeem(input: $input) {
      ... on Redemption { ${SHOWN} } ${REFUSAL} } }`
    const variables = { input: { offerId: 'tea', idempotencyKey: `k${n++}`, ...input } }
    return (await dataOf(test, query, { viewer: ann, variables })).redeem
  }
  const pay = async (redemptionId: string, amount = '6.00 CNY', reference = 'pay-1') => {
    const query = `mutation ($input: ConfirmPaymentInput!) { confirmPayment(input: $input) {
      ... on Redemption { ${SHOWN} } ${REFUSAL} } }`
    const variables = { input: { redemptionId, amount, reference } }
    return (await dataOf(test, query, { viewer: storefront, variables })).confirmPayment
  }
  const refund = async (redemptionId: string, reference = 'back-1') => {
    const query = `mutation ($input: ConfirmRefundInput!) { confirmRefund(input: $input) {
      ... on Redemption { ${SHOWN} } ${REFUSAL} } }`
    const variables = { input: { redemptionId, reference } }
    return (await dataOf(test, query, { viewer: storefront, variables })).confirmRefund
  }
  const cancel = async (id: string) => {
    const query = `mutation ($id: ID!) { cancelRedemption(id: $id) {
      ... on Redemption { ${SHOWN} } ${REFUSAL} } }`
    return (await dataOf(test, query, { viewer: ann, variables: { id } })).cancelRedemption
  }
  /** What is to be given back, by the list of it, however it is cut into pages. */
  const owed = async (first = 50, viewer = storefront): Promise<string[]> => {
    const query = `query ($first: Int!, $after: String) { refundsDue(first: $first, after: $after) {
      nodes { id cash { refundDue } } pageInfo { hasNextPage endCursor } } }`
    const ids: string[] = []
    for (let after: string | null = null; ; ) {
      const variables = { first, after }
      const { refundsDue: page } = await dataOf(test, query, { viewer, variables })
      for (const node of page.nodes) {
        expect(node.cash).toEqual({ refundDue: true })
        ids.push(node.id)
      }
      if (!page.pageInfo.hasNextPage) return ids
      after = page.pageInfo.endCursor
    }
  }
  const look = async () => {
    const { available, held } = (await balanceOf(test, 'ann')).balance
    const sold = (await test.ledger.store.findCounters(['stock:tea'])).get('stock:tea') ?? 0
    return { available, held, sold }
  }
  return { ...test, answers, redeem, pay, refund, cancel, look, owed }
}

describe.each(availableStores())('R4 on %s: points and cash', (store) => {
  it('shows the range, promises both parts, and spends the points once the money is there', async () => {
    const test = await open(store)
    const page = `{ offer(id: "tea") { price pointsAndCash { leastPointsShare mostPointsShare
      leastPoints cashAtLeast mostPoints cashAtMost } } }`
    expect((await dataOf(test, page, { viewer: ann })).offer).toEqual({
      price: 1_000,
      pointsAndCash: {
        leastPointsShare: '0.3',
        mostPointsShare: '0.9',
        leastPoints: 300,
        cashAtLeast: '7.00 CNY',
        mostPoints: 900,
        cashAtMost: '1.00 CNY',
      },
    })
    const asking = `mutation { quote(offerId: "tea", points: 400) { ... on Quote {
      id points cash explanation { step points } } ${REFUSAL} } }`
    const { quote } = await dataOf(test, asking, { viewer: ann })
    expect(quote).toMatchObject({ points: 400, cash: '6.00 CNY' })
    expect(quote.explanation.at(-1)).toEqual({ step: 'cash-part', points: '-600' })

    const asked = await test.redeem({ quoteId: quote.id, offerId: null, idempotencyKey: null })
    expect(asked).toMatchObject({
      status: 'AWAITING_PAYMENT',
      points: 400,
      receipt: null,
      cash: { amount: '6.00 CNY', paidAt: null, refundDue: false },
    })
    expect(Date.parse(asked.cash.payBy)).toBe(test.time.now + WAIT_MS)
    expect(await test.look()).toEqual({ available: 4_600, held: 400, sold: 1 })
    expect(await test.pay(asked.id, '5.99 CNY')).toEqual({
      code: 'PAYMENT_AMOUNT_WRONG',
      field: 'amount',
      detail: null,
      availableAmount: '5.99 CNY',
      neededAmount: '6.00 CNY',
    })
    const paid = await test.pay(asked.id)
    expect(paid).toMatchObject({
      status: 'FULFILLED',
      receipt: 'C',
      cash: { payBy: null, refundDue: false, paidAt: new Date(test.time.now).toISOString() },
    })
    expect(await test.pay(asked.id)).toEqual(paid)
    expect(await test.pay(asked.id, '6.00 CNY', 'pay-2')).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'reference',
    })
    expect(await test.look()).toEqual({ available: 4_600, held: 0, sold: 1 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('pays as much in points as it can where nobody says', async () => {
    const test = await open(store)
    expect(await test.redeem()).toMatchObject({ points: 900, cash: { amount: '1.00 CNY' } })
    const terms = { leastPointsShare: '0.3', mostPointsShare: '1' }
    assertDone(await test.program.offers.update({ id: 'tea', pointsAndCash: terms }))
    expect(await test.redeem()).toMatchObject({ points: 1_000, cash: null, status: 'FULFILLED' })
  })

  it('gives everything back when the money does not come', async () => {
    const test = await open(store)
    const { id } = await test.redeem({ points: 400 })
    test.time.now += WAIT_MS - 1
    await test.program.redemptions.takeUpDue(10)
    expect(await test.look()).toEqual({ available: 4_600, held: 400, sold: 1 })
    test.time.now += 1
    expect(await test.pay(id)).toMatchObject({ code: 'PAYMENT_TOO_LATE' })
    await test.program.redemptions.takeUpDue(10)
    expect(await test.look()).toEqual({ available: 5_000, held: 0, sold: 0 })
    expect(await test.pay(id)).toMatchObject({ code: 'PAYMENT_TOO_LATE' })
    const query = `{ redemption(id: "${id}") { ${SHOWN} } }`
    expect((await dataOf(test, query, { viewer: ann })).redemption).toMatchObject({
      status: 'RELEASED',
      refusal: { code: 'PAYMENT_TOO_LATE' },
      cash: { payBy: null, refundDue: false },
    })
  })

  it('can be called off before it is paid, and taken back after', async () => {
    const test = await open(store)
    const off = await test.redeem({ points: 400 })
    const called = await test.cancel(off.id)
    expect(called).toMatchObject({ status: 'RELEASED', refusal: null, cash: { refundDue: false } })
    // Who did not hear it asks again, and hears the same.
    expect(await test.cancel(off.id)).toEqual(called)
    expect(await test.pay(off.id)).toMatchObject({ code: 'PAYMENT_TOO_LATE' })
    expect(await test.look()).toEqual({ available: 5_000, held: 0, sold: 0 })

    const kept = await test.redeem({ points: 400 })
    await test.pay(kept.id)
    expect(await test.refund(kept.id)).toMatchObject({ code: 'REFUND_NOT_DUE' })
    expect(await test.owed()).toEqual([])
    expect(await test.cancel(kept.id)).toMatchObject({
      status: 'CANCELLED',
      cash: { refundDue: true },
    })
    expect(await test.look()).toEqual({ available: 5_000, held: 0, sold: 0 })
    expect(await test.owed()).toEqual([kept.id])
    const back = await test.refund(kept.id)
    expect(await test.owed()).toEqual([])
    expect(back).toMatchObject({ status: 'CANCELLED', cash: { refundDue: false } })
    expect(await test.refund(kept.id)).toEqual(back)
    expect(await test.refund(kept.id, 'back-2')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  it('owes the money where the channel refuses after it was paid', async () => {
    const test = await open(store)
    const { id } = await test.redeem({ points: 400 })
    test.answers.push({ outcome: 'refused', code: 'EMPTY' })
    expect(await test.pay(id)).toMatchObject({
      status: 'RELEASED',
      refusal: { code: 'EMPTY' },
      cash: { refundDue: true },
    })
    expect(await test.look()).toEqual({ available: 5_000, held: 0, sold: 0 })
  })

  it('lists what is to be given back, the longest owed first, and asks no more for many', async () => {
    const test = await open(store, { stock: { total: 20 } })
    const ids: string[] = []
    const cost: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const { id } = await test.redeem({ points: 400 })
      await test.pay(id)
      ids.push(id)
      // Two of them at the same moment.
      if (n !== 2) test.time.now += 1_000
    }
    // The other way round than they were made.
    const late = ids.toReversed()
    for (const [n, id] of late.entries()) {
      await test.cancel(id)
      if (n !== 1) test.time.now += 1_000
      const statements = await statementsOf(test, async () => {
        expect(await test.owed()).toHaveLength(n + 1)
      })
      cost.push(statements.length)
    }
    if (store !== 'memory') expect(new Set(cost)).toEqual(new Set([2]))
    const [first, second, third, fourth, fifth] = late as [string, string, string, string, string]
    // Of two at once by their ids.
    const order = [first, ...[second, third].sort(), fourth, fifth]
    expect(await test.owed()).toEqual(order)
    for (const size of [1, 2, 3]) expect(await test.owed(size)).toEqual(order)
    expect(await test.owed(50, viewerOf.operator('finance'))).toEqual(order)
    await test.refund(second)
    expect(await test.owed(2)).toEqual(order.filter((id) => id !== second))
    for (const id of order) await test.refund(id)
    expect(await test.owed()).toEqual([])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('M8: a member whom money is owed to is not erased before it is given back', async () => {
    const test = await open(store)
    const { id } = await test.redeem({ points: 400 })
    await test.pay(id)
    await test.cancel(id)
    const asked = { memberId: 'ann', idempotencyKey: 'e', acting: null }
    expect(await test.program.erasures.erase(asked)).toMatchObject({
      code: 'ERASURE_BLOCKED',
      figures: { detail: `The money of the redemption ${id} is not given back.` },
    })
    await test.refund(id)
    expect(await test.program.erasures.erase(asked)).toMatchObject({ state: 'done' })
    expect(await test.owed()).toEqual([])
  })

  it('M8: what is owed to a member who is merged into another stays owed, once', async () => {
    const test = await open(store)
    const { id } = await test.redeem({ points: 400 })
    await test.pay(id)
    await test.cancel(id)
    await test.program.members.register({ id: 'bea' })
    const merge = `mutation { mergeMembers(input: { from: "ann", into: "bea", reason: "one", idempotencyKey: "m" }) {
      ... on Refusal { code } } }`
    expect((await dataOf(test, merge)).mergeMembers).toEqual({})
    expect(await test.owed()).toEqual([id])
    expect(await test.refund(id)).toMatchObject({ cash: { refundDue: false } })
    expect(await test.owed()).toEqual([])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('R6: asks again where the server died, or the channel could not say, after it was paid', async () => {
    const test = await open(store)
    const { id } = await test.redeem({ points: 400 })
    test.answers.push({ outcome: 'unknown' })
    expect(await test.pay(id)).toMatchObject({ status: 'UNKNOWN' })
    test.time.now += WAIT_MS
    await test.program.redemptions.takeUpDue(10)
    expect(await test.pay(id)).toMatchObject({ status: 'FULFILLED' })
  })

  it.each<[string, object, object]>([
    ['fewer points than the least', { points: 299 }, { field: 'points' }],
    ['more than the most', { points: 901 }, { field: 'points' }],
  ])('refuses %s', async (_, input, refusal) => {
    const test = await open(store)
    expect(await test.redeem(input)).toMatchObject({
      code: 'INVALID_INPUT',
      detail: 'Expected 300 to 900.',
      ...refusal,
    })
    expect(await test.look()).toEqual({ available: 5_000, held: 0, sold: 0 })
  })

  it('refuses a part where all of it is points, and money for it', async () => {
    const test = await open(store, { pointsAndCash: null })
    expect(await test.redeem({ points: 400 })).toMatchObject({ code: 'INVALID_INPUT' })
    const { id } = await test.redeem({ points: 1_000 })
    expect(await test.pay(id)).toMatchObject({ code: 'PAYMENT_NOT_DUE' })
    expect(await test.pay(id, '1.00 CNY', ' ')).toMatchObject({ code: 'PAYMENT_NOT_DUE' })
  })

  it('R4: whoever comes at once (the money, the time-out, the member), one of them has it', async () => {
    const test = await open(store)
    const moment = fc.constantFrom('pay', 'pay again', 'cancel', 'job')
    await fc.assert(
      fc.asyncProperty(
        fc.array(moment, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(-1, 0, 1),
        async (acts, late) => {
          const before = await test.look()
          const { id } = await test.redeem({ points: 400 })
          test.time.now += WAIT_MS + late
          const { redemptions } = test.program
          const payment = { id, amount: { amountMinor: 600, currency: 'CNY' }, reference: 'p' }
          const answers = await Promise.all(
            acts.map((act) => {
              if (act === 'cancel') return redemptions.cancel(id)
              return act === 'job' ? redemptions.takeUpDue(10) : redemptions.confirmPayment(payment)
            }),
          )
          test.time.now += 10 * WAIT_MS
          await redemptions.takeUpDue(10)
          const now = await redemptions.find(id)
          assertDone(now!)
          const isPaid = now!.cash!.paid !== null
          const isSpent = now!.status === 'fulfilled'
          if (!isPaid) expect(now!.status).toBe('released')
          if (late >= 0) expect(isPaid).toBe(false)
          const told = answers.filter((it, n) => acts[n]!.startsWith('pay') && !isRefusal(it))
          if (told.length > 0) expect(isPaid).toBe(true)
          expect(await test.look()).toEqual({
            available: before.available - (isSpent ? 400 : 0),
            held: 0,
            sold: before.sold + (isSpent ? 1 : 0),
          })
          const owes = async () => (await test.owed()).includes(id)
          expect(await owes()).toBe(isPaid && !isSpent)
          if (isSpent) assertDone(await redemptions.cancel(id))
          expect(await owes()).toBe(isPaid)
        },
      ),
      { numRuns: 15 },
    )
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })
})
