import type { Language, OfferFacts } from '@pointwell/plugin'
import { DateTimeScalar, DecimalScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { SeedRound } from '../fair/seed-rounds.js'
import { type GameOffer, type GameType, isDrawn } from '../offer/game-offer.js'
import { oddsOf } from '../table/odds-of.js'
import type { Given } from '../table/prize-table.js'
import { GameCostType, gameCostType } from './game-cost.object.js'

/** The enum's names are the channel's words in capitals. */
export const GameTypeEnum = {
  DRAW: 'draw',
  GUESS: 'guess',
  REVIVE: 'revive',
  STAKE: 'stake',
} as const satisfies Record<Uppercase<GameType>, GameType>

registerEnumType(GameTypeEnum, {
  name: 'GameType',
  description: 'How a game is played.',
  valuesConfig: {
    DRAW: { description: 'A chance to win one of several prizes.' },
    GUESS: { description: 'The member picks an option, and a draw says which it is.' },
    REVIVE: { description: 'Another life in a game of the storefront’s own.' },
    STAKE: { description: 'Points are staked on an outcome; winners share the pool.' },
  },
})

@ObjectType('GameOdds', {
  description: 'What can be won, and how likely it is in the next play.',
  simpleResolvers: true,
})
export class GameOddsType {
  @Field(() => ID, { description: 'The prize; of a guess: the option.' })
  id!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => DecimalScalar, {
    description: 'The chance; rounded at twelve places where it has no end. 0: it is gone.',
  })
  chance!: string

  @Field(() => String, { description: 'The chance exactly, as a fraction: `3/1000`.' })
  exactChance!: string

  @Field(() => PointsScalar, { nullable: true, description: 'Points it gives; null: a thing.' })
  points!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'How many there are still; null: as many as the budget pays for.',
  })
  left!: number | null
}

@ObjectType('GameSeed', {
  description: 'A seed that is shown, because its round has ended.',
  simpleResolvers: true,
})
export class GameSeedType {
  @Field(() => Int, { description: 'The round, from 1.' })
  round!: number

  @Field(() => String, { description: 'SHA-256 of the seed’s 32 bytes, as it was published.' })
  commitment!: string

  @Field(() => String, { description: 'The seed, 64 hex digits.' })
  serverSeed!: string

  @Field(() => PointsScalar, { description: 'How many plays it drew: they are numbered from 1.' })
  plays!: number

  @Field(() => DateTimeScalar, { description: 'When the round began.' })
  openedAt!: number

  @Field(() => DateTimeScalar, { description: 'When the round ended.' })
  revealedAt!: number
}

@ObjectType('GameFairness', {
  description: 'What the next play is drawn with, published before.',
  simpleResolvers: true,
})
export class GameFairnessType {
  @Field(() => ID, { description: 'The offer.' })
  offerId!: string

  @Field(() => Int, { description: 'The round that is open, from 1.' })
  round!: number

  @Field(() => String, {
    description: 'SHA-256 of the 32 bytes of its seed, which is shown when the round has ended.',
  })
  commitment!: string

  @Field(() => DateTimeScalar, { description: 'When the round began.' })
  openedAt!: number

  @Field(() => PointsScalar, { description: 'Plays of it so far.' })
  plays!: number

  @Field(() => GameSeedType, {
    nullable: true,
    description: 'The round before; null: there is none.',
  })
  previous!: GameSeedType | null
}

@ObjectType('Game', { description: 'A game that is played for points.', simpleResolvers: true })
export class GameObject {
  @Field(() => ID, { description: 'The offer whose price a play costs.' })
  offerId!: string

  @Field(() => GameTypeEnum, { description: 'How it is played.' })
  type!: GameType

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'The chance that the next play wins anything; rounded at twelve places where it has no end. Null: nothing is drawn in this game.',
  })
  chance!: string | null

  @Field(() => [GameOddsType], {
    description: 'What can be won, one by one; empty: nothing is drawn.',
  })
  odds!: readonly GameOddsType[]

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a stake: what the programme keeps of a pool that is shared.',
  })
  rake!: string | null

  @Field(() => [String], { description: 'Regions whose members cannot play it.' })
  closedIn!: readonly string[]

  @Extensions({ access: ['rules', 'finance'] })
  @Field(() => GameCostType, {
    nullable: true,
    description: 'What it costs the programme; null: nothing is drawn in this game.',
  })
  cost!: GameCostType | null
}

/** A game as the API shows it, after what it gave away. */
export function gameObject(
  { id, title, details, currency }: OfferFacts<GameOffer>,
  {
    given,
    closedIn,
    language,
  }: {
    readonly given: Given
    /** Regions in which the policy lets nobody play. */
    readonly closedIn: readonly string[]
    readonly language: Language
  },
): GameObject {
  const drawn = isDrawn(details) ? details : null
  const { chance, rows } = drawn ? oddsOf(drawn, given) : { chance: null, rows: [] }
  return Object.assign(new GameObject(), {
    offerId: id,
    type: details.type,
    title: title[language],
    chance,
    odds: rows.map(({ title: words, ...row }) =>
      Object.assign(new GameOddsType(), { ...row, title: words[language] }),
    ),
    rake: details.type === 'stake' ? details.rake : null,
    closedIn: [...new Set([...closedIn, ...details.closedIn])],
    cost: drawn && gameCostType(drawn, { given, currency }),
  })
}

function gameSeedType(round: SeedRound & { readonly revealedAt: number }): GameSeedType {
  const { number, commitment, serverSeed, plays, openedAt, revealedAt } = round
  return Object.assign(new GameSeedType(), {
    round: number,
    commitment,
    serverSeed,
    plays,
    openedAt,
    revealedAt,
  })
}

export function gameFairnessType(open: SeedRound, previous: SeedRound | null): GameFairnessType {
  const { offerId, number, commitment, openedAt, plays } = open
  const isShown = (round: SeedRound): round is SeedRound & { readonly revealedAt: number } =>
    round.revealedAt !== null
  return Object.assign(new GameFairnessType(), {
    offerId,
    round: number,
    commitment,
    openedAt,
    plays,
    previous: previous && isShown(previous) ? gameSeedType(previous) : null,
  })
}
