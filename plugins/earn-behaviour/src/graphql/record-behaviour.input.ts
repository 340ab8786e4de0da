import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType } from 'type-graphql'

@InputType('RecordBehaviourInput', { description: 'Something that a member did.' })
export class RecordBehaviourInput {
  @Field(() => ID, { description: 'Who did it.' })
  memberId!: string

  @Field(() => ID, { description: 'Which behaviour of the policy it was: `share`.' })
  behaviour!: string

  @Field(() => ID, {
    description:
      'Names the act among those of this member and behaviour (what was shared, an order’s id): sent again, it counts once.',
  })
  ref!: string

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was done; otherwise now. It counts in the period of that moment.',
  })
  at?: number | null
}
