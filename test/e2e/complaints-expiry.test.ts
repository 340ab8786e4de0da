import { afterEach, describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { times } from '../support/ledger-servers.js'
import { couponOffer, goods, openShop, type Shop } from '../support/shop.js'

/** What users of other systems complained about: points that ran out before their time. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const at = (iso: string) => Date.parse(iso)
const EMPTY = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

const title = { en: 'x', zh: 'x' }
/** Purchases last one day more, check-ins to the end of next month. */
const policyIn = (zone: string) => ({
  programme: { zone },
  kinds: {
    purchase: { title, expiry: { term: 'days', days: 1 } },
    task: { title, expiry: { term: 'months', months: 1 } },
  },
})

/** Earned in one zone, and the first instant at which it is gone, worked out by hand. */
const ZONES = [
  {
    zone: 'Asia/Shanghai',
    earned: '2026-01-05T23:59:59.999+08:00',
    gone: '2026-01-07T00:00:00+08:00',
    taskGone: '2026-03-01T00:00:00+08:00',
  },
  {
    // Through 8 March, whose clocks jump an hour ahead: a day of 23 hours.
    zone: 'America/New_York',
    earned: '2026-03-07T00:00:00-05:00',
    gone: '2026-03-09T00:00:00-04:00',
    taskGone: '2026-05-01T00:00:00-04:00',
  },
  {
    // The last day of the year here is the day before in UTC.
    zone: 'Pacific/Kiritimati',
    earned: '2026-12-31T00:00:00+14:00',
    gone: '2027-01-02T00:00:00+14:00',
    taskGone: '2027-02-01T00:00:00+14:00',
  },
]

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'unexpired points expiring, on two servers over %s',
  (store) => {
    let shop: Shop
    afterEach(() => shop.close())

    const open = async (zone: string, now: number) => {
      shop = await openShop(store, policyIn(zone))
      shop.setTime(now)
      await shop.register('ann')
      await shop.ask(0, 'offer', { input: couponOffer('ten', 10) }, 'rules')
    }
    const buy = (server: number, name: string, yuan: number, when: number) => {
      const line = { id: '1', quantity: yuan, unitPrice: '1' }
      return shop.record(server, goods('ann', name, when, [line]))
    }
    const available = async (server = 0) => (await shop.balance('ann', server)).available
    const sweepAll = () => Promise.all(shop.servers.map(({ ledger }) => ledger.sweep(100)))

    it.each(ZONES)(
      'not before the instant, and from it on, in $zone',
      async ({ zone, earned, gone, taskGone }) => {
        await open(zone, at(earned))
        await buy(0, 'o', 100, at(earned))
        await shop.ask(0, 'checkIn', { memberId: 'ann' })

        shop.setTime(at(gone) - 1)
        await sweepAll()
        expect(await available()).toBe(105)
        // Usable in its last millisecond, and first of all, because it runs out first.
        expect(await shop.redeem(1, 'ann', 'ten', 'in time')).toMatchObject({ status: 'FULFILLED' })
        expect(await available()).toBe(95)

        shop.setTime(at(gone))
        expect(await shop.redeem(1, 'ann', 'ten', 'too late')).toMatchObject({
          code: 'INSUFFICIENT_POINTS',
          available: 5,
        })
        expect(await available()).toBe(5)

        shop.setTime(at(taskGone) - 1)
        await sweepAll()
        expect(await available()).toBe(5)
        shop.setTime(at(taskGone))
        await sweepAll()
        expect(await shop.balance('ann')).toEqual(EMPTY)
        const expired = (await shop.history('ann')).filter(({ type }) => type === 'EXPIRE')
        expect(expired.map(({ points }) => points)).toEqual([-90, -5])
      },
    )

    it('lots with differing terms: each at its own instant, whatever is swept and spent meanwhile', async () => {
      const start = at('2026-01-05T12:00:00+08:00')
      await open('Asia/Shanghai', start)
      // What is there, by hand: so many points until this instant.
      const lots: { until: number; points: number }[] = []
      const midnightAfter = (days: number) => at('2026-01-05T00:00:00+08:00') + days * DAY_MS
      for (let hour = 0; hour < 6 * 24; hour += 7) {
        const now = start + hour * HOUR_MS
        shop.setTime(now)
        const day = Math.floor((now - midnightAfter(0)) / DAY_MS)
        const points = 11 + (hour % 7)
        await Promise.all([
          buy(hour, `o-${hour}`, points, now),
          sweepAll(),
          shop.ask(hour + 1, 'checkIn', { memberId: 'ann' }),
        ])
        lots.push({ until: midnightAfter(day + 2), points })
        const [spent] = await Promise.all([
          shop.redeem(hour, 'ann', 'ten', `k-${hour}`),
          sweepAll(),
        ])
        expect(spent.status).toBe('FULFILLED')
        let left = 10
        for (const lot of lots.filter(({ until }) => until > now)) {
          const taken = Math.min(lot.points, left)
          lot.points -= taken
          left -= taken
        }
        const checkedIn = 5 * (day + 1) + (day + 1 >= 7 ? 20 : 0)
        const bought = lots.reduce((sum, lot) => sum + (lot.until > now ? lot.points : 0), 0)
        expect(await available(hour)).toBe(bought + checkedIn)
      }
    })

    it('a server whose clock is ahead or behind takes nothing before its own time, nor gives it back', async () => {
      const earned = at('2026-01-05T12:00:00+08:00')
      const gone = at('2026-01-07T00:00:00+08:00')
      await open('Asia/Shanghai', earned)
      const [fast, slow] = [shop.servers[0]!.time, shop.servers[1]!.time]
      await buy(0, 'o', 100, earned)

      // An hour apart, and the faster one not there yet.
      fast.now = gone - 1
      slow.now = gone - HOUR_MS
      await sweepAll()
      expect(await shop.redeem(0, 'ann', 'ten', 'k1')).toMatchObject({ status: 'FULFILLED' })
      expect(await shop.redeem(1, 'ann', 'ten', 'k2')).toMatchObject({ status: 'FULFILLED' })
      expect([await available(0), await available(1)]).toEqual([80, 80])

      // The faster one is there, and has not looked yet.
      fast.now = gone
      slow.now = gone - HOUR_MS + 1
      expect(await available(1)).toBe(80)
      expect(await shop.redeem(1, 'ann', 'ten', 'k3')).toMatchObject({ status: 'FULFILLED' })
      // Both at once: every point is spent or expired, and none twice.
      const [spent] = await Promise.all([
        shop.redeem(1, 'ann', 'ten', 'k4'),
        shop.servers[0]!.ledger.sweep(100),
      ])
      expect(['FULFILLED', 'INSUFFICIENT_POINTS']).toContain(spent.status ?? spent.code)
      // A wallet's time never runs backwards: what is gone is gone on the slower server too.
      expect([await available(0), await available(1)]).toEqual([0, 0])
      expect(await shop.redeem(1, 'ann', 'ten', 'k5')).toMatchObject({ available: 0 })

      const history = await shop.history('ann')
      const expired = history.filter(({ type }) => type === 'EXPIRE')
      expect(expired).toHaveLength(1)
      expect(expired[0]!.points).toBe(spent.status ? -60 : -70)
      expect(at(expired[0]!.recordedAt)).toBeGreaterThanOrEqual(gone)
    })

    it('swept by both servers while it is spent to the last millisecond', async () => {
      const earned = at('2026-01-05T12:00:00+08:00')
      const gone = at('2026-01-07T00:00:00+08:00')
      await open('Asia/Shanghai', earned)
      await buy(0, 'o', 300, earned)
      shop.setTime(gone - 1)
      const spending = times(12, (place) => shop.redeem(place, 'ann', 'ten', `k-${place}`))
      const [answers] = await Promise.all([Promise.all(spending), ...times(10, () => sweepAll())])
      for (const { status } of answers) expect(status).toBe('FULFILLED')
      expect(await available()).toBe(180)
      shop.setTime(gone)
      await Promise.all(times(10, () => sweepAll()))
      expect(await shop.balance('ann')).toEqual(EMPTY)
      const expired = (await shop.history('ann')).filter(({ type }) => type === 'EXPIRE')
      expect(expired.map(({ points }) => points)).toEqual([-180])
    })
  },
)
