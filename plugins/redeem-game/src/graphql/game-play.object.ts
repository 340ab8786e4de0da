import type { Language } from '@pointwell/plugin'
import { connectionOf, DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { GameType } from '../offer/game-offer.js'
import type { Play } from '../play/play.js'
import { GameTypeEnum } from './game.object.js'

@ObjectType('GamePrize', { description: 'What a play won.', simpleResolvers: true })
export class GamePrizeType {
  @Field(() => ID, { nullable: true, description: 'The prize; null: of a guess.' })
  id!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What it is called, in the language of the request; null: of a guess.',
  })
  title!: string | null

  @Field(() => PointsScalar, { nullable: true, description: 'Points; null: it is a thing.' })
  points!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a thing was handed over; null: it was not, or it is points.',
  })
  handedAt!: number | null
}

@ObjectType('PlayedStake', { description: 'Points on an outcome.', simpleResolvers: true })
export class PlayedStakeType {
  @Field(() => ID, { description: 'The round.' })
  roundId!: string

  @Field(() => ID, { description: 'The outcome that it is on.' })
  outcome!: string

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points that were won or came back, the stake among them; null: not paid yet.',
  })
  payout!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was paid.' })
  paidAt!: number | null
}

@ObjectType('GamePlay', { description: 'A play of a game.', simpleResolvers: true })
export class GamePlayType {
  @Field(() => ID, { description: 'The play, and the redemption that it is.' })
  id!: string

  @Field(() => ID, { description: 'The game.' })
  offerId!: string

  @Field(() => ID, { description: 'Who played.' })
  memberId!: string

  @Field(() => GameTypeEnum, { description: 'How the game is played.' })
  type!: GameType

  @Field(() => DateTimeScalar, { description: 'When it was played.' })
  at!: number

  @Field(() => PointsScalar, { description: 'Points that it cost.' })
  spent!: number

  @Field(() => ID, { nullable: true, description: 'Of a guess: the option that was picked.' })
  pick!: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'What the draw fell on: a prize, or an option; null: on nothing, or nothing is drawn in this game.',
  })
  result!: string | null

  @Field(() => GamePrizeType, {
    nullable: true,
    description: 'What it won at once; null: nothing.',
  })
  prize!: GamePrizeType | null

  @Field(() => Int, {
    nullable: true,
    description: 'The round it was drawn in; null: nothing is drawn.',
  })
  round!: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'Its number in the round, from 1.' })
  nonce!: number | null

  @Field(() => String, { nullable: true, description: 'The commitment of the round.' })
  commitment!: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Of a revive: when the life was used; null: it was not.',
  })
  usedAt!: number | null

  @Field(() => PlayedStakeType, { nullable: true, description: 'Of a stake: what it is on.' })
  stake!: PlayedStakeType | null
}

export const GamePlayConnection = connectionOf(GamePlayType, 'GamePlay')

export function gamePlayType(play: Play, { language }: { language: Language }): GamePlayType {
  const { id, offerId, memberId, type, at, spent, pick, draw, prize, use, stake } = play
  return Object.assign(new GamePlayType(), {
    id,
    offerId,
    memberId,
    type,
    at,
    spent,
    pick,
    result: draw?.result ?? null,
    prize:
      prize &&
      Object.assign(new GamePrizeType(), {
        id: prize.id,
        title: prize.title?.[language] ?? null,
        points: prize.isItem ? null : prize.points,
        handedAt: prize.handedAt,
      }),
    round: draw?.round ?? null,
    nonce: draw?.nonce ?? null,
    commitment: draw?.commitment ?? null,
    usedAt: use?.at ?? null,
    stake:
      stake &&
      Object.assign(new PlayedStakeType(), {
        roundId: stake.round,
        outcome: stake.outcome,
        payout: stake.payout,
        paidAt: stake.paidAt,
      }),
  })
}
