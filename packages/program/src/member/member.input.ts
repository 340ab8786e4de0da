import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int } from 'type-graphql'

@InputType({ description: 'A day of the year.' })
class BirthdayInput {
  @Field(() => Int, { description: '1 to 12.' })
  month!: number

  @Field(() => Int, { description: '1 to 31.' })
  day!: number
}

@InputType({ description: 'Whether messages may be sent, by channel.' })
class ConsentInput {
  @Field(() => String, { description: 'How: `e-mail`, `sms` …' })
  channel!: string

  @Field(() => Boolean, { description: 'Whether the member agreed.' })
  granted!: boolean
}

@InputType({ description: 'Something linked to a member.' })
class IdentityInput {
  @Field(() => String, { description: 'A kind of the policy’s `identities`.' })
  kind!: string

  @Field(() => String, { description: 'The number, or whatever names it. One member’s only.' })
  value!: string
}

@InputType()
class MemberInput {
  @Field(() => ID, { description: 'The shop’s own id: up to 64 visible ASCII characters.' })
  id!: string

  @Field(() => BirthdayInput, { nullable: true, description: 'Month and day only.' })
  birthday?: BirthdayInput | null

  @Field(() => String, { nullable: true, description: 'Where: an operator’s word.' })
  region?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Whether the member is staff.' })
  staff?: boolean | null

  @Field(() => [ConsentInput], { nullable: true, description: 'Consent to messages, whole.' })
  consent?: ConsentInput[] | null

  @Field(() => [IdentityInput], { nullable: true, description: 'All that is linked.' })
  identities?: IdentityInput[] | null
}

@InputType({ description: 'A new member. The same again is the same member.' })
export class RegisterMemberInput extends MemberInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when; default: now.' })
  joinedAt?: number | null
}

@InputType({ description: 'What is left out stays as it is; null clears.' })
export class UpdateMemberInput extends MemberInput {}
