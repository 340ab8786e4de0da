import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../policy/policy-document.js'
import { type OfferPrice, offerPrice, type Priced } from './offer-price.js'
import type { OfferTerms } from './offer-terms.js'

const cny = (yuan: number) => ({ amountMinor: Math.round(yuan * 100), currency: 'CNY' })
const price = {
  ratio: null,
  costRate: '1',
  listPrice: null,
  largestDiscount: null,
  step: null,
  byHand: null,
  floor: null,
  byStock: [],
  byRegion: null,
  byTier: null,
  firstRedemption: null,
  byExperiment: null,
  expiringDiscount: false,
} satisfies OfferTerms['price']
const stock = { total: null, perDay: null }
const pricing: PolicyDocument['pricing'] = {
  openLoopRatio: '100',
  closedLoopRatio: '50',
  step: 1,
  regions: {},
  firstRedemption: '1',
  expiring: { days: 15, factor: '0.9' },
  floorShare: '0',
}
const terms = {
  pricing,
  loop: 'closed' as const,
  tier: { id: 'regular', priceFactor: '1' },
}

function pointsOf(offer: Omit<Priced, 'stock'> & Partial<Priced>, more: object = {}): number {
  const answer = offerPrice({ stock, ...offer }, { ...terms, ...more })
  if ('refused' in answer) throw new Error(answer.code)
  const sum = answer.steps.reduce((all, step) => all + Number(step.points), 0)
  expect(sum).toBeCloseTo(answer.points, 6)
  return answer.points
}

describe('R2: what an offer costs', () => {
  it('G4: a plugin that sets the shared Big changes no price', () => {
    const { DP, RM } = Big
    Object.assign(Big, { DP: 0, RM: Big.roundDown })
    try {
      const tier = { id: 'gold', priceFactor: '0.85' }
      expect(pointsOf({ price: { ...price, step: 100 }, cashValue: cny(10) }, { tier })).toBe(500)
    } finally {
      Object.assign(Big, { DP, RM })
    }
  })

  it('R2: a "50 off 200" coupon costs 2,500: closed loop, ratio 50', () => {
    expect(pointsOf({ price, cashValue: cny(50) })).toBe(2_500)
  })

  it('R2: a phone top-up of 30 yuan costs 3,000: open loop, ratio 100', () => {
    expect(pointsOf({ price, cashValue: cny(30) }, { loop: 'open' })).toBe(3_000)
  })

  it.each<[string, object, object, number]>([
    ['the offer’s own ratio', { ratio: '80' }, {}, 800],
    ['its cost rate', { costRate: '0.35' }, {}, 175],
    ['a premium', { listPrice: cny(100), largestDiscount: cny(20) }, {}, 625],
    ['the policy’s step', {}, { pricing: { ...pricing, step: 300 } }, 600],
    ['its own step', { step: 1_000 }, {}, 1_000],
    ['a price set by hand', { byHand: 777 }, { pricing: { ...pricing, step: 300 } }, 777],
    ['a tier’s factor', {}, { tier: { id: 'gold', priceFactor: '0.9' } }, 450],
    ['a factor and a step', { step: 100 }, { tier: { id: 'gold', priceFactor: '0.85' } }, 500],
    [
      'a factor on a price set by hand',
      { byHand: 101 },
      { tier: { id: 'gold', priceFactor: '0.85' } },
      86,
    ],
    ['a factor that would make it free', {}, { tier: { id: 'gold', priceFactor: '0' } }, 1],
    ['a dearer tier', {}, { tier: { id: 'tin', priceFactor: '1.001' } }, 501],
  ])('goes by %s', (_, own, more, points) => {
    expect(pointsOf({ price: { ...price, ...own }, cashValue: cny(10) }, more)).toBe(points)
  })

  it('shows what the formula says beside a price set by hand', () => {
    const offer = { stock, price: { ...price, byHand: 777 }, cashValue: cny(10) }
    expect(offerPrice(offer, terms)).toMatchObject({ points: 777, formulaPoints: 500 })
  })

  it('refuses what the formula cannot work with', () => {
    const free = { stock, price, cashValue: cny(0) }
    expect(offerPrice(free, terms)).toMatchObject({
      refused: true,
      figures: { field: 'cashValueMinor' },
    })
  })

  it('is never less by a lesser factor’s rounding, whole, and at least one', () => {
    const factor = fc.integer({ min: 0, max: 1_000 }).map((n) => (n / 1_000).toFixed(3))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        factor,
        fc.integer({ min: 1, max: 500 }),
        (minor, priceFactor, step) => {
          const offer = {
            stock,
            price: { ...price, step },
            cashValue: { amountMinor: minor, currency: 'CNY' },
          }
          const full = offerPrice(offer, terms) as OfferPrice
          const less = offerPrice(offer, { ...terms, tier: { id: 'x', priceFactor } }) as OfferPrice
          expect(Number.isSafeInteger(less.points)).toBe(true)
          expect(less.points).toBeGreaterThanOrEqual(1)
          expect(less.points).toBeLessThanOrEqual(full.points)
          if (Number(priceFactor) > 0) expect(less.points % step).toBe(0)
        },
      ),
    )
  })
})
