import { PointsScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { GamePlayType } from './game-play.object.js'

@InputType({
  description: 'A play that a member wants. All of it is fixed before anything is drawn.',
})
export class PlayGameInput {
  @Field(() => ID, { nullable: true, description: 'The member; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { nullable: true, description: 'The game at its price now; or `quoteId`.' })
  offerId?: string | null

  @Field(() => ID, { nullable: true, description: 'A quote, at the price it promised; once.' })
  quoteId?: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'Needed with `offerId`: the same key again is the same play. Up to 100 characters.',
  })
  idempotencyKey?: string | null

  @Field(() => ID, { nullable: true, description: 'Of a guess: the option.' })
  pick?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A text of the member’s own that the draw depends on, up to 64 characters; everybody can read it with the play. Without one it is the redemption’s id.',
  })
  clientSeed?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The commitment that the member saw: where another round has begun since, it is refused with GAME_ROUND_ENDED.',
  })
  commitment?: string | null
}

@InputType({ description: 'One unit of the game’s price on an outcome.' })
export class JoinStakeInput {
  @Field(() => ID, { nullable: true, description: 'The member; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { description: 'The round.' })
  roundId!: string

  @Field(() => ID, { description: 'The outcome.' })
  outcome!: string

  @Field(() => ID, {
    description:
      'The same key again is the same stake; another key is another one. Up to 100 characters.',
  })
  idempotencyKey!: string
}

@ObjectType('GamePlayed', {
  description: 'A play that was paid for.',
  simpleResolvers: true,
})
export class GamePlayedType {
  @Field(() => ID, { description: 'The redemption that it is.' })
  redemptionId!: string

  @Field(() => PointsScalar, { description: 'Points that it cost.' })
  spent!: number

  @Field(() => GamePlayType, {
    nullable: true,
    description:
      'What came of it; null: not known yet, or a part in money is still to be paid. Ask again with the same key.',
  })
  play!: GamePlayType | null
}

export const PlayGameResult = resultUnion(
  'PlayGameResult',
  GamePlayedType,
  'The play, or why it was not played; no points are spent then.',
)
export const JoinStakeResult = resultUnion(
  'JoinStakeResult',
  GamePlayedType,
  'The stake, or why it was not taken; no points are spent then.',
)
