import fc from 'fast-check'
import { expect, it } from 'vitest'
import { offerPrice } from './offer-price.js'
import { offerTermsSchema } from './offer-terms.js'
import { shownPrice } from './shown-price.js'

const terms = (amountMinor: number, byHand: number | null, more: object = {}) =>
  offerTermsSchema.parse({
    channel: 'shelf',
    title: { en: 'Tea', zh: '茶' },
    cashValue: { amountMinor, currency: 'CNY' },
    stock: { total: 10 },
    price: { byHand, ...more },
  })
const OFFERS = [
  terms(1_000, null),
  terms(2_500, null, { byStock: [{ leftAtMost: '0.5', factor: '1.5' }] }),
  terms(1_000, 77, { expiringDiscount: true, byTier: [{ tier: 't1', factor: '0.7' }] }),
]
const TIERS = ['1', '0.85'].map((priceFactor, n) => ({ id: `t${n}`, priceFactor }))
const PRICINGS = [10, 3].map((step) => ({
  openLoopRatio: '100',
  closedLoopRatio: '50',
  step,
  regions: { north: '1.2' },
  firstRedemption: '0.8',
  expiring: { days: 15, factor: '0.9' },
  floorShare: '0.5',
}))

it('R2: shownPrice says of any offer, policy and buyer in any order what offerPrice says', () => {
  const asked = fc.record({
    offer: fc.constantFrom(...OFFERS),
    // The same terms at another value, as where only that was changed.
    value: fc.constantFrom(null, ...OFFERS.map(({ cashValue }) => cashValue)),
    pricing: fc.constantFrom(...PRICINGS),
    tier: fc.constantFrom(...TIERS),
    loop: fc.constantFrom('open' as const, 'closed' as const),
    region: fc.constantFrom(null, 'north', 'south'),
    isFirst: fc.boolean(),
    expiring: fc.constantFrom(0, 20),
    sold: fc.nat(10),
  })
  fc.assert(
    fc.property(fc.array(asked), (questions) => {
      for (const { offer, value, ...pricing } of questions) {
        const shown = value ? { ...offer, cashValue: value } : offer
        expect(shownPrice(shown, pricing)).toEqual(offerPrice(shown, pricing))
      }
    }),
  )
})
