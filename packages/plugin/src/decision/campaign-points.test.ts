import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { campaignPoints, cutCampaigns, inTurn } from './campaign-points.js'

const campaigns = fc.array(
  fc.record({
    // In hundredths, so that the oracle can count in whole numbers.
    hundredths: fc.constantFrom(0, 50, 100, 110, 133, 150, 200, 300),
    extraPoints: fc.nat(20),
  }),
  { maxLength: 4 },
)

const named = (list: readonly { hundredths: number; extraPoints: number }[]) =>
  list.map(({ hundredths, extraPoints }, n) => ({
    id: `c${n}`,
    multiplier: (hundredths / 100).toFixed(2),
    extraPoints,
  }))

describe('E11: what campaigns add', () => {
  it('is told campaign by campaign, and sums exactly to the points', () => {
    fc.assert(
      fc.property(fc.nat(2_000), campaigns, (points, list) => {
        const told = campaignPoints(points, named(list))
        const steps = told.steps.reduce((sum, { points: more }) => sum + Number(more), 0)
        expect(points + steps).toBe(told.points)
        const added = told.campaigns.reduce((sum, it) => sum + it.points, 0)
        expect(added).toBeLessThanOrEqual(told.points)
        for (const it of told.campaigns) {
          expect(it.points).toBeGreaterThan(0)
          expect(it.extra).toBeLessThanOrEqual(it.points)
        }
        // The whole, counted by itself.
        const factor = list.reduce((product, it) => product * BigInt(it.hundredths), 1n)
        const extra = list.reduce((sum, it) => sum + it.extraPoints, 0)
        const multiplied = Number((BigInt(points) * factor) / 100n ** BigInt(list.length))
        expect(told.points).toBe(points === 0 ? 0 : multiplied + extra)
        // Without one that lessens, the rest is what the event earns anyway.
        if (list.every(({ hundredths }) => hundredths >= 100)) {
          expect(told.points - added).toBe(points)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('counts those first that lessen', () => {
    const list = named([
      { hundredths: 200, extraPoints: 0 },
      { hundredths: 50, extraPoints: 0 },
    ])
    expect(inTurn(list).map(({ id }) => id)).toEqual(['c1', 'c0'])
    expect(campaignPoints(100, list).campaigns).toEqual([{ id: 'c0', points: 50, extra: 0 }])
  })

  it('ends at the most there may be', () => {
    const list = named([
      { hundredths: 200, extraPoints: 0 },
      { hundredths: 100, extraPoints: 30 },
    ])
    const told = campaignPoints(100, list, { most: 210 })
    expect(told.points).toBe(210)
    expect(told.steps.map(({ points }) => points)).toEqual([100, 10])
    expect(told.campaigns[1]).toEqual({ id: 'c1', points: 10, extra: 10 })
  })

  it('is cut from the last one on', () => {
    const added = [
      { id: 'a', points: 50, extra: 0 },
      { id: 'b', points: 30, extra: 20 },
    ]
    expect(cutCampaigns(added, 0)).toEqual(added)
    expect(cutCampaigns(added, 15)).toEqual([added[0], { id: 'b', points: 15, extra: 15 }])
    expect(cutCampaigns(added, 35)).toEqual([{ id: 'a', points: 45, extra: 0 }])
    expect(cutCampaigns(added, 500)).toEqual([])
  })
})
