import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reviewKey } from './review-key.js'

const id = fc
  .array(fc.constantFrom('a', 'b', '/', '%', '2', 'F', '#'), { minLength: 1, maxLength: 64 })
  .map((characters) => characters.join(''))
const line = fc.record({ orderId: id, lineId: id })

describe('reviewKey', () => {
  it('reads as it is where ids are plain', () => {
    expect(reviewKey({ orderId: '1001', lineId: '2' })).toBe('1001/2')
    expect(reviewKey({ orderId: 'a/b', lineId: 'c/d' })).toBe('a%2Fb/c/d')
  })

  it('is no longer than a key may be, and no two lines share one', () => {
    const seen = new Map<string, string>()
    fc.assert(
      fc.property(line, ({ orderId, lineId }) => {
        const key = reviewKey({ orderId, lineId })
        expect(key.length).toBeLessThanOrEqual(128)
        const name = JSON.stringify([orderId, lineId])
        expect(seen.get(key) ?? name).toBe(name)
        seen.set(key, name)
      }),
      { numRuns: 2_000 },
    )
    const long = 'x'.repeat(63)
    const keys = ['a', 'b'].flatMap((end) => [
      reviewKey({ orderId: `${long}${end}`, lineId: `${long}y` }),
      reviewKey({ orderId: `${long}y`, lineId: `${long}${end}` }),
    ])
    expect(new Set(keys).size).toBe(4)
  })
})
