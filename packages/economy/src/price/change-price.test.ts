import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChangingFigures, changePrice } from '../index.js'

const plain: ChangingFigures = { points: 1_000, step: 1, floor: 1, changes: [] }
const times = (factor: string, step: 'tier' | 'price-region' = 'tier') => ({
  step,
  factor,
  figures: {},
})

function changed(figures: Partial<ChangingFigures>) {
  return changePrice({ ...plain, ...figures })
}

const soon = (points: number, factor: string) => ({ points, factor, figures: { days: 15 } })

describe('R3: what changes a price', () => {
  it.each<[string, Partial<ChangingFigures>, number]>([
    ['nothing', {}, 1_000],
    ['a factor', { changes: [times('0.9')] }, 900],
    ['several, that are rounded once', { points: 7, changes: [times('0.5'), times('0.5')] }, 2],
    ['a factor, up to the step', { changes: [times('0.85')], step: 100 }, 900],
    ['a dearer one', { changes: [times('1.0001')] }, 1_001],
    ['nothing at all for nothing', { changes: [times('0')] }, 1],
    ['a floor', { changes: [times('0.1')], floor: 400 }, 400],
    ['a floor that no step moves', { changes: [times('0.1')], floor: 405, step: 100 }, 405],
    ['expiring points that reach for all', { expiring: soon(900, '0.9') }, 900],
    ['expiring points that reach for a part: 450 pay 500', { expiring: soon(450, '0.9') }, 950],
    ['one expiring point', { expiring: soon(1, '0.5') }, 999],
    ['none', { expiring: soon(0, '0.5') }, 1_000],
    ['a discount of nothing', { expiring: soon(500, '1') }, 1_000],
  ])('by %s', (_, figures, points) => {
    expect(changed(figures).points).toBe(points)
  })

  it('X6: tells what expiring points saved', () => {
    const { points, steps } = changed({ changes: [times('0.5')], expiring: soon(90, '0.9') })
    expect(points).toBe(490)
    expect(steps).toEqual([
      { step: 'tier', points: -500, figures: { factor: '0.5' } },
      { step: 'expiring-points', points: -10, figures: { days: 15, expiring: 90, factor: '0.9' } },
    ])
  })

  it('is never more points than there can be', () => {
    const most = Number.MAX_SAFE_INTEGER
    const { points, steps } = changed({ points: most, changes: [times('2')] })
    expect(points).toBe(most)
    expect(steps.map(({ step }) => step)).toEqual(['tier', 'rounding'])
  })

  const factor = (most: number) =>
    fc.integer({ min: 1, max: most }).map((n) => (n / 1_000).toFixed(3))
  const figures = fc.record({
    points: fc.integer({ min: 1, max: 1e7 }),
    step: fc.integer({ min: 1, max: 500 }),
    floor: fc.integer({ min: 1, max: 1e5 }),
    changes: fc.array(
      factor(3_000).map((it) => times(it)),
      { maxLength: 4 },
    ),
    expiring: fc.record({ points: fc.nat(1e7), factor: factor(1_000) }).map((it) => ({
      ...it,
      figures: {},
    })),
  })

  it('agrees with fractions of whole numbers, sums up, and never goes below the floor', () => {
    fc.assert(
      fc.property(figures, (it) => {
        const { points, steps } = changed(it)
        expect(points).toBe(oracle(it))
        expect(points).toBeGreaterThanOrEqual(it.floor)
        const total = steps.reduce((sum, step) => sum + scaled(step.points), scaled(it.points))
        expect(total).toBe(scaled(points))
      }),
    )
  })

  it('more expiring points never make it dearer, and never save more than all of them could', () => {
    fc.assert(
      fc.property(figures, fc.nat(1e7), (it, more) => {
        const with_ = changed(it).points
        const withMore = { ...it.expiring, points: it.expiring.points + more }
        expect(changed({ ...it, expiring: withMore }).points).toBeLessThanOrEqual(with_)
        const all = { ...it.expiring, points: Number.MAX_SAFE_INTEGER }
        expect(with_).toBeGreaterThanOrEqual(changed({ ...it, expiring: all }).points)
      }),
    )
  })
})

/** Exact to thirty places, more than any step of the above has. */
function scaled(points: number | string): bigint {
  const [whole = '0', part = ''] = String(points).replace('-', '').split('.')
  const amount = BigInt(whole + part.padEnd(30, '0'))
  return String(points).startsWith('-') ? -amount : amount
}

/** By numerators and denominators, without any decimal. */
function oracle({ points, step, floor, changes, expiring }: ChangingFigures): number {
  const thousandths = (decimal: string) => BigInt(Math.round(Number(decimal) * 1_000))
  let above = BigInt(points)
  let below = 1n
  for (const { factor } of changes) {
    above *= thousandths(factor)
    below *= 1_000n
  }
  if (expiring && expiring.points > 0) {
    const f = thousandths(expiring.factor)
    const e = BigInt(expiring.points)
    const coversAll = above * f <= e * below * 1_000n
    if (coversAll) {
      above *= f
      below *= 1_000n
    } else {
      above = above * f - e * below * (1_000n - f)
      below *= f
    }
  }
  const whole = below * BigInt(step)
  const rounded = ((above + whole - 1n) / whole) * BigInt(step)
  return Number(rounded < BigInt(floor) ? BigInt(floor) : rounded)
}
