import { Field, ID, InputType } from 'type-graphql'

@InputType('CreateReferralCodeInput', { description: 'Whose code, and how the member is known.' })
export class CreateReferralCodeInput {
  @Field(() => ID, { nullable: true, description: 'Whose; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'The device the member uses; only its fingerprint is kept.',
  })
  deviceId?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'What the member pays with; only its fingerprint is kept.',
  })
  paymentId?: string | null
}

@InputType('AcceptReferralInput', { description: 'A code that a new member accepts.' })
export class AcceptReferralInput {
  @Field(() => ID, { nullable: true, description: 'Who accepts; a member may leave it out.' })
  memberId?: string | null

  @Field(() => String, { description: 'The code as the member typed it.' })
  code!: string

  @Field(() => ID, {
    nullable: true,
    description: 'The device the member uses; only its fingerprint is kept.',
  })
  deviceId?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'What the member pays with; only its fingerprint is kept.',
  })
  paymentId?: string | null
}

@InputType('DecideReferralInput', { description: 'An operator’s decision on what is held.' })
export class DecideReferralInput {
  @Field(() => ID, { description: 'Who accepted the code.' })
  friendId!: string

  @Field(() => Boolean, { description: 'Whether it may give points.' })
  release!: boolean

  @Field(() => String, { description: 'Why; 1 to 500 characters.' })
  reason!: string
}
