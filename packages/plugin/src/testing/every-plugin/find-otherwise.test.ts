import { describe, expect, it } from 'vitest'
import { findOtherwise } from './find-otherwise.js'

describe('what is told otherwise than it was said', () => {
  it.each([
    ['the same', { a: 1, b: 'x', c: true }, { c: true, b: 'x', a: 1 }],
    ['what was left out', { a: 1, b: undefined }, { a: 1, b: 2, c: 3 }],
    ['null, as null', { a: null }, { a: null }],
    ['null, as nothing', { a: null }, {}],
    ['parts of parts', { a: [{ b: [1, null] }] }, { a: [{ b: [1, null], c: 'more' }] }],
    ['no sign of nought', { a: -0 }, { a: 0 }],
  ])('is not %s', (_, said, told) => {
    expect(findOtherwise(said, told)).toBeUndefined()
  })

  it.each([
    ['a', { a: 1, b: 1 }, { a: 2, b: 1 }],
    ['a', { a: 'x' }, {}],
    ['a', { a: 0 }, { a: null }],
    ['a', { a: null }, { a: 0 }],
    ['a', { a: 1 }, { a: '1' }],
    ['a', { a: {} }, { a: null }],
    ['a', { a: {} }, { a: 'x' }],
    ['a', { a: {} }, {}],
    ['a', { a: [1] }, { a: [1, 2] }],
    ['a', { a: [1] }, { a: { 0: 1, length: 1 } }],
    ['a.1.b', { a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }],
  ])('is %s of %j in %j', (path, said, told) => {
    expect(findOtherwise(said, told)?.join('.')).toBe(path)
  })
})
