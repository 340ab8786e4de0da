import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cashPart, splitRange } from '../index.js'

const shares = { leastPointsShare: '0.3', mostPointsShare: '0.9' }

describe('R4: points and money', () => {
  it('30 to 90 of a hundred', () => {
    expect(splitRange({ points: 100, ...shares })).toEqual({ least: 30, most: 90 })
    expect(splitRange({ points: 101, ...shares })).toEqual({ least: 31, most: 90 })
  })

  it('is at least a point, also of a price that is hardly more', () => {
    expect(splitRange({ points: 1, ...shares })).toEqual({ least: 1, most: 1 })
    const none = { leastPointsShare: '0', mostPointsShare: '0' }
    expect(splitRange({ points: 1_000, ...none })).toEqual({ least: 1, most: 1 })
  })

  it('1,000 points that are worth 10.00: 400 of them leave 6.00', () => {
    expect(cashPart({ points: 1_000, cashValueMinor: 1_000 }, 400)).toBe(600)
    expect(cashPart({ points: 3, cashValueMinor: 100 }, 1)).toBe(67)
    expect(cashPart({ points: 3, cashValueMinor: 100 }, 3)).toBe(0)
  })

  it('is never too little, by less than a minor unit, whatever is paid', () => {
    const most = Number.MAX_SAFE_INTEGER
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: most }),
        fc.nat(most),
        fc.nat(most),
        (points, minor, n) => {
          const paying = (n % points) + 1
          const cash = BigInt(cashPart({ points, cashValueMinor: minor }, paying))
          const open = BigInt(minor) * BigInt(points - paying)
          expect(cash * BigInt(points) >= open).toBe(true)
          expect((cash - 1n) * BigInt(points) < open).toBe(true)
        },
      ),
    )
  })
})
