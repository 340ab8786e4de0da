import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { balanceOf, DAY_MS, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'

const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '10.00 CNY',
} as const

const PRICES = `query ($memberId: ID!) { offers(memberId: $memberId, first: 10) { nodes {
  id price formulaPrice expiringDiscount } } }`

async function open(store: StoreName, { policy = {}, offer = {} }: Record<string, object> = {}) {
  const script = { refuses: false }
  const channel = scriptedChannel({
    fulfil: async () =>
      script.refuses ? { outcome: 'refused', code: 'EMPTY' } : { outcome: 'fulfilled', receipt: 1 },
    cancel: async () => 'cancelled',
  })
  const test = await openTestProgram(store, {
    plugins: [shop, channel],
    firstPolicy: { pricing: { closedLoopRatio: '100' }, ...policy },
  })
  const { program, time } = test
  await program.members.registerMany([
    { id: 'ann', region: 'north' },
    { id: 'bob', region: 'south' },
  ])
  const give = async (memberId: string, points: number) => {
    const lines = [{ id: '1', quantity: 1, priceMinor: points * 100 }]
    const event = { orderId: `${memberId}-${time.now}-${points}`, at: time.now, lines }
    assertDone(await program.earn({ source: 'purchase', memberId, event }))
  }
  await give('ann', 100_000)
  await give('bob', 100_000)
  assertDone(await program.offers.create({ ...tea, ...offer }))
  let n = 0
  const redeem = async (memberId = 'ann', more: object = {}) => {
    const request = { memberId, offerId: 'tea', idempotencyKey: `k${n++}`, ...more }
    const redemption = await program.redemptions.redeem(request)
    assertDone(redemption)
    return redemption
  }
  const quote = async (memberId = 'ann') => {
    const quoted = await program.redemptions.quote({ memberId, offerId: 'tea' })
    assertDone(quoted)
    return quoted
  }
  /** What the page shows, what is promised, and what is taken: all the same. */
  const priceOf = async (memberId = 'ann') => {
    const { offers } = await dataOf(test, PRICES, { variables: { memberId } })
    const { points, steps } = await quote(memberId)
    expect(steps.reduce((sum, step) => sum + Number(step.points), 0)).toBeCloseTo(points, 4)
    expect(Number(offers.nodes[0].price)).toBe(points)
    return points
  }
  return { ...test, script, give, redeem, quote, priceOf }
}

