import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { balanceOf, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, shop } from '../../../../test/support/test-program-plugins.js'

const { storefront } = viewerOf
const REFUSAL = '... on Refusal { code field detail needed limit available availableAmount }'
const PAYMENT = `... on PointsPayment { orderId memberId orderAmount points pays status
  returnedAmount returnedPoints releasesAt settledAt }`
const HOUR_MS = 3_600_000

async function open(store: StoreName, policy: object = {}) {
  const test = await openTestProgram(store, { plugins: [shop], firstPolicy: policy })
  const { program, time } = test
  await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  const give = async (memberId: string, points: number) => {
    const lines = [{ id: '1', quantity: 1, priceMinor: points * 100 }]
    const event = { orderId: `${memberId}-${points}`, at: time.now, lines }
    assertDone(await program.earn({ source: 'purchase', memberId, event }))
  }
  await give('ann', 3_000)
  const ask = async (field: string, args: string, viewer = storefront) => {
    const [kind, selection] =
      field === 'pointsAtCheckout'
        ? ['query', '... on PointsAtCheckout { points pays usable worth leastPoints }']
        : ['mutation', PAYMENT]
    const query = `${kind} { answer: ${field}(${args}) { __typename ${selection} ${REFUSAL} } }`
    return (await dataOf(test, query, { viewer })).answer
  }
  const pay = (points: number, more = 'idempotencyKey: "k"', memberId = 'ann') =>
    ask(
      'payWithPoints',
      `input: { memberId: "${memberId}", orderId: "o", orderAmount: "40.00 CNY", points: ${points}, ${more} }`,
    )
  const back = (amount: string, returnId = 'r') =>
    ask(
      'returnPointsPayment',
      `input: { orderId: "o", amount: "${amount}", returnId: "${returnId}" }`,
    )
  const capture = () => ask('capturePointsPayment', 'orderId: "o"')
  const release = () => ask('releasePointsPayment', 'orderId: "o"')
  const look = async () => {
    const { available, held } = (await balanceOf(test, 'ann')).balance
    return { available, held }
  }
  return { ...test, give, ask, pay, back, capture, release, look }
}

