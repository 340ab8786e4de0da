import { DateTimeScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { StakeRoundType } from './stake.object.js'

@InputType({ description: 'The same words in every language.' })
export class StakeWordsInput {
  @Field(() => String, { description: 'In English.' })
  en!: string

  @Field(() => String, { description: 'In Chinese.' })
  zh!: string
}

@InputType({ description: 'An outcome that points can be staked on.' })
export class StakeOutcomeInput {
  @Field(() => ID, {
    description: 'Names it in its round: lower-case letters, digits and hyphens, at most 40.',
  })
  id!: string

  @Field(() => StakeWordsInput, { description: 'What it is called.' })
  title!: StakeWordsInput
}

@InputType({ description: 'A round of stakes.' })
export class OpenStakeInput {
  @Field(() => ID, {
    description: 'Names the round: the same id again is the same round. At most 64 characters.',
  })
  id!: string

  @Field(() => ID, { description: 'The game: its price is one stake, and its rake holds.' })
  offerId!: string

  @Field(() => StakeWordsInput, { description: 'What it is about.' })
  title!: StakeWordsInput

  @Field(() => [StakeOutcomeInput], { description: 'What may come about, 2 to 50.' })
  outcomes!: readonly StakeOutcomeInput[]

  @Field(() => DateTimeScalar, { description: 'The first instant at which no stake is taken.' })
  closesAt!: number

  @Field(() => String, { description: 'Why, 1 to 500 characters.' })
  reason!: string
}

@InputType({ description: 'What came about.' })
export class SettleStakeInput {
  @Field(() => ID, { description: 'The round.' })
  roundId!: string

  @Field(() => ID, { description: 'The outcome that came about.' })
  outcome!: string

  @Field(() => String, { description: 'How that is known, 1 to 500 characters.' })
  reason!: string
}

@InputType({ description: 'A round whose stakes shall come back.' })
export class VoidStakeInput {
  @Field(() => ID, { description: 'The round.' })
  roundId!: string

  @Field(() => String, { description: 'Why, 1 to 500 characters.' })
  reason!: string
}

@ObjectType('StakeOpened', { description: 'Stakes are taken.', simpleResolvers: true })
export class StakeOpenedType {
  @Field(() => StakeRoundType, { description: 'The round.' })
  round!: StakeRoundType
}

@ObjectType('StakeEnded', {
  description: 'The round has ended, and its stakes are paid.',
  simpleResolvers: true,
})
export class StakeEndedType {
  @Field(() => StakeRoundType, {
    description:
      'The round. Where stakes are `unpaid` still, they are paid on by themselves, and by the same request.',
  })
  round!: StakeRoundType

  @Field(() => String, {
    nullable: true,
    description: 'Why a stake could not be paid, as a code; null: nothing stood in the way.',
  })
  unpaidBecause!: string | null
}

export const OpenStakeResult = resultUnion(
  'OpenStakeResult',
  StakeOpenedType,
  'The round, or why not.',
)
export const SettleStakeResult = resultUnion(
  'SettleStakeResult',
  StakeEndedType,
  'The round with what is left to pay, or why it is not settled.',
)
export const VoidStakeResult = resultUnion(
  'VoidStakeResult',
  StakeEndedType,
  'The round with what is left to give back, or why it is not voided.',
)
