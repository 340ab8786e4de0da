import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardTail, unguardTail } from './tail-guard.js'

const key = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\u0001', '\u0002') })
/** As `PAD SPACE` compares. */
const padded = (text: string) => text.replace(/ +$/, '')

describe('keys that end in a space', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(key, (text) => unguardTail(guardTail(text)) === text))
  })

  it('differ where the database compares them', () => {
    fc.assert(
      fc.property(key, key, (a, b) => a === b || padded(guardTail(a)) !== padded(guardTail(b))),
    )
  })

  it('need one character more at most, and most keys none', () => {
    fc.assert(fc.property(key, (text) => guardTail(text).length - text.length <= 1))
    expect(guardTail('earn:purchase:order-1')).toBe('earn:purchase:order-1')
  })
})
