import { MAX_POINTS, points, rate, text, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { chance } from './chance.js'

const MOST_PRIZES = 50
const MOST_WEIGHT = 1_000_000
const MOST_OPTIONS = 100

/** Names a prize, an option, an outcome: short, and the same for every database. */
export const gameWord = () =>
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    error: 'Expected lower-case letters, digits and hyphens, at most 40.',
  })

const closedIn = z
  .array(text({ max: 64 }))
  .max(1_000)
  .default([])
  .describe('Regions whose members cannot play it.')

const budget = z
  .strictObject({
    points: points()
      .nullable()
      .default(null)
      .describe('Points that all plays together can win; needed where points can be won.'),
    costMinor: points()
      .nullable()
      .default(null)
      .describe(
        'What the things won may cost all together, in minor units; needed where things can be won.',
      ),
  })
  .prefault({})
  .describe('What the game may give away, never more. Null: nothing of the kind can be won.')

const prizeTerms = {
  id: gameWord().describe('Names it; a prize that was won once keeps its id.'),
  title: wordsSchema,
  weight: wholeNumber({ min: 1, max: MOST_WEIGHT })
    .default(1)
    .describe('How often it is among the wins, as against the other prizes.'),
  stock: wholeNumber({ min: 0, max: MAX_POINTS })
    .nullable()
    .default(null)
    .describe('How many there are; null: as many as the budget pays for.'),
}

const pointsPrize = z.strictObject({ ...prizeTerms, points: points().min(1) })
const itemPrize = z.strictObject({
  ...prizeTerms,
  item: z.literal(true).describe('A thing that the operator hands over.'),
  costMinor: wholeNumber({ min: 0, max: MAX_POINTS }).describe('What it costs, in minor units.'),
})

const prize = z.union([pointsPrize, itemPrize], {
  error: 'Expected a prize of `points`, or `"item": true` with its `costMinor`.',
})

const draw = z
  .strictObject({
    type: z.literal('draw').describe('A chance to win one of several prizes.'),
    chance: chance().default('0.3').describe('The chance to win at all: "0.3" or "1/3".'),
    prizes: z.array(prize).min(1).max(MOST_PRIZES).describe('What is won, by weight.'),
    budget,
    closedIn,
  })
  .superRefine(({ prizes, budget }, context) => {
    findRepeated(prizes).forEach((place) => {
      context.addIssue({
        code: 'custom',
        path: ['prizes', place, 'id'],
        message: 'Expected an id that no other prize has.',
      })
    })
    const wants = {
      points: prizes.some((it) => 'points' in it),
      costMinor: prizes.some((it) => 'item' in it),
    }
    for (const field of ['points', 'costMinor'] as const) {
      if (wants[field] !== (budget[field] !== null)) {
        context.addIssue({ code: 'custom', path: ['budget', field], message: BUDGET[field] })
      }
    }
  })

const BUDGET = {
  points: 'Expected a number where a prize gives points, and none where no prize does.',
  costMinor: 'Expected an amount where a prize is a thing, and none where no prize is.',
} as const

const guess = z
  .strictObject({
    type: z.literal('guess').describe('The member picks an option, and a draw says which it is.'),
    options: z
      .array(z.strictObject({ id: gameWord(), title: wordsSchema }))
      .min(2)
      .max(MOST_OPTIONS)
      .describe('What can be picked; each is as likely.'),
    points: points().min(1).describe('What the right pick wins.'),
    budget: points().describe('Points that all plays together can win, never more.'),
    closedIn,
  })
  .superRefine(({ options }, context) => {
    findRepeated(options).forEach((place) => {
      context.addIssue({
        code: 'custom',
        path: ['options', place, 'id'],
        message: 'Expected an id that no other option has.',
      })
    })
  })

const revive = z.strictObject({
  type: z.literal('revive').describe('Another life in a game of the storefront’s own.'),
  closedIn,
})

const stake = z.strictObject({
  type: z
    .literal('stake')
    .describe('The price is staked on an outcome; winners share what was staked.'),
  rake: rate()
    .refine((value) => Number(value) < 1, { error: 'Expected less than 1.' })
    .default('0.05')
    .describe('What the programme keeps of a pool that is shared: "0.05" is a twentieth.'),
  nobodyWon: z
    .enum(['returned', 'kept'])
    .default('returned')
    .describe('What becomes of a pool that nobody wins.'),
  closedIn,
})

/** What an offer of a game says (R12). Amounts are minor units of the offer's currency. */
export const gameOffer = z.discriminatedUnion('type', [draw, guess, revive, stake])

export type GameOffer = z.output<typeof gameOffer>
export type GameType = GameOffer['type']
export type DrawOffer = Extract<GameOffer, { type: 'draw' }>
export type GuessOffer = Extract<GameOffer, { type: 'guess' }>
export type StakeOffer = Extract<GameOffer, { type: 'stake' }>
export type Prize = DrawOffer['prizes'][number]
/** Games whose result is drawn. */
export type DrawnOffer = DrawOffer | GuessOffer

export function isDrawn(offer: GameOffer): offer is DrawnOffer {
  return offer.type === 'draw' || offer.type === 'guess'
}

/** Places of those whose id another one has before them. */
function findRepeated(list: readonly { readonly id: string }[]): number[] {
  const ids = list.map(({ id }) => id)
  return ids.flatMap((id, place) => (ids.indexOf(id) < place ? [place] : []))
}
