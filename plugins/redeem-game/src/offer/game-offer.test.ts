import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { chanceOf } from './chance.js'
import { gameOffer } from './game-offer.js'

const title = { en: 'A prize', zh: '奖品' }
const prize = { id: 'small', title, points: 100 }
const cup = { id: 'cup', title, item: true, costMinor: 4_000 }
const draw = { type: 'draw', prizes: [prize], budget: { points: 1_000 } }
const options = ['a', 'b'].map((id) => ({ id, title }))
const guess = { type: 'guess', options, points: 5, budget: 10 }

const pathsOf = (details: unknown) => {
  const { error } = gameOffer.safeParse(details)
  return error?.issues.map(({ path }) => path.join('.')) ?? []
}

describe('R12: what an offer of a game says', () => {
  test.each([
    draw,
    { ...draw, chance: '1/3', closedIn: ['north'] },
    { ...draw, chance: '1', prizes: [prize, cup], budget: { points: 0, costMinor: 0 } },
    { type: 'draw', prizes: [cup], budget: { costMinor: 8_000 } },
    guess,
    { type: 'revive' },
    { type: 'stake', rake: '0.1', nobodyWon: 'kept' },
    { type: 'stake', rake: '0' },
  ])('%j', (details) => {
    const parsed = gameOffer.parse(details)
    // What is kept is read again with the same schema.
    expect(gameOffer.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  test.each([
    ['type', {}],
    ['type', { type: 'dice' }],
    ['chance', { ...draw, chance: 0.3 }],
    ['chance', { ...draw, chance: '0' }],
    ['chance', { ...draw, chance: '1.000001' }],
    ['chance', { ...draw, chance: '0.0000001' }],
    ['chance', { ...draw, chance: '2/1' }],
    ['chance', { ...draw, chance: '1/1000001' }],
    ['chance', { ...draw, chance: '1/0' }],
    ['prizes', { ...draw, prizes: [] }],
    ['prizes.0', { ...draw, prizes: [{ ...prize, ...cup }] }],
    ['prizes.0.points', { ...draw, prizes: [{ ...prize, points: 0 }] }],
    ['prizes.1.id', { ...draw, prizes: [prize, prize] }],
    ['prizes.0.id', { ...draw, prizes: [{ ...prize, id: 'Small One' }] }],
    ['budget.points', { ...draw, budget: {} }],
    ['budget.costMinor', { ...draw, prizes: [prize, cup] }],
    ['budget.costMinor', { ...draw, budget: { points: 1, costMinor: 1 } }],
    ['options', { ...guess, options: options.slice(1) }],
    ['options.1.id', { ...guess, options: [options[0], options[0]] }],
    ['points', { ...guess, points: 0 }],
    ['budget', { ...guess, budget: undefined }],
    ['rake', { type: 'stake', rake: '1' }],
    ['rake', { type: 'stake', rake: '-0.1' }],
    ['nobodyWon', { type: 'stake', nobodyWon: 'burnt' }],
    ['', { type: 'revive', price: 5 }],
  ])('names %j as the fault of %j', (path, details) => {
    expect(pathsOf(details)[0]).toBe(path)
  })

  test('a chance is exact', () => {
    expect(chanceOf('0.3')).toEqual({ wins: 3, of: 10 })
    expect(chanceOf('0.000001')).toEqual({ wins: 1, of: 1_000_000 })
    expect(chanceOf('1')).toEqual({ wins: 1, of: 1 })
    expect(chanceOf('2/7')).toEqual({ wins: 2, of: 7 })
    expect(() => chanceOf('7/2')).toThrow(RangeError)
  })

  test('is described for a form', () => {
    const schema = z.toJSONSchema(gameOffer, { io: 'input' })
    expect(schema.oneOf).toHaveLength(4)
    expect(JSON.stringify(schema)).toContain('minor units')
  })
})
