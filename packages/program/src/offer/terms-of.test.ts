import { describe, expect, it } from 'vitest'
import { type OfferTerms, offerTermsSchema } from './offer-terms.js'
import { termsOf } from './terms-of.js'

const json = (title: string) =>
  JSON.stringify(
    offerTermsSchema.parse({
      channel: 'shelf',
      title: { en: title, zh: '茶' },
      cashValue: { amountMinor: 1_000, currency: 'CNY' },
      details: { sizes: [1, 2] },
    }),
  )

describe('termsOf', () => {
  it('reads each text for what it says, and the same text as the same object', () => {
    const tea = termsOf(json('Tea'))
    expect(tea).toEqual(offerTermsSchema.parse(JSON.parse(json('Tea'))))
    expect(termsOf(json('Tea'))).toBe(tea)
    expect(termsOf(json('Cup')).title.en).toBe('Cup')
  })

  it('hands out what nobody can change for the next request', () => {
    const tea = termsOf(json('Tea'))
    expect(() => Object.assign(tea, { channel: 'x' })).toThrow(TypeError)
    expect(() => Object.assign(tea.price, { byHand: 1 })).toThrow(TypeError)
    expect(() => (tea.details as { sizes: number[] }).sizes.push(3)).toThrow(TypeError)
  })

  it('goes on with more offers than it remembers', () => {
    const titles = Array.from({ length: 2_500 }, (_, n) => `Offer ${n}`)
    expect(titles.map((title) => termsOf(json(title)).title.en)).toEqual(titles)
    expect(() => termsOf('{}')).toThrow()
    expect((termsOf(json('Offer 0')) satisfies OfferTerms).title.en).toBe('Offer 0')
  })
})
