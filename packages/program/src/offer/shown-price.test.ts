import fc from 'fast-check'
import { expect, it } from 'vitest'
import { offerPrice } from './offer-price.js'
import { offerTermsSchema } from './offer-terms.js'
import { shownPrice } from './shown-price.js'

const terms = (amountMinor: number, byHand: number | null) =>
  offerTermsSchema.parse({
    channel: 'shelf',
    title: { en: 'Tea', zh: '茶' },
    cashValue: { amountMinor, currency: 'CNY' },
    price: { byHand },
  })
const OFFERS = [terms(1_000, null), terms(2_500, null), terms(1_000, 77)]
const TIERS = ['1', '0.85'].map((priceFactor, n) => ({ id: `t${n}`, priceFactor }))
const PRICINGS = [10, 3].map((step) => ({
  openLoopRatio: '100',
  closedLoopRatio: '50',
  step,
}))

it('R2: shownPrice says of any offer, policy and tier in any order what offerPrice says', () => {
  const asked = fc.record({
    offer: fc.constantFrom(...OFFERS),
    // The same terms at another value, as where only that was changed.
    value: fc.constantFrom(null, ...OFFERS.map(({ cashValue }) => cashValue)),
    pricing: fc.constantFrom(...PRICINGS),
    tier: fc.constantFrom(...TIERS),
    loop: fc.constantFrom('open' as const, 'closed' as const),
  })
  fc.assert(
    fc.property(fc.array(asked), (questions) => {
      for (const { offer, value, ...pricing } of questions) {
        const shown = value ? { price: offer.price, cashValue: value } : offer
        expect(shownPrice(shown, pricing)).toEqual(offerPrice(shown, pricing))
      }
    }),
  )
})
