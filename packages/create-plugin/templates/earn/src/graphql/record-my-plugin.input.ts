import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType } from 'type-graphql'

@InputType('RecordMyPluginInput', { description: 'Something that a member did.' })
export class RecordMyPluginInput {
  @Field(() => ID, { description: 'Who did it.' })
  memberId!: string

  @Field(() => ID, {
    description: 'Names the act among those of this member: sent again, it counts once.',
  })
  ref!: string

  @Field(() => DateTimeScalar, { description: 'When it was done.' })
  at!: number
}
