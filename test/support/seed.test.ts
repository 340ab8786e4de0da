import { fc as kitsFc } from '@pointwell/plugin/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginChance, chance, pick, SEED, shuffled } from './chance.js'
import { readSeed, STANDARD_SEED } from './seed.js'

const numbers = fc.array(fc.nat(), { minLength: 5 })

/** All cases that a property looks at. */
function casesOf(parameters: fc.Parameters<[number[]]> = {}): number[][] {
  const seen: number[][] = []
  fc.assert(
    fc.property(numbers, (drawn) => {
      seen.push(drawn)
    }),
    parameters,
  )
  return seen
}

describe('chance in tests', () => {
  it('is the same each time, in properties and samples that name no seed', () => {
    expect(casesOf()).toEqual(casesOf({ seed: SEED }))
    expect(fc.sample(numbers, 20)).toEqual(fc.sample(numbers, { seed: SEED, numRuns: 20 }))
  })

  it('is another where a property names its own seed, and its own number of runs holds', () => {
    const own = casesOf({ seed: SEED + 1, numRuns: 7 })
    expect(own).toHaveLength(7)
    expect(own).not.toEqual(casesOf({ numRuns: 7 }))
  })

  it('is the same for the conformance kit, which has no other copy of fast-check', () => {
    expect(kitsFc.readConfigureGlobal()).toEqual({ seed: SEED })
  })

  it('begins anew with each test, for whom draws without fast-check', () => {
    const drawn = () => [chance(), pick([...Array(1_000).keys()]), shuffled([1, 2, 3, 4, 5, 6, 7])]
    const first = drawn()
    expect(drawn()).not.toEqual(first)
    beginChance()
    expect(drawn()).toEqual(first)
    expect(shuffled([3, 1, 2]).sort()).toEqual([1, 2, 3])
  })

  it('is told by POINTWELL_SEED: nothing, a number, or a word for another one each time', () => {
    expect(readSeed(undefined)).toBe(STANDARD_SEED)
    expect(readSeed('')).toBe(STANDARD_SEED)
    expect(readSeed('0')).toBe(0)
    expect(readSeed('2147483647')).toBe(2147483647)
    expect(new Set(Array.from({ length: 5 }, () => readSeed('random'))).size).toBeGreaterThan(1)
    for (const wrong of ['2147483648', '-1', '1.5', 'Random', '1e3', ' 7']) {
      expect(() => readSeed(wrong)).toThrow(`and got "${wrong}".`)
    }
  })
})
