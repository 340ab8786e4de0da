import { describe, expect, it } from 'vitest'
import { countCharacters } from './count-characters.js'

describe('countCharacters', () => {
  it.each([
    ['', 0],
    ['  \n\t　', 0],
    ['good tea', 7],
    ['茶很好喝。', 5],
    ['好 👍', 2],
  ])('%j: %i', (text, characters) => {
    expect(countCharacters(text)).toBe(characters)
  })
})
