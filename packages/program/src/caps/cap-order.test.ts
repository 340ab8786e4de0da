import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../policy/policy-document.js'
import { capOrder } from './cap-order.js'

const cap = (limit: number | null, byTier: Record<string, number | null> = {}) => ({
  limit,
  byTier,
})
const capped = (
  caps: Partial<PolicyDocument['caps']>,
  event: {
    points: number
    items?: readonly (readonly [string, string | number])[]
    besides?: number
    rounding?: 'floor' | 'half-up' | 'ceil'
    isOrder?: boolean
    tier?: string
  },
) => {
  const { points, items, besides = 0, rounding = 'floor', isOrder = true, tier = 'regular' } = event
  const none = { pointsPerOrder: null, pointsPerItem: null }
  return capOrder(
    { caps: { ...none, ...caps } as PolicyDocument['caps'] },
    {
      points,
      isOrder,
      tier,
      items: () =>
        items && { items: items.map(([id, it]) => ({ id, points: it })), besides, rounding },
    },
  )
}

describe('E8: caps on an order and on its items', () => {
  it('cut nothing where there is none, and never ask for items then', () => {
    const asked = capOrder(
      { caps: { pointsPerOrder: null, pointsPerItem: null } as PolicyDocument['caps'] },
      {
        points: 100,
        isOrder: true,
        tier: 'regular',
        items: () => {
          throw new Error('asked for items')
        },
      },
    )
    expect(asked).toEqual({ points: 100, steps: [] })
  })

  it('cut an order, and say so', () => {
    expect(capped({ pointsPerOrder: cap(80) }, { points: 100 })).toEqual({
      points: 80,
      steps: [{ step: 'cap', points: -20, figures: { cap: 'order', limit: 80 } }],
    })
    expect(capped({ pointsPerOrder: cap(80) }, { points: 100, isOrder: false }).points).toBe(100)
  })

  it('cut an article over all its lines, and leave what belongs to none', () => {
    const items = [
      ['tea', '40.5'],
      ['cup', '10.4'],
      ['tea', 40],
    ] as const
    expect(capped({ pointsPerItem: cap(60) }, { points: 97, items, besides: 7 })).toEqual({
      points: 77,
      steps: [{ step: 'cap', points: -20, figures: { cap: 'item', limit: 60 } }],
    })
    const halfUp = { points: 98, items, besides: 7, rounding: 'ceil' as const }
    expect(capped({ pointsPerItem: cap(60) }, halfUp).points).toBe(78)
    expect(capped({ pointsPerItem: cap(60) }, { points: 97 }).points).toBe(97)
  })

  it('go by the tier, and one after the other', () => {
    const caps = { pointsPerItem: cap(60, { gold: null }), pointsPerOrder: cap(70, { gold: 90 }) }
    const event = { points: 120, items: [['tea', 100] as const, ['cup', 20] as const] }
    expect(capped(caps, event).steps.map(({ points }) => points)).toEqual([-40, -10])
    expect(capped(caps, { ...event, tier: 'gold' })).toMatchObject({ points: 90 })
  })

  it('leave never more after a return than before it, whatever the rounding', () => {
    // Parts of 1/7 of a point: floors and sums of them meet in awkward places.
    const lines = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), sevenths: fc.nat(120) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    const shares = fc.array(fc.nat(100), { minLength: 6, maxLength: 6 })
    const roundings = fc.constantFrom('floor', 'half-up', 'ceil')
    fc.assert(
      fc.property(lines, shares, fc.nat(20), roundings, (before, kept, limit, rounding) => {
        const after = before.map((line, n) => ({
          ...line,
          sevenths: Math.floor((line.sevenths * kept[n]!) / 100),
        }))
        const round = { floor: Math.floor, 'half-up': Math.round, ceil: Math.ceil }[rounding]
        const pointsOf = (list: typeof before) => {
          const sum = list.reduce((all, { sevenths }) => all + sevenths, 0)
          return capped(
            { pointsPerItem: cap(limit) },
            {
              points: round(sum / 7),
              rounding,
              items: list.map(({ id, sevenths }) => {
                return [id, (Math.ceil((sevenths * 1e6) / 7) / 1e6).toFixed(6)] as const
              }),
            },
          ).points
        }
        const articles = new Set(before.map(({ id }) => id)).size
        expect(pointsOf(before)).toBeLessThanOrEqual(articles * limit)
        expect(pointsOf(after)).toBeLessThanOrEqual(pointsOf(before))
      }),
      { numRuns: 2_000 },
    )
  })
})
