import { describe, expect, it } from 'vitest'
import { experimentsSection } from './experiments-section.js'
import { termsFor, variantsOf } from './variants-of.js'

const FROM = Date.parse('2026-01-05T00:00:00Z')
const runs = {
  id: 'price',
  title: { en: 'x', zh: 'x' },
  from: new Date(FROM).toISOString(),
  variants: [{ id: 'all', share: '1' }],
}
const over = { ...runs, id: 'colour', rolledOut: 'all' }
const wallet = { id: 1, memo: {} }

describe('T1: a member’s variants', () => {
  it('are worked out once for a wallet as it was read', () => {
    const experiments = experimentsSection.parse([runs, over])
    const variants = variantsOf(experiments, { wallet, at: FROM })
    expect(variants).toEqual({ price: 'all' })
    expect(variantsOf(experiments, { wallet, at: FROM })).toBe(variants)
    expect(termsFor(experiments, { wallet, at: FROM })).toEqual({ price: 'all', colour: 'all' })
    // At another moment, by another policy, or read anew: not what was found before.
    expect(variantsOf(experiments, { wallet, at: FROM - 1 })).toEqual({})
    expect(variantsOf(experiments, { wallet, at: FROM })).toEqual({ price: 'all' })
    expect(variantsOf(experimentsSection.parse([]), { wallet, at: FROM })).toEqual({})
    const other = experimentsSection.parse([{ ...runs, variants: [{ id: 'x', share: '1' }] }])
    expect(variantsOf(other, { wallet, at: FROM })).toEqual({ price: 'x' })
    expect(variantsOf(experiments, { wallet: { ...wallet }, at: FROM })).toEqual(variants)
  })

  it('of somebody who is not known are those that everybody gets', () => {
    const experiments = experimentsSection.parse([runs, over])
    expect(termsFor(experiments, { wallet: null, at: FROM })).toEqual({ colour: 'all' })
    expect(termsFor([], { wallet: null, at: FROM })).toEqual({})
  })
})
