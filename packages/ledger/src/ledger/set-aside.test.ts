import { describe, expect, it } from 'vitest'
import { SetAside } from './set-aside.js'

describe('SetAside', () => {
  it('keeps what failed out of the way for a while, and no longer', () => {
    const aside = new SetAside<string>(100)
    aside.add('a', 0)
    aside.add('b', 50)
    expect(aside.count(99)).toBe(2)
    expect(aside.rest(['a', 'b', 'c'], 99)).toEqual(['c'])
    expect(aside.count(100)).toBe(1)
    expect(aside.rest(['a', 'b', 'c'], 100)).toEqual(['a', 'c'])
    aside.add('b', 120)
    expect(aside.count(150)).toBe(1)
    expect(aside.count(220)).toBe(0)
  })
})
