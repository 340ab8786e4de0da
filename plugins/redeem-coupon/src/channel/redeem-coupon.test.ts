import { type OfferFacts, openCalendar, type PluginStore, runEffect } from '@pointwell/plugin'
import { describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import { findCouponCode } from '../code/coupon-code.js'
import type { Coupon } from '../coupon/coupon.js'
import { decideRelease } from '../coupon/decide-release.js'
import { decideUse } from '../coupon/decide-use.js'
import type { CouponContext } from '../coupon/new-coupon.js'
import type { CouponOffer } from '../offer/coupon-offer.js'
import { couponSettings } from '../settings/coupon-settings.js'
import { changeCoupon } from '../store/change-coupon.js'
import { CouponCodeEntity } from '../store/coupon-code.entity.js'
import { findCouponByCode, findCouponByRedemption } from '../store/coupon-table.js'
import { redeemCoupon } from './redeem-coupon.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const DAY_MS = 86_400_000
const MANY = 64

const offer: OfferFacts<CouponOffer> = {
  id: '50-off-200',
  title: { en: '50 off 200', zh: '满200减50' },
  details: { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 },
  cashValueMinor: 5_000,
  currency: 'CNY',
}

function contextOf(
  store: PluginStore,
  given: {
    id?: string
    now?: number
    details?: CouponOffer
    signal?: AbortSignal
  } = {},
): CouponContext {
  const { id = 'r-1', now = NOW, details = offer.details, signal } = given
  return {
    settings: couponSettings.parse({}),
    offer: { ...offer, details },
    redemption: { id, memberId: 'ada', points: 2_500, order: {}, at: NOW },
    calendar: openCalendar('Asia/Shanghai'),
    now,
    store,
    signal: signal ?? new AbortController().signal,
  }
}

/** As the programme calls it: behind the wall that turns a fault into `unknown`. */
const fulfil = (...given: Parameters<typeof contextOf>) => {
  const { signal, ...context } = contextOf(...given)
  return runEffect(redeemCoupon, 'fulfil', context, { signal })
}
const cancel = (...given: Parameters<typeof contextOf>) => {
  const { signal, ...context } = contextOf(...given)
  return runEffect(redeemCoupon, 'cancel', { ...context, receipt: null }, { signal })
}

async function issue(store: PluginStore, id = 'r-1'): Promise<Coupon> {
  expect(await fulfil(store, { id })).toMatchObject({ outcome: 'fulfilled' })
  return getCoupon(store, id)
}
async function getCoupon(store: PluginStore, id = 'r-1'): Promise<Coupon> {
  const coupon = await findCouponByRedemption(store, id)
  if (!coupon) throw new Error(`There is no coupon for ${id}.`)
  return coupon
}
function use(store: PluginStore, code: string, orderId: string, now = NOW) {
  return changeCoupon(store, {
    find: () => findCouponByCode(store, code),
    decide: (coupon) =>
      decideUse(coupon, { orderId, orderMinor: 20_000, currency: 'CNY', fee: null, now }),
  })
}
function release(store: PluginStore, code: string, orderId: string) {
  return changeCoupon(store, {
    find: () => findCouponByCode(store, code),
    decide: (coupon) => decideRelease(coupon, { orderId, graceMs: 0, now: NOW }),
  })
}
function countRows(store: PluginStore): Promise<number> {
  return store.read((manager) => manager.count(CouponCodeEntity))
}
const times = <T>(count: number, work: (index: number) => T): Promise<Awaited<T>[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const codesOf = (answers: readonly unknown[]) =>
  answers.map((answer) => (answer as { code?: string }).code).sort()

test('R9: is a closed-loop channel with settings that have defaults', () => {
  expect(redeemCoupon).toMatchObject({ id: 'coupon', kind: 'redemption-channel', loop: 'closed' })
  expect(redeemCoupon.settings.parse({})).toEqual(couponSettings.parse({}))
  expect(redeemCoupon.order.parse(undefined)).toEqual({})
  expect(redeemCoupon.order.safeParse({ address: 'x' }).success).toBe(false)
})

test('R9: nobody pays for a coupon whose last day is over', () => {
  const check = (date: string, now: number) =>
    redeemCoupon.check!({
      settings: couponSettings.parse({}),
      offer: { ...offer, details: { ...offer.details, validity: { until: date } } },
      order: {},
      member: {} as never,
      calendar: openCalendar('Asia/Shanghai'),
      now,
      currency: 'CNY',
    })
  expect(check('2026-03-01', NOW)).toBeNull()
  expect(check('2026-02-28', NOW)).toEqual({ refused: true, code: 'COUPON_EXPIRED', figures: {} })
})

describe.each(pluginDatabases())('on %s', (on) => {
  // Two servers, and on MySQL as many connections as there are callers.
  const open = () => openPluginDatabases(on, redeemCoupon, { servers: 2, poolSize: MANY / 2 })

  test('the migration goes up, down and up again', async () => {
    const [store] = await openPluginDatabases(on, redeemCoupon, { migrate: false })
    const migrations = ['CreateCouponCode1767225600000', 'AddCards1767225602430']
    expect(await store.migrate()).toEqual(migrations)
    await issue(store)
    for (const migration of migrations.toReversed()) {
      expect(await store.undoLastMigration()).toBe(migration)
    }
    await expect(countRows(store)).rejects.toThrow()
    await store.migrate()
    expect(await countRows(store)).toBe(0)
    await issue(store)
  })

  describe('R6: fulfil', () => {
    test('issues a coupon and says what the member gets', async () => {
      const [store] = await open()
      const answer = await fulfil(store)
      expect(answer).toEqual({
        outcome: 'fulfilled',
        receipt: {
          code: expect.stringMatching(/^CP(-[0-9A-HJKMNP-TV-Z]{4}){4}$/),
          type: 'full-reduction',
          expiresAt: '2026-05-30T16:00:00.000Z',
        },
      })
      const { code } = (answer as { receipt: { code: string } }).receipt
      expect(await findCouponByCode(store, findCouponCode(code) ?? '')).toEqual(
        await getCoupon(store),
      )
    })

    test('again is the same coupon, however late', async () => {
      const [store, other] = await open()
      const first = await fulfil(store)
      expect(await fulfil(other!, { now: NOW + 400 * DAY_MS })).toEqual(first)
      expect(await countRows(store)).toBe(1)
    })

    test(`${MANY} at once for one redemption issue one`, async () => {
      const servers = await open()
      const answers = await times(MANY, (index) => fulfil(servers[index % 2]!))
      expect(answers[0]).toMatchObject({ outcome: 'fulfilled' })
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      expect(await countRows(servers[0])).toBe(1)
    })

    test(`${MANY} at once for sixteen redemptions issue sixteen`, async () => {
      const servers = await open()
      await times(MANY, (index) => fulfil(servers[index % 2]!, { id: `r-${index % 16}` }))
      expect(await countRows(servers[0])).toBe(16)
    })

    test('a call that died after its commit has issued the coupon the next one finds', async () => {
      const [store] = await open()
      const died: PluginStore = {
        isDuplicateKey: (fault) => store.isDuplicateKey(fault),
        read: (work) => store.read(work),
        write: async (work) => {
          await store.write(work)
          throw new Error('the server went down')
        },
      }
      expect(await fulfil(died)).toMatchObject({
        outcome: 'unknown',
        detail: expect.stringContaining('went down'),
      })
      const { code } = await getCoupon(store)
      await issue(store)
      expect((await getCoupon(store)).code).toBe(code)
      expect(await countRows(store)).toBe(1)
    })

    test('a call that died before its commit has issued nothing', async () => {
      const [store] = await open()
      const died: PluginStore = {
        isDuplicateKey: (fault) => store.isDuplicateKey(fault),
        read: (work) => store.read(work),
        write: (work) =>
          store.write(async (manager) => {
            await work(manager)
            throw new Error('the server went down')
          }),
      }
      expect(await fulfil(died)).toMatchObject({
        outcome: 'unknown',
        detail: expect.stringContaining('went down'),
      })
      expect(await countRows(store)).toBe(0)
      await issue(store)
    })

    test('out of time before it began is unknown, and nothing is issued', async () => {
      const [store] = await open()
      expect(await fulfil(store, { signal: AbortSignal.abort() })).toMatchObject({
        outcome: 'unknown',
      })
      expect(await cancel(store, { signal: AbortSignal.abort() })).toMatchObject({
        outcome: 'unknown',
      })
      expect(await countRows(store)).toBe(0)
    })

    test('after the last day it is refused, and stays so', async () => {
      const [store] = await open()
      const details = { ...offer.details, validity: { until: '2026-02-28' } }
      const refused = { outcome: 'refused', code: 'COUPON_EXPIRED' }
      expect(await fulfil(store, { details })).toEqual(refused)
      expect(await fulfil(store)).toEqual(refused)
      expect(await cancel(store)).toEqual({ outcome: 'cancelled' })
    })
  })

  describe('R7: cancel', () => {
    test('makes an unused coupon void, once', async () => {
      const [store, other] = await open()
      await issue(store)
      expect(await cancel(store)).toEqual({ outcome: 'cancelled' })
      const voided = await getCoupon(store)
      expect(voided).toMatchObject({ status: 'void', voidedAt: NOW, version: 2 })
      expect(await cancel(other!, { now: NOW + 400 * DAY_MS })).toEqual({ outcome: 'cancelled' })
      expect(await getCoupon(store)).toEqual(voided)
      expect(await fulfil(store)).toEqual({ outcome: 'refused', code: 'COUPON_VOID' })
    })

    test('is refused for a used and for an expired coupon', async () => {
      const [store] = await open()
      const { code, expiresAt } = await issue(store)
      expect(await cancel(store, { now: expiresAt })).toEqual({
        outcome: 'refused',
        code: 'COUPON_EXPIRED',
      })
      await use(store, code, 'o-1')
      expect(await cancel(store)).toEqual({ outcome: 'refused', code: 'COUPON_USED' })
      await release(store, code, 'o-1')
      expect(await cancel(store)).toEqual({ outcome: 'cancelled' })
    })

    test('before anything was issued keeps a late fulfil from issuing', async () => {
      const [store] = await open()
      expect(await cancel(store)).toEqual({ outcome: 'cancelled' })
      expect(await fulfil(store)).toEqual({ outcome: 'refused', code: 'COUPON_VOID' })
      expect(await cancel(store)).toEqual({ outcome: 'cancelled' })
      expect(await countRows(store)).toBe(1)
    })

    test('with fulfil at once leaves nothing that can be used', async () => {
      const servers = await open()
      for (let round = 0; round < 16; round += 1) {
        const id = `r-${round}`
        const answers = await times(8, (index) =>
          index % 2 ? fulfil(servers[0], { id }) : cancel(servers[1]!, { id }),
        )
        answers.forEach((answer, index) => {
          if (index % 2 === 0) expect(answer).toEqual({ outcome: 'cancelled' })
        })
        expect(['void', 'never']).toContain((await getCoupon(servers[0], id)).status)
      }
    })
  })

  describe('R9: one order at most', () => {
    test(`of ${MANY} orders at once exactly one gets the coupon`, async () => {
      const servers = await open()
      const { code } = await issue(servers[0])
      const answers = await times(MANY, (index) => use(servers[index % 2]!, code, `o-${index}`))
      const winners = answers.filter((answer) => answer && 'use' in answer)
      expect(winners).toHaveLength(1)
      expect(codesOf(answers).filter((answer) => answer === 'COUPON_USED')).toHaveLength(MANY - 1)
      const coupon = await getCoupon(servers[0])
      expect(coupon).toEqual(winners[0])
      expect(coupon.version).toBe(2)
    })

    test(`${MANY} times the same order at once is one use and ${MANY} same answers`, async () => {
      const servers = await open()
      const { code } = await issue(servers[0])
      const answers = await times(MANY, (index) =>
        use(servers[index % 2]!, code, 'o-1', NOW + index),
      )
      const coupon = await getCoupon(servers[0])
      expect(coupon).toMatchObject({ status: 'used', version: 2, use: { orderId: 'o-1' } })
      for (const answer of answers) expect(answer).toEqual(coupon)
    })

    test('a use and a cancellation at once: exactly one wins', async () => {
      const servers = await open()
      const won = { use: 0, cancel: 0 }
      for (let round = 0; round < 24; round += 1) {
        const id = `r-${round}`
        const { code } = await issue(servers[0], id)
        const first = round % 2
        const [used, cancelled] = await Promise.all([
          use(servers[first]!, code, 'o-1'),
          cancel(servers[1 - first]!, { id }),
        ])
        const { status } = await getCoupon(servers[0], id)
        if (status === 'used') {
          won.use += 1
          expect(used).toMatchObject({ use: { orderId: 'o-1' } })
          expect(cancelled).toEqual({ outcome: 'refused', code: 'COUPON_USED' })
        } else {
          won.cancel += 1
          expect(status).toBe('void')
          expect(used).toEqual({ refused: true, code: 'COUPON_VOID', figures: {} })
          expect(cancelled).toEqual({ outcome: 'cancelled' })
        }
      }
      expect(won.use + won.cancel).toBe(24)
    })

    test('orders that use and give back in turns never hold it two at a time', async () => {
      const servers = await open()
      const { code } = await issue(servers[0])
      let uses = 0
      let releases = 0
      await times(16, async (index) => {
        const store = servers[index % 2]!
        const orderId = `o-${index}`
        for (let turn = 0; turn < 4; turn += 1) {
          const used = await use(store, code, orderId)
          if (!used || !('use' in used)) continue
          uses += 1
          expect(used.use?.orderId).toBe(orderId)
          // It is ours until we give it back, so this must go through.
          const back = await release(store, code, orderId)
          expect(back).not.toHaveProperty('refused')
          releases += 1
        }
      })
      expect(uses).toBeGreaterThan(0)
      expect(releases).toBe(uses)
      const coupon = await getCoupon(servers[0])
      // Each use and each release was written exactly once.
      expect(coupon).toMatchObject({ status: 'issued', use: null, version: 1 + 2 * uses })
    })
  })
})
