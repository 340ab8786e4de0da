import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../offer/chance.js'
import { type DrawOffer, type GuessOffer, gameOffer } from '../offer/game-offer.js'
import { expectedCost } from './expected-cost.js'
import { showDecimal, showFraction } from './fraction.js'
import { oddsOf } from './odds-of.js'
import { findRow, type Given, tableOf } from './prize-table.js'

const words = { en: 'A prize', zh: '奖品' }
const NOTHING: Given = { points: 0, costMinor: 0, prizes: {} }
const draw = (more: object = {}) =>
  gameOffer.parse({
    type: 'draw',
    prizes: [
      { id: 'small', title: words, points: 100, weight: 90 },
      { id: 'big', title: words, points: 1_000, weight: 9, stock: 5 },
      { id: 'cup', title: words, item: true, costMinor: 4_000, weight: 1, stock: 2 },
    ],
    budget: { points: 10_000, costMinor: 8_000 },
    ...more,
  }) as DrawOffer

const drawOffers: fc.Arbitrary<DrawOffer> = fc
  .record({
    chance: fc.oneof(
      fc.constantFrom('0.3', '1', '1/3', '0.000001', '999999/1000000'),
      fc
        .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }))
        .map(([wins, more]) => `${wins}/${wins + more}`),
    ),
    prizes: fc.array(
      fc.record({
        isItem: fc.boolean(),
        worth: fc.integer({ min: 1, max: 500 }),
        weight: fc.integer({ min: 1, max: 12 }),
        stock: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    points: fc.nat({ max: 1_000 }),
    costMinor: fc.nat({ max: 1_000 }),
  })
  .map(({ chance, prizes, points, costMinor }) =>
    draw({
      chance,
      prizes: prizes.map(({ isItem, worth, weight, stock }, place) => ({
        id: `p-${place}`,
        title: words,
        weight,
        stock,
        ...(isItem ? { item: true, costMinor: worth } : { points: worth }),
      })),
      budget: {
        points: prizes.some((it) => !it.isItem) ? points : null,
        costMinor: prizes.some((it) => it.isItem) ? costMinor : null,
      },
    }),
  )

describe('R12: the table of a draw', () => {
  test('has a chance of 30% unless told, shared by the weights', () => {
    expect(tableOf(draw(), NOTHING)).toEqual({
      tickets: 1_000,
      rows: [
        { id: 'small', tickets: 270, points: 100 },
        { id: 'big', tickets: 27, points: 1_000 },
        { id: 'cup', tickets: 3, costMinor: 4_000 },
      ],
    })
    expect(oddsOf(draw(), NOTHING)).toMatchObject({
      chance: '0.3',
      rows: [
        { id: 'small', chance: '0.27', exactChance: '27/100', points: 100, left: null },
        { id: 'big', chance: '0.027', points: 1_000, left: 5 },
        { id: 'cup', chance: '0.003', points: null, left: 2 },
      ],
    })
  })

  test('lets fall out what has no stock or is more than the budget has, and keeps the chance to win', () => {
    const given = { points: 9_001, costMinor: 4_001, prizes: { cup: 1 } }
    const table = tableOf(draw(), given)
    expect(table).toEqual({ tickets: 900, rows: [{ id: 'small', tickets: 270, points: 100 }] })
    expect(oddsOf(draw(), given)).toMatchObject({
      chance: '0.3',
      rows: [{ chance: '0.3' }, { chance: '0' }, { chance: '0', left: 1 }],
    })
    expect(tableOf(draw(), { ...given, points: 9_901 })).toBeNull()
    expect(oddsOf(draw(), { ...given, points: 20_000 }).chance).toBe('0')
  })

  test('is lived through ticket by ticket as its odds and its expected cost say', () => {
    fc.assert(
      fc.property(drawOffers, (offer) => {
        const table = tableOf(offer, NOTHING)
        fc.pre(table !== null && table.tickets <= 20_000)
        const seen = new Map<string | null, number>()
        let points = 0n
        let costMinor = 0n
        for (let ticket = 0; ticket < table!.tickets; ticket += 1) {
          const row = findRow(table!, ticket)
          seen.set(row?.id ?? null, (seen.get(row?.id ?? null) ?? 0) + 1)
          const prize = offer.prizes.find(({ id }) => id === row?.id)
          if (prize && 'item' in prize) costMinor += BigInt(prize.costMinor)
          else if (prize) points += BigInt(prize.points)
        }
        const cost = expectedCost(table!, 'draw')
        const all = BigInt(table!.tickets)
        // The mean over all that can come about, as a cross product.
        expect(cost.points.num * all).toBe(points * cost.points.den)
        expect(cost.costMinor.num * all).toBe(costMinor * cost.costMinor.den)
        const { wins, of } = chanceOf(offer.chance)
        const won = table!.tickets - (seen.get(null) ?? 0)
        expect(BigInt(won) * BigInt(of)).toBe(BigInt(wins) * all)
        for (const { id, exactChance } of oddsOf(offer, NOTHING).rows) {
          const [num, den = '1'] = exactChance.split('/')
          expect(BigInt(seen.get(id) ?? 0) * BigInt(den)).toBe(BigInt(num!) * all)
        }
      }),
    )
  })

  test('fits whole numbers also at its largest', () => {
    const prizes = Array.from({ length: 50 }, (_, place) => ({
      id: `p-${place}`,
      title: words,
      points: 1,
      weight: 1_000_000,
    }))
    const offer = draw({ chance: '999999/1000000', prizes, budget: { points: 1 } })
    const table = tableOf(offer, NOTHING)!
    expect(Number.isSafeInteger(table.tickets)).toBe(true)
    expect(findRow(table, table.tickets - 1)).toBeNull()
    expect(findRow(table, 0)?.id).toBe('p-0')
  })
})

describe('R12: the table of a guess', () => {
  const options = ['red', 'green', 'blue'].map((id) => ({ id, title: words }))
  const guess = (budget: number) =>
    gameOffer.parse({ type: 'guess', options, points: 250, budget }) as GuessOffer

  test('has each option once, while the budget pays for a right one', () => {
    const table = tableOf(guess(1_000), { ...NOTHING, points: 750 })!
    expect(table).toEqual({
      tickets: 3,
      rows: options.map(({ id }) => ({ id, tickets: 1, points: 250 })),
    })
    expect([0, 1, 2].map((ticket) => findRow(table, ticket)?.id)).toEqual(['red', 'green', 'blue'])
    expect(tableOf(guess(1_000), { ...NOTHING, points: 751 })).toBeNull()
    expect(oddsOf(guess(1_000), NOTHING).chance).toBe('0.333333333333')
    expect(oddsOf(guess(100), NOTHING).chance).toBe('0')
  })

  test('costs on average what one pick of all wins', () => {
    const { points, costMinor } = expectedCost(tableOf(guess(1_000), NOTHING)!, 'guess')
    expect(showFraction(points)).toBe('250/3')
    expect(showDecimal(points)).toBe('83.333333333333')
    expect(showDecimal(costMinor)).toBe('0')
  })
})
