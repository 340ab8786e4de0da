import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareStanding } from './kept-parts.js'

describe('L5, E11: what of each part of a grant stands', () => {
  it('is in proportion, but for a campaign’s extra points', () => {
    const parts = [
      { granted: 100, extra: 0 },
      { granted: 50, extra: 0 },
      { granted: 20, extra: 20 },
    ]
    expect(shareStanding(parts, 170)).toEqual([100, 50, 20])
    expect(shareStanding(parts, 95)).toEqual([50, 25, 20])
    expect(shareStanding(parts, 15)).toEqual([0, 0, 15])
    expect(shareStanding(parts, 0)).toEqual([0, 0, 0])
  })

  it('sums to the whole, and no part ever grows when the whole gets less', () => {
    const someParts = fc.array(
      fc
        .record({ granted: fc.nat(60), share: fc.integer({ min: 0, max: 4 }) })
        .map(({ granted, share }) => ({ granted, extra: Math.floor((granted * share) / 4) })),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(someParts, (parts) => {
        let before = parts.map(({ granted }) => granted)
        const whole = before.reduce((sum, it) => sum + it, 0)
        for (let standing = whole; standing >= 0; standing--) {
          const shares = shareStanding(parts, standing)
          expect(shares.reduce((sum, it) => sum + it, 0)).toBe(standing)
          for (const [place, share] of shares.entries()) {
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share).toBeLessThanOrEqual(before[place]!)
          }
          before = [...shares]
        }
      }),
      { numRuns: 100 },
    )
  })
})
