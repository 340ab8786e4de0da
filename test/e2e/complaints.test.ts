import { verifyLedger } from '@pointwell/ledger'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { shuffled } from '../support/chance.js'
import { availableStores } from '../support/databases.js'
import { times } from '../support/ledger-servers.js'
import { couponOffer, goods, openShop, type Shop } from '../support/shop.js'

/** What users of other systems complained about, each by its name, at the front door of two servers. */

const EMPTY = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
const TABS = 10
const CLIENTS = 64

const stores = availableStores().filter((name) => name !== 'memory')

describe.each(stores)('complaints about other systems, on two servers over %s', (store) => {
  let shop: Shop
  let now: number
  /** A member that no other test knows; its orders are named after it. */
  let ann: string
  let lastMember = 0

  beforeAll(async () => {
    // One tier, so that whoever buys much earns no more for it.
    const levels = [{ id: 'regular', title: { en: 'Regular', zh: '普通' }, threshold: '0' }]
    shop = await openShop(store, { tiers: { levels } })
    now = shop.servers[0]!.time.now
    const offers = [
      couponOffer('a-hundred', 100),
      couponOffer('another-hundred', 100),
      couponOffer('the-only-one', 100, { stock: { total: 1 } }),
    ]
    for (const input of offers) await shop.ask(0, 'offer', { input }, 'rules')
  })
  afterAll(async () => {
    const verified = await verifyLedger(shop.servers[0]!.ledger.store)
    expect(verified, JSON.stringify(verified)).toMatchObject({ ok: true })
    await shop.close()
  })
  beforeEach(async () => {
    ann = `ann-${++lastMember}`
    await shop.register(ann)
  })

  const both = [0, 1]
  /** An order of one line, as many points as yuan. */
  const buy = (yuan: number, name: string, server = 0) =>
    shop.record(server, goods(ann, name, now, [{ id: '1', quantity: yuan, unitPrice: '1' }]))
  const fulfilled = (answers: readonly Data[]) => answers.filter((it) => it.status === 'FULFILLED')
  const refused = (answers: readonly Data[]) => answers.filter((it) => 'code' in it)

  describe('points without end by refunding again and again', () => {
    const order = (name: string) =>
      goods(ann, name, now, [
        { id: 'tea', quantity: 4, unitPrice: '25' },
        { id: 'cup', quantity: 3, unitPrice: '33.5' },
        { id: 'tin', quantity: 1, unitPrice: '0.75' },
      ])

    it('part by part, in any order and each twice: it ends at nothing, and never goes below', async () => {
      const pieces = [...times(4, () => 'tea'), ...times(3, () => 'cup'), 'tin']
      for (const name of times(3, (place) => `${ann}-o${place}`)) {
        expect(await shop.record(0, order(name))).toMatchObject({ points: 201 })
        let taken = 0
        for (const [place, line] of shuffled(pieces).entries()) {
          const back = (server: number) => shop.giveBack(server, name, `r${place}`, { [line]: 1 })
          const first = await back(0)
          expect(first.replayed).toBe(false)
          expect(first.points).toBeLessThanOrEqual(0)
          expect(await back(1)).toEqual({ ...first, replayed: true })
          taken -= first.points
          expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 201 - taken })
        }
        expect(taken).toBe(201)
        for (const line of ['tea', 'cup', 'tin']) {
          expect(await shop.giveBack(0, name, `again-${line}`, { [line]: 1 })).toMatchObject({
            code: 'RETURN_EXCEEDS_PURCHASE',
            available: 0,
            needed: 1,
          })
        }
        expect(await shop.ask(1, 'cancel', { orderId: name })).toMatchObject({ points: 0 })
        expect(await shop.balance(ann)).toEqual(EMPTY)
      }
    })

    it('by many clients at once: as many pieces come back as were bought', async () => {
      await buy(1000, `${ann}-other`)
      await shop.record(0, order(`${ann}-o`))
      const answers = await Promise.all(
        times(30, (place) => shop.giveBack(place, `${ann}-o`, `r${place}`, { tea: 1 })),
      )
      const done = answers.filter((it) => 'points' in it)
      expect(done).toHaveLength(4)
      for (const { points } of done) expect(points).toBe(-25)
      for (const refusal of refused(answers)) {
        expect(refusal).toMatchObject({
          code: 'RETURN_EXCEEDS_PURCHASE',
          available: 0,
          needed: 1,
        })
      }
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 1101 })
    })

    it('the same return by many clients at once is one', async () => {
      await shop.record(0, order(`${ann}-o`))
      const answers = await Promise.all(
        times(30, (place) => shop.giveBack(place, `${ann}-o`, 'r', { cup: 2, tea: 1 })),
      )
      expect(new Set(answers.map(({ transaction }) => transaction.id)).size).toBe(1)
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 201 - 92 })
    })

    it.each([
      ['the order goes back first', ['return', 'cancel']],
      ['the redemption goes back first', ['cancel', 'return']],
      ['both at once', ['both']],
    ])('after redeeming, again and again; %s', async (_, steps) => {
      for (const round of times(4, (place) => place)) {
        const name = `${ann}-${round}`
        await buy(100, name)
        const { id } = await shop.redeem(1, ann, 'a-hundred', name)
        expect(await shop.balance(ann)).toEqual(EMPTY)
        const giveBack = () =>
          Promise.all(both.map((server) => shop.giveBack(server, name, 'r', { 1: 100 })))
        const cancel = async () => {
          const answers = await Promise.all(
            times(4, (place) => shop.ask(place, 'cancelRedemption', { id })),
          )
          expect(refused(answers)).toEqual([])
        }
        for (const step of steps) {
          if (step === 'both') await Promise.all([giveBack(), cancel()])
          else await (step === 'return' ? giveBack() : cancel())
          if (step === 'return' && steps[0] === 'return') {
            expect(await shop.balance(ann)).toEqual({ ...EMPTY, debt: 100 })
          }
          if (step === 'cancel' && steps[0] === 'cancel') {
            expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 100 })
          }
        }
        expect(await shop.balance(ann)).toEqual(EMPTY)
      }
    })

    it('what was kept of the redemption is owed, and repaid before anything is there to spend', async () => {
      for (const round of times(3, (place) => place)) {
        await buy(100, `${ann}-${round}`)
        await shop.giveBack(0, `${ann}-${round}`, 'r', { 1: 100 })
      }
      await buy(100, `${ann}-spent`)
      expect(fulfilled([await shop.redeem(0, ann, 'a-hundred', 'k')])).toHaveLength(1)
      await shop.giveBack(0, `${ann}-spent`, 'r', { 1: 100 })
      await buy(150, `${ann}-later`)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 50 })
      expect(await shop.redeem(1, ann, 'a-hundred', 'k2')).toMatchObject({
        code: 'INSUFFICIENT_POINTS',
        available: 50,
        needed: 100,
      })
    })
  })

  describe('the same points redeemed twice', () => {
    it('by two tabs at once, on one server or on two: one of them gets it', async () => {
      for (const round of times(TABS, (place) => place)) {
        await buy(100, `${ann}-${round}`)
        const tabs = ['a-hundred', round % 2 ? 'a-hundred' : 'another-hundred']
        const answers = await Promise.all(
          tabs.map((offer, tab) =>
            shop.redeem(round < TABS / 2 ? tab : 0, ann, offer, `${round}-${tab}`),
          ),
        )
        expect(fulfilled(answers)).toHaveLength(1)
        expect(refused(answers)).toMatchObject([
          { code: 'INSUFFICIENT_POINTS', available: 0, needed: 100 },
        ])
        expect(await shop.balance(ann)).toEqual(EMPTY)
      }
    })

    it('by many tabs that send one key, or one quote: one redemption and one coupon', async () => {
      await buy(1000, `${ann}-o`)
      const sameKey = await Promise.all(
        times(TABS, (tab) => shop.redeem(tab, ann, 'a-hundred', 'one key')),
      )
      expect(new Set(sameKey.map(({ id }) => id)).size).toBe(1)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 900 })

      const quote = { memberId: ann, offerId: 'a-hundred' }
      const { id: quoteId } = await shop.ask(0, 'quote', quote)
      const sameQuote = await Promise.all(
        times(TABS, (tab) => shop.ask(tab, 'redeem', { input: { memberId: ann, quoteId } })),
      )
      expect(new Set(sameQuote.map(({ id }) => id)).size).toBe(1)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 800 })
      const again = await Promise.all([
        shop.redeem(0, ann, 'a-hundred', 'one key'),
        shop.ask(1, 'redeem', { input: { memberId: ann, quoteId } }),
      ])
      expect(fulfilled(again).map(({ receipt }) => receipt.code)).toHaveLength(2)
      expect(new Set(again.map(({ receipt }) => receipt.code)).size).toBe(2)
    })
  })

  describe('one coupon for many', () => {
    it(`of stock 1, claimed by ${CLIENTS} members at once: one has it, also when it comes back`, async () => {
      const members = times(CLIENTS, (place) => `${ann}-${place}`)
      await shop.register(...members)
      const orders = members.map((member) =>
        goods(member, `${member}-o`, now, [{ id: '1', quantity: 1, unitPrice: '100' }]),
      )
      await shop.ask(0, 'record', { input: orders })
      for (const round of ['first', 'second']) {
        const answers = await Promise.all(
          members.map((member, place) => shop.redeem(place, member, 'the-only-one', round)),
        )
        expect(refused(answers).map(({ code }) => code)).toEqual(
          times(CLIENTS - 1, () => 'OUT_OF_STOCK'),
        )
        const balances = await Promise.all(members.map((member) => shop.balance(member)))
        for (const [place, { status }] of answers.entries()) {
          const available = status === 'FULFILLED' ? 0 : 100
          expect(balances[place]).toEqual({ ...EMPTY, available })
        }
        const [{ id }] = fulfilled(answers) as [Data]
        expect(await shop.ask(1, 'cancelRedemption', { id })).toMatchObject({
          status: 'CANCELLED',
        })
      }
    })

    it(`used by ${CLIENTS} orders at once: one has the discount`, async () => {
      await buy(100, `${ann}-o`)
      const { receipt } = await shop.redeem(0, ann, 'a-hundred', 'k')
      const answers = await Promise.all(
        times(CLIENTS, (place) => {
          const orderId = `${ann}-order-${place}`
          const input = { code: receipt.code, orderId, orderAmount: '25.00 CNY' }
          return shop.ask(place, 'useCoupon', { input })
        }),
      )
      expect(answers.filter(({ discount }) => discount === '10.00 CNY')).toHaveLength(1)
      expect(refused(answers).map(({ code }) => code)).toEqual(
        times(CLIENTS - 1, () => 'COUPON_USED'),
      )
    })
  })

  describe('an order sent twice by a client that timed out', () => {
    const order = (more: object = {}) =>
      goods(ann, `${ann}-o`, now, [{ id: '1', quantity: 2, unitPrice: '50' }], more)

    it('counts once, whichever server gets it, at once or later', async () => {
      const answers = await Promise.all(times(20, (place) => shop.record(place, order())))
      answers.push(await shop.record(0, order()), await shop.record(1, order()))
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      const [{ replayed, ...first }] = answers as [Data]
      for (const { replayed, ...answer } of answers) expect(answer).toEqual(first)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 100 })
      expect(await shop.history(ann)).toHaveLength(1)
    })

    it('counts once when the client hangs up before the answer and asks the other server', async () => {
      const token = await shop.servers[0]!.token('storefront')
      for (const round of times(12, (place) => place)) {
        const input = { ...order(), orderId: `${ann}-${round}` }
        const hangUp = new AbortController()
        const query = `mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }`
        const first = fetch(`${shop.servers[0]!.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, variables: { input } }),
          signal: hangUp.signal,
        }).catch((fault) => fault)
        await new Promise((resolve) => setTimeout(resolve, round % 6))
        hangUp.abort()
        expect(await shop.record(1, input)).toMatchObject({ points: 100 })
        await first
      }
      // Whatever the first server still had in hand is answered before this.
      await shop.record(0, { ...order(), orderId: `${ann}-11` })
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 1200 })
      expect(await shop.history(ann)).toHaveLength(12)
    })

    it.each<[string, object]>([
      ['memberId', { memberId: 'ann-1' }],
      ['at', { at: '2026-01-05T03:59:59Z' }],
      [
        'lines.0.quantity',
        { lines: [{ id: '1', article: 'article-1', quantity: 3, unitPrice: '50' }] },
      ],
      [
        'lines.0.unitPrice',
        { lines: [{ id: '1', article: 'article-1', quantity: 2, unitPrice: '51' }] },
      ],
      ['paidWithPoints', { paidWithPoints: '1.00 CNY' }],
      ['region', { region: 'class-3' }],
      ['confirmed', { confirmed: false }],
    ])('with other content is refused, and %s is named', async (field, other) => {
      await shop.record(0, order())
      const answers = await Promise.all(
        times(4, (place) => shop.record(place, { ...order(), ...other })),
      )
      for (const answer of answers) {
        expect(answer).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', field })
      }
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 100 })
    })

    it('with other content at the same moment: one of the two counts, and only that', async () => {
      for (const round of times(8, (place) => place)) {
        const orderId = `${ann}-${round}`
        const answers = await Promise.all(
          [2, 3].map((quantity, server) =>
            shop.record(server, {
              ...goods(ann, orderId, now, [{ id: '1', quantity, unitPrice: '1' }]),
            }),
          ),
        )
        expect(refused(answers)).toMatchObject([
          { code: 'IDEMPOTENCY_MISMATCH', field: 'lines.0.quantity' },
        ])
        const kept = answers.find((it) => 'points' in it)!
        await shop.giveBack(0, orderId, 'r', { 1: kept.points })
        expect(await shop.balance(ann)).toEqual(EMPTY)
      }
    })

    it('a return or a redemption with other content is refused too, by its field', async () => {
      await shop.record(0, order())
      await shop.giveBack(0, `${ann}-o`, 'r', { 1: 1 })
      expect(await shop.giveBack(1, `${ann}-o`, 'r', { 1: 2 })).toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
        field: 'lines.0.quantity',
      })
      await buy(100, `${ann}-p`)
      await shop.redeem(0, ann, 'a-hundred', 'k')
      expect(await shop.redeem(1, ann, 'another-hundred', 'k')).toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
        field: 'offerId',
      })
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: 50 })
    })
  })

  describe('credit lost when two grants meet', () => {
    it('300 grants to one wallet from both servers: the sum exact, no version left out', async () => {
      const amounts = times(300, (place) => place + 1)
      const checkIns = both.map((server) => shop.ask(server, 'checkIn', { memberId: ann }))
      const answers = await Promise.all(
        shuffled(amounts).map((yuan, place) => buy(yuan, `${ann}-${yuan}`, place)),
      )
      for (const { points } of await Promise.all(checkIns)) expect(points).toBe(5)
      const sum = 45_150 + 5
      expect(answers.reduce((all, { points }) => all + points, 5)).toBe(sum)
      expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: sum })
      expect(await shop.balance(ann, 1)).toEqual({ ...EMPTY, available: sum })

      const history = await shop.history(ann)
      expect(history.map(({ version }) => version)).toEqual(times(301, (place) => `${place + 1}`))
      let running = 0
      for (const { points, balance } of history) {
        running += points
        expect(balance.available).toBe(running)
      }
    })

    it('grants that meet spends and returns: each is there, and nothing else', async () => {
      await buy(1000, `${ann}-o`)
      const acts = times(40, (place) => [
        () => buy(7, `${ann}-buy-${place}`, place),
        () => shop.redeem(place + 1, ann, 'a-hundred', `k-${place}`),
        () => shop.giveBack(place, `${ann}-o`, `r-${place}`, { 1: 3 }),
      ]).flat()
      const answers = await Promise.all(shuffled(acts).map((act) => act()))
      const redeemed = fulfilled(answers).length
      expect(redeemed).toBeGreaterThan(0)
      const { available, debt, ...rest } = await shop.balance(ann)
      expect(available - debt).toBe(1000 + 40 * 7 - 40 * 3 - redeemed * 100)
      expect(Math.min(available, debt)).toBe(0)
      expect(rest).toEqual({ pending: 0, claimable: 0, held: 0, frozen: 0 })
    })
  })

  describe('points earned on what was paid with points', () => {
    const order = (name: string, more: object) =>
      goods(ann, name, now, [{ id: '1', quantity: 4, unitPrice: '25' }], more)

    it.each<[string, object, number]>([
      ['a part with points', { paidWithPoints: '40.00 CNY' }, 60],
      ['a part with a coupon', { paidWithCoupons: '10.50 CNY' }, 89],
      ['both', { paidWithPoints: '40.00 CNY', paidWithCoupons: '10.00 CNY' }, 50],
      [
        'both, and taxes',
        { paidWithPoints: '40.00 CNY', paidWithCoupons: '10.00 CNY', includedTax: '13.00 CNY' },
        37,
      ],
      ['all with points', { paidWithPoints: '100.00 CNY' }, 0],
      ['more than all', { paidWithPoints: '100.00 CNY', paidWithCoupons: '50.00 CNY' }, 0],
      ['delivery, too', { paidWithPoints: '100.00 CNY', delivery: '20.00 CNY' }, 0],
    ])(
      '%s: that part earns nothing, and its return takes no more than was earned',
      async (_, paid, points) => {
        expect(await shop.record(0, order(`${ann}-o`, paid))).toMatchObject({ points })
        expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: points })
        // The share that earned nothing goes down with its goods.
        for (const left of [3, 2, 1, 0]) {
          await shop.giveBack(left, `${ann}-o`, `r${left}`, { 1: 1 })
          const standing = Math.floor(((points === 89 ? 89.5 : points) * left) / 4)
          expect(await shop.balance(ann)).toEqual({ ...EMPTY, available: standing })
        }
      },
    )

    it('spent in a circle, points die out: no order earns on the coupon that paid it', async () => {
      await buy(1000, `${ann}-first`)
      let earned = 1000
      for (let round = 0; ; round++) {
        const redeemed = await shop.redeem(round, ann, 'a-hundred', `k${round}`)
        if (redeemed.code === 'INSUFFICIENT_POINTS') break
        const name = `${ann}-${round}`
        const input = { code: redeemed.receipt.code, orderId: name, orderAmount: '10.00 CNY' }
        const { discount } = await shop.ask(0, 'useCoupon', { input })
        const line = [{ id: '1', quantity: 1, unitPrice: '10' }]
        const answer = await shop.record(
          1,
          goods(ann, name, now, line, { paidWithCoupons: discount }),
        )
        expect(answer.points).toBe(0)
        earned += answer.points
        expect(round).toBeLessThan(10)
      }
      expect(earned).toBe(1000)
      expect(await shop.balance(ann)).toEqual(EMPTY)
    })
  })
})