describe.each(availableStores())('R5 on %s: points at checkout', (store) => {
  it('says how many points could pay how much: 100 points are 1 yuan, for half of an order', async () => {
    const test = await open(store)
    const offer = (amount: string, memberId = 'ann') =>
      test.ask('pointsAtCheckout', `orderAmount: "${amount}", memberId: "${memberId}"`)
    expect(await offer('40.00 CNY')).toEqual({
      __typename: 'PointsAtCheckout',
      points: 2_000,
      pays: '20.00 CNY',
      usable: 3_000,
      worth: '30.00 CNY',
      leastPoints: 100,
    })
    expect(await offer('100.00 CNY')).toMatchObject({ points: 3_000, pays: '30.00 CNY' })
    expect(await offer('1.98 CNY')).toMatchObject({ points: 0, pays: '0.00 CNY' })
    expect(await offer('40.00 CNY', 'bob')).toMatchObject({ points: 0, usable: 0 })
    expect(await offer('40.00 USD')).toMatchObject({ code: 'CURRENCY_NOT_SUPPORTED' })
    expect(await offer('40.00 CNY', 'eve')).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
    const own = await test.ask(
      'pointsAtCheckout',
      'orderAmount: "40.00 CNY"',
      viewerOf.member('ann'),
    )
    expect(own).toMatchObject({ points: 2_000 })
  })

  it('holds, spends and gives back', async () => {
    const test = await open(store)
    const held = await test.pay(1_500)
    expect(held).toMatchObject({
      memberId: 'ann',
      points: 1_500,
      pays: '15.00 CNY',
      status: 'HELD',
      releasesAt: new Date(test.time.now + HOUR_MS).toISOString(),
    })
    expect(await test.pay(1_500)).toEqual(held)
    expect(await test.pay(1_400)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', field: 'points' })
    expect(await test.pay(200, 'idempotencyKey: "k2"')).toMatchObject({ code: 'ORDER_HAS_PAYMENT' })
    expect(await test.look()).toEqual({ available: 1_500, held: 1_500 })
    expect(await test.back('1.00 CNY')).toMatchObject({ code: 'PAYMENT_NOT_CAPTURED' })
    const spent = await test.capture()
    expect(spent).toMatchObject({ status: 'CAPTURED', releasesAt: null })
    expect(await test.capture()).toEqual(spent)
    expect(await test.release()).toMatchObject({ code: 'PAYMENT_CAPTURED' })
    expect(await test.look()).toEqual({ available: 1_500, held: 0 })

    const first = await test.back('5.00 CNY')
    expect(first).toMatchObject({ returnedAmount: '5.00 CNY', returnedPoints: 500 })
    expect(await test.back('5.00 CNY')).toEqual(first)
    expect(await test.back('5.01 CNY')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    expect(await test.back('10.01 CNY', 'r2')).toMatchObject({
      code: 'RETURN_TOO_LARGE',
      availableAmount: '10.00 CNY',
    })
    expect(await test.back('0.00 CNY', 'r3')).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await test.back('1.00 USD', 'r3')).toMatchObject({ code: 'CURRENCY_NOT_SUPPORTED' })
    await test.back('10.00 CNY', 'r4')
    expect(await test.look()).toEqual({ available: 3_000, held: 0 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('gives back what nobody asked for in time, and takes the order anew', async () => {
    const test = await open(store)
    await test.pay(1_500)
    test.time.now += HOUR_MS - 1
    await test.program.checkout.releaseDue(10)
    expect(await test.look()).toEqual({ available: 1_500, held: 1_500 })
    test.time.now += 1
    await test.program.checkout.releaseDue(10)
    expect(await test.look()).toEqual({ available: 3_000, held: 0 })
    expect(await test.capture()).toMatchObject({ code: 'PAYMENT_RELEASED' })
    expect(await test.release()).toMatchObject({ status: 'RELEASED' })
    expect(await test.pay(700, 'idempotencyKey: "k2"')).toMatchObject({
      status: 'HELD',
      points: 700,
    })
    expect(await test.release()).toMatchObject({ status: 'RELEASED' })
    expect(await test.pay(100, 'idempotencyKey: "k3"', 'bob')).toMatchObject({
      code: 'ORDER_HAS_PAYMENT',
    })
    expect(await test.look()).toEqual({ available: 3_000, held: 0 })
  })

  it('takes no more points than what they pay costs', async () => {
    const test = await open(store, { checkout: { pointsPerMajor: '300', leastPoints: 1 } })
    expect(await test.pay(1_000)).toMatchObject({ points: 999, pays: '3.33 CNY' })
    await test.capture()
    // A point pays a third of a fen: the whole comes back with the last of it.
    for (let n = 0; n < 333; n++) await test.back('0.01 CNY', `r${n}`)
    expect(await test.look()).toEqual({ available: 3_000, held: 0 })
  })

  it.each<[string, number, object]>([
    ['too few', 99, { code: 'CHECKOUT_TOO_FEW', needed: 100 }],
    ['more than half of the order', 2_001, { code: 'CHECKOUT_TOO_MANY', limit: 2_000 }],
  ])('refuses %s', async (_, points, refusal) => {
    const test = await open(store)
    expect(await test.pay(points)).toMatchObject(refusal)
    expect(await test.look()).toEqual({ available: 3_000, held: 0 })
  })

  it('refuses what there is not', async () => {
    const test = await open(store)
    expect(await test.pay(1_000, 'idempotencyKey: "k"', 'bob')).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      available: 0,
      needed: 1_000,
    })
    expect(await test.pay(1_000, 'idempotencyKey: "k"', 'eve')).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
    })
    for (const asked of [test.capture(), test.release(), test.back('1.00 CNY')]) {
      expect(await asked).toMatchObject({ code: 'PAYMENT_NOT_FOUND', field: 'orderId' })
    }
    const off = { checkout: { mostShare: '0' } }
    assertDone(await test.program.policies.update({ by: 'test', document: off }))
    expect(await test.pay(100)).toMatchObject({ code: 'CHECKOUT_TOO_MANY', limit: 0 })
  })

  it('R5 L2: whoever comes at once, the points are spent once or back, and returns sum up', async () => {
    const test = await open(store)
    const { checkout } = test.program
    let n = 0
    const act = fc.constantFrom('pay', 'pay other', 'capture', 'release', 'job', 'return')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        async (turns) => {
          const orderId = `order-${n++}`
          const before = await test.look()
          const request = {
            memberId: 'ann',
            orderId,
            orderAmount: { amountMinor: 1_000, currency: 'CNY' },
            points: 400,
          }
          let returns = 0
          for (const acts of [['pay'], ...turns]) {
            await Promise.all(
              acts.map((what) => {
                if (what === 'pay') return checkout.pay({ ...request, idempotencyKey: orderId })
                if (what === 'pay other') {
                  return checkout.pay({ ...request, idempotencyKey: `${orderId} other` })
                }
                if (what === 'capture') return checkout.capture(orderId)
                if (what === 'release') return checkout.release(orderId)
                if (what === 'job') return checkout.releaseDue(10)
                const amount = { amountMinor: 70, currency: 'CNY' }
                return checkout.takeBack({ orderId, amount, returnId: `r${returns++}` })
              }),
            )
            const payment = (await checkout.find(orderId))!
            const isHeld = payment.status === 'held'
            const spent = payment.status === 'captured' ? 400 - payment.returnedPoints : 0
            expect(payment.returnedPoints).toBe(payment.returnedMinor)
            expect(payment.returnedMinor).toBeLessThanOrEqual(400)
            expect(await test.look()).toEqual({
              available: before.available - spent - (isHeld ? 400 : 0),
              held: before.held + (isHeld ? 400 : 0),
            })
          }
          const last = (await checkout.find(orderId))!
          if (last.status === 'held') assertDone(await checkout.release(orderId))
          const open = 400 - last.returnedMinor
          if (last.status === 'captured' && open > 0) {
            const amount = { amountMinor: open, currency: 'CNY' }
            const rest = await checkout.takeBack({ orderId, amount, returnId: 'rest' })
            expect(isRefusal(rest)).toBe(false)
          }
          expect(await test.look()).toEqual(before)
        },
      ),
      { numRuns: 15 },
    )
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })
})
