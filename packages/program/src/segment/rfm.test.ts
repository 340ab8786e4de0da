import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quintileCuts, scoreOf } from './rfm.js'

const scores = (values: number[]) => {
  const cuts = quintileCuts(values)
  return values.map((value) => scoreOf(value, cuts))
}

/** Everybody in a row; equals share the mean of their places. */
function naive(values: number[]): number[] {
  if (values.length < 5) return values.map(() => 3)
  const row = [...values].sort((a, b) => a - b)
  return values.map((value) => {
    const places = row.flatMap((it, place) => (it === value ? [place] : []))
    const place = places.reduce((sum, it) => sum + it, 0) / places.length
    return 1 + Math.floor((5 * place) / row.length)
  })
}

describe('M6: quintiles', () => {
  it.each([
    ['five members, one each', [10, 50, 20, 40, 30], [1, 5, 2, 4, 3]],
    ['ten, two each', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
    ['all alike: all in the middle', [7, 7, 7, 7, 7, 7], [3, 3, 3, 3, 3, 3]],
    ['fewer than five: all in the middle', [1, 2, 3, 1_000], [3, 3, 3, 3]],
    ['nobody', [], []],
    ['most bought once', [1, 1, 1, 1, 1, 1, 2, 3, 4, 9], [2, 2, 2, 2, 2, 2, 4, 4, 5, 5]],
  ])('%s', (_, values, expected) => {
    expect(scores(values)).toEqual(expected)
  })

  it('are those of a naive count, with any ties', () => {
    const few = fc.array(fc.integer({ min: -5, max: 30 }), { maxLength: 60 })
    const many = fc.array(fc.maxSafeInteger(), { maxLength: 60 })
    fc.assert(
      fc.property(fc.oneof(few, many), (list) => {
        expect(scores(list)).toEqual(naive(list))
      }),
    )
  })
})