describe.each(availableStores())('R3 on %s: prices that change', (store) => {
  it('by region: the policy’s factor, or the offer’s own', async () => {
    const pricing = { closedLoopRatio: '100', regions: { north: '1.2' } }
    const { program, priceOf, redeem } = await open(store, { policy: { pricing } })
    expect([await priceOf('ann'), await priceOf('bob')]).toEqual([1_200, 1_000])
    const byRegion = [{ region: 'south', factor: '0.5' }]
    assertDone(await program.offers.update({ id: 'tea', price: { byRegion } }))
    expect([await priceOf('ann'), await priceOf('bob')]).toEqual([1_000, 500])
    expect((await redeem('bob')).points).toBe(500)
  })

  it('by stock: the operator’s curve goes up as it sells, and down as it comes back', async () => {
    const byStock = [
      { leftAtMost: '0.25', factor: '2' },
      { leftAtMost: '0.5', factor: '1.5' },
    ]
    const offer = { stock: { total: 4 }, price: { byStock } }
    const { program, priceOf, redeem, script } = await open(store, { offer })
    const paid = []
    for (let sold = 0; sold < 4; sold++) paid.push((await redeem()).points)
    expect(paid).toEqual([1_000, 1_000, 1_500, 2_000])
    const held = await program.redemptions.findOfWallet(1, { before: null, limit: 1 })
    assertDone(await program.redemptions.cancel(held[0]!.id))
    expect(await priceOf()).toBe(2_000)
    script.refuses = true
    expect(await redeem()).toMatchObject({ status: 'released', points: 2_000 })
    expect(await priceOf()).toBe(2_000)
  })

  it('for the first redemption, until one stands', async () => {
    const pricing = { closedLoopRatio: '100', firstRedemption: '0.5' }
    const { program, priceOf, redeem, script } = await open(store, { policy: { pricing } })
    expect(await priceOf()).toBe(500)
    script.refuses = true
    expect((await redeem()).status).toBe('released')
    script.refuses = false
    const first = await redeem()
    expect(first.points).toBe(500)
    expect(await priceOf()).toBe(1_000)
    expect((await redeem()).points).toBe(1_000)
    for (const { id } of await program.redemptions.findOfWallet(1, { before: null, limit: 9 })) {
      await program.redemptions.cancel(id)
    }
    expect(await priceOf()).toBe(500)
  })

  it('by tier: the offer’s own factor before the tier’s', async () => {
    const level = { title: { en: 'x', zh: 'x' }, threshold: '0', priceFactor: '0.9' }
    const tiers = { levels: [{ id: 'all', ...level }] }
    const { program, priceOf } = await open(store, { policy: { tiers } })
    expect(await priceOf()).toBe(900)
    const byTier = [{ tier: 'all', factor: '0.7' }]
    assertDone(await program.offers.update({ id: 'tea', price: { byTier } }))
    expect(await priceOf()).toBe(700)
  })

  it('X6: what is paid with points that run out within 15 days costs less, where it is marked', async () => {
    const kinds = {
      task: { title: { en: 'Task', zh: '任务' }, expiry: { term: 'days', days: 20 } },
      bonus: { title: { en: 'Bonus', zh: '奖励' }, expiry: { term: 'never' } },
    }
    const sources = { purchase: { kind: 'bonus' } }
    // Gold's points never run out.
    const tiers = { levels: [{ id: 'all', title: { en: 'x', zh: 'x' }, threshold: '0' }] }
    const test = await open(store, {
      policy: { kinds, sources, tiers },
      offer: { price: { expiringDiscount: true } },
    })
    const { program, time, priceOf, redeem } = test
    const award = (points: number, idempotencyKey: string) =>
      program.award({
        memberId: 'ann',
        plugin: 'shelf',
        kind: 'task',
        points,
        because: [{ step: 'prize', points }],
        idempotencyKey,
      })
    assertDone(await award(450, 'a'))
    expect(await priceOf()).toBe(1_000)
    time.now += 4 * DAY_MS
    expect(await priceOf()).toBe(1_000)
    time.now += DAY_MS
    expect(await priceOf()).toBe(950)
    assertDone(await program.offers.update({ id: 'tea', price: { expiringDiscount: false } }))
    expect(await priceOf()).toBe(1_000)
    assertDone(await program.offers.update({ id: 'tea', price: { expiringDiscount: true } }))
    const before = (await balanceOf(test, 'ann')).balance.available
    expect((await redeem()).points).toBe(950)
    expect((await balanceOf(test, 'ann')).balance.available).toBe(before - 950)
    // All of them are spent now, so the next one costs what it costs.
    expect(await priceOf()).toBe(1_000)
    assertDone(await award(5_000, 'b'))
    time.now += 6 * DAY_MS
    expect(await priceOf()).toBe(900)
    time.now += 30 * DAY_MS
    expect(await priceOf()).toBe(1_000)
  })

  it('never below the floor, the offer’s or the policy’s', async () => {
    const pricing = { closedLoopRatio: '100', firstRedemption: '0.001', floorShare: '0.8' }
    const { program, priceOf } = await open(store, { policy: { pricing } })
    expect(await priceOf()).toBe(800)
    assertDone(await program.offers.update({ id: 'tea', price: { floor: 650 } }))
    expect(await priceOf()).toBe(650)
  })

  it.each<[string, object, string]>([
    ['a curve without a stock', { byStock: [{ leftAtMost: '0.5', factor: '2' }] }, 'price.byStock'],
    ['a tier that is none', { byTier: [{ tier: 'x', factor: '2' }] }, 'price.byTier.0.tier'],
    ['a floor above the price by hand', { byHand: 5, floor: 6 }, 'price.floor'],
    [
      'a share above one',
      { byStock: [{ leftAtMost: '1.1', factor: '2' }] },
      'price.byStock.0.leftAtMost',
    ],
    [
      'a region twice',
      {
        byRegion: [
          { region: 'n', factor: '2' },
          { region: 'n', factor: '3' },
        ],
      },
      'price.byRegion',
    ],
  ])('names %s', async (_, price, field) => {
    const { program } = await open(store)
    const answer = await program.offers.update({ id: 'tea', price } as never)
    expect(isRefusal(answer) && answer.figures.field).toBe(field)
  })

  it('R3: a quote is a promise: whatever changes, the redemption at it costs it', async () => {
    const byStock = [
      { leftAtMost: '0.9', factor: '1.3' },
      { leftAtMost: '0.5', factor: '1.7' },
    ]
    const pricing = {
      closedLoopRatio: '100',
      firstRedemption: '0.61',
      regions: { north: '1.13' },
    }
    const test = await open(store, {
      policy: { pricing, quotes: { minutes: 60 } },
      offer: { stock: { total: 1_000 }, price: { byStock } },
    })
    const { program, quote, redeem, ledger } = test
    const act = fc.constantFrom('quote', 'redeem', 'redeem quote', 'change', 'cancel')
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const quotes: { id: string; points: number }[] = []
        for (const [n, what] of acts.entries()) {
          if (what === 'quote') quotes.push(await quote())
          if (what === 'redeem') await redeem()
          if (what === 'change') {
            const total = 500 + n * 100
            assertDone(await program.offers.update({ id: 'tea', stock: { total } }))
          }
          if (what === 'cancel') {
            const [last] = await program.redemptions.findOfWallet(1, { before: null, limit: 1 })
            if (last?.status === 'fulfilled') assertDone(await program.redemptions.cancel(last.id))
          }
          const promised = what === 'redeem quote' && quotes.shift()
          if (!promised) continue
          const paid = await program.redemptions.redeem({ memberId: 'ann', quoteId: promised.id })
          assertDone(paid)
          expect(paid.points).toBe(promised.points)
          const [capture] = await ledger.store.findTransactions(1, { before: null, limit: 1 })
          const spent = capture!.entries.filter(({ account }) => account === 'redeemed:shelf')
          expect(spent.reduce((sum, { amount }) => sum + amount, 0)).toBe(promised.points)
        }
        for (const { id, status } of await program.redemptions.findOfWallet(1, {
          before: null,
          limit: 100,
        })) {
          if (status === 'fulfilled') assertDone(await program.redemptions.cancel(id))
        }
      }),
      { numRuns: 12 },
    )
  })
})
