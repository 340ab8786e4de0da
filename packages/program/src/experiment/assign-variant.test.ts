import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignVariant, placeIn } from './assign-variant.js'

const experiment = (id: string, ...shares: string[]) => ({
  id,
  variants: shares.map((share, n) => ({ id: `v${n}`, title: null, share })),
})
const id = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/)
const wallet = fc.nat(2 ** 40)

describe('T1: members are assigned by hash', () => {
  it('is the first 48 bits of the SHA-256 of id and wallet, by the million', () => {
    fc.assert(
      fc.property(id, wallet, (name, member) => {
        const hash = createHash('sha256').update(`${name}\n${member}`).digest('hex')
        const bits = BigInt(`0x${hash.slice(0, 12)}`)
        expect(placeIn(name, member)).toBe(Number(bits % 1_000_000n))
      }),
    )
    // For ever: a change of these would move members of experiments that run.
    expect([placeIn('price', 1), placeIn('price', 2), placeIn('colour', 1)]).toEqual([
      855_028, 80_725, 763_104,
    ])
  })

  it('each variant gets its share of members, and another experiment splits each the same way', () => {
    const [price, colour] = [experiment('price', '0.5', '0.3'), experiment('colour', '0.5', '0.5')]
    const counts = new Map<string, number>()
    const MEMBERS = 40_000
    for (let member = 1; member <= MEMBERS; member++) {
      const cell = `${assignVariant(price, member)} ${assignVariant(colour, member)}`
      counts.set(cell, (counts.get(cell) ?? 0) + 1)
    }
    const expected = { 'v0 v0': 0.25, 'v0 v1': 0.25, 'v1 v0': 0.15, 'v1 v1': 0.15, 'null v0': 0.1 }
    const seen = { ...expected, 'null v1': 0.1 }
    expect([...counts.keys()].sort()).toEqual(Object.keys(seen).sort())
    // Chi-squared with five degrees of freedom: above 20.5 is one in a thousand. The numbers are fixed.
    const chi = Object.entries(seen).reduce((sum, [cell, share]) => {
      const wanted = share * MEMBERS
      return sum + (counts.get(cell)! - wanted) ** 2 / wanted
    }, 0)
    expect(chi).toBeLessThan(20.5)
  })

  it('a variant is a stretch of places: nobody leaves the first one when it grows', () => {
    const share = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(id, wallet, share, share, (name, member, a, b) => {
        const at = (millionths: number) => {
          const first = (millionths / 1_000_000).toFixed(6)
          const rest = ((1_000_000 - millionths) / 1_000_000).toFixed(6)
          return assignVariant(experiment(name, first, rest), member)
        }
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        expect(at(less)).toBe(placeIn(name, member) < less ? 'v0' : 'v1')
        if (at(less) === 'v0') expect(at(more)).toBe('v0')
      }),
    )
  })

  it('of a share of all or nothing everybody or nobody is in it', () => {
    fc.assert(
      fc.property(id, wallet, (name, member) => {
        expect(assignVariant(experiment(name, '0', '1'), member)).toBe('v1')
        expect(assignVariant(experiment(name, '0'), member)).toBeNull()
      }),
    )
  })
})
