import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRateLimiter } from './open-rate-limiter.js'
import { DEFAULT_RATES } from './rates.js'

const MAX_COST = 300
const member = { kind: 'member', name: 'm-1' } as const

function setUp(perMinute: number) {
  const time = { now: 1_000_000 }
  const limiter = openRateLimiter({
    rates: { ...DEFAULT_RATES, member: perMinute, storefront: 0 },
    now: () => time.now,
  })
  /** One operation after the other; whether it was answered. */
  const ask = (cost: number, client: Parameters<typeof limiter.checkCost>[0] = member) =>
    (limiter.checkArrival(client) ?? limiter.checkCost(client, cost)) === undefined
  return { time, limiter, ask }
}

const step = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
  cost: fc.integer({ min: 0, max: MAX_COST }),
})

describe('A7: openRateLimiter', () => {
  it('answers no more in any span of time than the rate, what may come at once, and one operation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(step, { maxLength: 60 }),
        (rate, steps) => {
          const { time, ask } = setUp(rate)
          const answered: { at: number; cost: number }[] = []
          for (const { waitMs, cost } of steps) {
            time.now += waitMs
            if (ask(cost)) answered.push({ at: time.now, cost: Math.max(1, cost) })
          }
          for (const [first, { at: from }] of answered.entries()) {
            let sum = 0
            for (const { at, cost } of answered.slice(first)) {
              sum += cost
              const most = rate + (rate * (at - from)) / 60_000 + MAX_COST
              expect(sum).toBeLessThanOrEqual(most + 1e-6)
            }
          }
        },
      ),
    )
  })

  it('says truly how long to wait: not a second too long, and never in vain', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(step, { maxLength: 60 }),
        (rate, steps) => {
          const { time, limiter } = setUp(rate)
          for (const { waitMs, cost } of steps) {
            time.now += waitMs
            const wait = limiter.checkArrival(member)
            if (wait === undefined) {
              limiter.checkCost(member, cost)
              continue
            }
            if (wait > 1) {
              time.now += (wait - 1) * 1_000 - 1
              expect(limiter.checkArrival(member)).toBeDefined()
              time.now += 1_001
            } else {
              time.now += wait * 1_000
            }
            expect(limiter.checkArrival(member)).toBeUndefined()
            // And what was let in is not turned away later, where nothing else came in between.
            expect(limiter.checkCost(member, cost)).toBeUndefined()
          }
        },
      ),
    )
  })

  it('answers what costs more than a whole minute, and then nothing until it is paid', () => {
    const { time, ask, limiter } = setUp(60)
    expect(ask(MAX_COST)).toBe(true)
    expect(limiter.checkArrival(member)).toBe(MAX_COST - 60 + 1)
    time.now += (MAX_COST - 60) * 1_000
    expect(ask(1)).toBe(false)
    time.now += 1_000
    expect(ask(1)).toBe(true)
  })

  it('of many that come at the same moment, lets one run into debt', () => {
    const { limiter } = setUp(60)
    const arrived = Array.from({ length: 50 }, () => limiter.checkArrival(member))
    expect(arrived.every((wait) => wait === undefined)).toBe(true)
    const answered = arrived.filter(() => limiter.checkCost(member, MAX_COST) === undefined)
    expect(answered).toHaveLength(1)
  })

  it('counts each for itself, and some not at all', () => {
    const { ask } = setUp(10)
    while (ask(1));
    expect(ask(1, { kind: 'member', name: 'm-2' })).toBe(true)
    expect(ask(1, { kind: 'partner', name: 'm-1' })).toBe(true)
    const shop = { kind: 'storefront', name: 'shop' } as const
    for (let n = 0; n < 1_000; n += 1) expect(ask(25_000, shop)).toBe(true)
  })

  it('gives nothing for a clock that is set back', () => {
    const { time, ask } = setUp(10)
    while (ask(1));
    time.now -= 3_600_000
    expect(ask(1)).toBe(false)
    time.now += 6_000
    expect(ask(1)).toBe(true)
  })

  it('keeps within bounds however many clients there are, and knows the ones that are about', () => {
    const { ask } = setUp(2)
    const address = (n: number) => ({ kind: 'member', name: `m-${n}` }) as const
    expect([ask(1), ask(1), ask(1)]).toEqual([true, true, false])
    for (let n = 0; n < 30_000; n += 1) {
      ask(1, address(n))
      if (n % 1_000 === 0) expect(ask(1)).toBe(false)
    }
    // Who was away longest is forgotten.
    expect([ask(1, address(0)), ask(1, address(0)), ask(1, address(0))]).toEqual([
      true,
      true,
      false,
    ])
  })
})
