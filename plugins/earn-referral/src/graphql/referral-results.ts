import { resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType } from 'type-graphql'

@ObjectType('ReferralCodeCreated', {
  description: 'A member’s code: the same one every time.',
  simpleResolvers: true,
})
export class ReferralCodeCreated {
  // Not `code`: that of a refusal is of another type, and nobody could ask for both.
  @Field(() => ID, { description: 'What friends type in.' })
  referralCode!: string
}

@ObjectType('ReferralAccepted', {
  description: 'The code was accepted; points come with the first confirmed order.',
  simpleResolvers: true,
})
export class ReferralAccepted {
  @Field(() => [String], {
    description:
      'Why an operator has to look at it first: `same-device`, `same-payment`; or nothing.',
  })
  heldBecause!: readonly string[]

  @Field(() => Boolean, { description: 'It had been accepted before; nothing changed this time.' })
  replayed!: boolean
}

@ObjectType('ReferralDecided', {
  description: 'The referral no longer waits.',
  simpleResolvers: true,
})
export class ReferralDecided {
  @Field(() => Boolean, { description: 'Whether it may give points.' })
  released!: boolean

  @Field(() => Boolean, {
    description: 'It had been decided so before; nothing changed this time.',
  })
  replayed!: boolean
}

export const CreateReferralCodeResult = resultUnion('CreateReferralCodeResult', ReferralCodeCreated)
export const AcceptReferralResult = resultUnion('AcceptReferralResult', ReferralAccepted)
export const DecideReferralResult = resultUnion('DecideReferralResult', ReferralDecided)
