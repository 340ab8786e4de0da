import { resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { GameFairnessType } from './game.object.js'
import { GamePlayType } from './game-play.object.js'

@InputType({ description: 'A round that shall end.' })
export class RotateGameSeedInput {
  @Field(() => ID, { description: 'The game.' })
  offerId!: string

  @Field(() => String, { description: 'Why, 1 to 500 characters.' })
  reason!: string
}

@ObjectType('GameSeedRotated', {
  description: 'A round has ended, and its seed is shown; another has begun.',
  simpleResolvers: true,
})
export class GameSeedRotatedType {
  @Field(() => GameFairnessType, { description: 'The new round, with the seed of the one before.' })
  fairness!: GameFairnessType
}

export const RotateGameSeedResult = resultUnion(
  'RotateGameSeedResult',
  GameSeedRotatedType,
  'The new round, or why not.',
)

@InputType({ description: 'A thing that was won and is handed over.' })
export class HandOverPrizeInput {
  @Field(() => ID, { description: 'The play that won it.' })
  playId!: string

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the audit of operators’ acts. 1 to 500 characters.',
  })
  reason?: string | null
}

@ObjectType('PrizeHandedOver', {
  description: 'The thing is the member’s.',
  simpleResolvers: true,
})
export class PrizeHandedOverType {
  @Field(() => GamePlayType, { description: 'The play that won it.' })
  play!: GamePlayType
}

export const HandOverPrizeResult = resultUnion(
  'HandOverPrizeResult',
  PrizeHandedOverType,
  'The play with its prize, or why not.',
)

@InputType({ description: 'A life, and the game that uses it.' })
export class UseReviveInput {
  @Field(() => ID, { description: 'The redemption that gave it.' })
  redemptionId!: string

  @Field(() => ID, {
    description: 'The game that goes on: the same one again gets the same answer, another none.',
  })
  sessionId!: string
}

@ObjectType('ReviveUsed', { description: 'The game goes on.', simpleResolvers: true })
export class ReviveUsedType {
  @Field(() => GamePlayType, { description: 'The play that gave the life.' })
  play!: GamePlayType
}

export const UseReviveResult = resultUnion(
  'UseReviveResult',
  ReviveUsedType,
  'The life is used, or why it is not.',
)
