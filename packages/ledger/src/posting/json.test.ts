import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDifference, type Json } from './json.js'

describe('findDifference', () => {
  it.each<[Json, Json, string | undefined]>([
    [1, 1, undefined],
    [0, -0, undefined],
    [1, 2, ''],
    [null, undefined as unknown as Json, ''],
    ['a', 'A', ''],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, undefined],
    [{ a: undefined, b: 2 }, { b: 2 }, undefined],
    [{ a: null }, {}, 'a'],
    [{}, { a: 1 }, 'a'],
    [{ lines: [{ q: 1 }, { q: 2 }] }, { lines: [{ q: 1 }, { q: 3 }] }, 'lines.1.q'],
    [{ lines: [1, 2] }, { lines: [1] }, 'lines.1'],
    [{ lines: [] }, { lines: {} }, 'lines'],
    [{ lines: null }, { lines: [] }, 'lines'],
    [{ at: '1' }, { at: 1 }, 'at'],
    [{ a: { b: { c: true } } }, { a: { b: { c: false } } }, 'a.b.c'],
    [[1, [2]], [1, [2]], undefined],
  ])('%j and %j differ at %j', (a, b, path) => {
    expect(findDifference(a, b)).toBe(path)
    expect(findDifference(b, a)).toBe(path)
  })

  it('finds nothing between a value and what a database gives back for it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findDifference(value as Json, JSON.parse(JSON.stringify(value)))).toBe(undefined)
      }),
    )
  })

  it('finds a difference exactly where the written texts differ', () => {
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) return ['list', ...value.map(sorted)]
      if (typeof value !== 'object' || value === null) return value
      const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      return ['fields', ...fields.map(([key, inner]) => [key, sorted(inner)])]
    }
    const text = (value: unknown) => JSON.stringify(sorted(value))
    const small = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 1, 'x', null, true),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }),
      ),
    })).value
    fc.assert(
      fc.property(small, small, (a, b) => {
        const same = findDifference(a as Json, b as Json) === undefined
        expect(same).toBe(text(a) === text(b))
      }),
      { numRuns: 2_000 },
    )
  })
})
