import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moneyForPoints, mostAtCheckout, pointsForMoney } from '../index.js'

const rate = { pointsPerMajor: '100', currencyDigits: 2 }
const terms = { ...rate, orderMinor: 10_000, mostShare: '0.5', leastPoints: 100 }

describe('R5: points as money', () => {
  it('100 points are 1 yuan', () => {
    expect(moneyForPoints(100, rate)).toBe(100)
    expect(pointsForMoney(100, rate)).toBe(100)
  })

  it('X8: 100 points buy 11 instead of 10 where they bought 10', () => {
    const ten = { pointsPerMajor: '10', currencyDigits: 2 }
    expect(moneyForPoints(100, ten)).toBe(1_000)
    expect(moneyForPoints(100, { ...ten, pointValue: '1.1' })).toBe(1_100)
  })

  it('knows currencies without minor units', () => {
    expect(moneyForPoints(250, { pointsPerMajor: '2', currencyDigits: 0 })).toBe(125)
  })

  it.each<[string, number, Partial<typeof terms>, [number, number]]>([
    ['half of an order', 99_999, {}, [5_000, 5_000]],
    ['all that there is', 1_234, {}, [1_234, 1_234]],
    ['fewer than are taken: nothing', 99, {}, [0, 0]],
    ['just as many as are taken', 100, {}, [100, 100]],
    ['a share that is less than are taken: nothing', 500, { orderMinor: 198 }, [0, 0]],
    ['nothing of nothing', 500, { orderMinor: 0 }, [0, 0]],
    ['no share: nothing', 500, { mostShare: '0' }, [0, 0]],
    ['no more points than it takes', 1_000, { pointsPerMajor: '300' }, [999, 333]],
  ])('takes %s', (_, available, more, [points, paysMinor]) =>
    expect(mostAtCheckout(available, { ...terms, ...more })).toEqual({ points, paysMinor }),
  )

  it('pays as much as can be with as few points as do, by whole numbers', () => {
    const decimal = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.nat(5_000),
        decimal,
        decimal,
        fc.integer({ min: 0, max: 1_000 }),
        (available, orderMinor, perMajor, value, share) => {
          const drawn = {
            pointsPerMajor: (perMajor / 100).toFixed(2),
            pointValue: (value / 1_000).toFixed(3),
            currencyDigits: 2,
            orderMinor,
            mostShare: (share / 1_000).toFixed(3),
            leastPoints: 1,
          }
          // A point pays value / 1,000 × 100 ÷ (perMajor / 100) minor units.
          const above = BigInt(value) * 100n * 100n
          const below = BigInt(perMajor) * 1_000n
          const payable = (BigInt(available) * above) / below
          const cap = (BigInt(orderMinor) * BigInt(share)) / 1_000n
          const most = payable < cap ? payable : cap
          const { points, paysMinor } = mostAtCheckout(available, drawn)
          expect(BigInt(paysMinor)).toBe(most)
          expect(points).toBeLessThanOrEqual(available)
          expect(moneyForPoints(points, drawn)).toBeGreaterThanOrEqual(paysMinor)
          if (points > 0) expect(moneyForPoints(points - 1, drawn)).toBeLessThan(paysMinor)
        },
      ),
    )
  })
})
