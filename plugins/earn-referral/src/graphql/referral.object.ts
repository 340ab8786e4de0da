import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { ReferralMemory } from '../memory/referral-memory.js'

export enum ReferralState {
  WAITING = 'WAITING',
  HELD = 'HELD',
  REFUSED = 'REFUSED',
  QUALIFIED = 'QUALIFIED',
  LOST = 'LOST',
}

registerEnumType(ReferralState, {
  name: 'ReferralState',
  description: 'How far it is with somebody who was brought.',
  valuesConfig: {
    WAITING: { description: 'The first confirmed order is still to come.' },
    HELD: { description: 'An operator has to look at it.' },
    REFUSED: { description: 'An operator decided against it: it gives nothing.' },
    QUALIFIED: { description: 'The order was confirmed: it gives what its limits leave.' },
    LOST: { description: 'The order came back whole, and the points with it.' },
  },
})

export function stateOf({ held, ruling, lost, qualified }: ReferralMemory): ReferralState {
  if (ruling === 'refused') return ReferralState.REFUSED
  if (lost) return ReferralState.LOST
  if (held !== null && ruling === null) return ReferralState.HELD
  return qualified ? ReferralState.QUALIFIED : ReferralState.WAITING
}

@ObjectType('ReferredFriend', {
  description: 'A member whom another one brought.',
  simpleResolvers: true,
})
export class ReferredFriend {
  @Field(() => ID, {
    nullable: true,
    description: 'Who it is, for storefronts and operators; a member does not learn that.',
  })
  friendId!: string | null

  @Field(() => DateTimeScalar, { description: 'When the code was accepted.' })
  acceptedAt!: number

  @Field(() => ReferralState, { description: 'How far it is.' })
  state!: ReferralState

  @Field(() => PointsScalar, { description: 'Points it gave that still stand.' })
  points!: number
}

@ObjectType('Referral', {
  description: 'A member as one who brings others, and was brought.',
  simpleResolvers: true,
})
export class ReferralType {
  @Field(() => ID, { nullable: true, description: 'The member’s code; null: none was made yet.' })
  code!: string | null

  @Field(() => ReferralState, {
    nullable: true,
    description: 'How far it is with the code that the member accepted; null: none was.',
  })
  accepted!: ReferralState | null

  @Field(() => [ReferredFriend], { description: 'Whom the member brought, the newest first.' })
  friends!: ReferredFriend[]
}

@ObjectType('HeldReferral', {
  description: 'A referral that waits for an operator.',
  simpleResolvers: true,
})
export class HeldReferral {
  @Field(() => ID, { description: 'Who accepted the code.' })
  friendId!: string

  @Field(() => ID, { description: 'Whose code it is.' })
  referrerId!: string

  @Field(() => DateTimeScalar, { description: 'When it was accepted.' })
  acceptedAt!: number

  @Field(() => [String], {
    description: 'Why it is held: `same-device`, `same-payment`; `same-member`: both were merged.',
  })
  reasons!: readonly string[]

  @Field(() => Boolean, { description: 'Whether the friend did what counts meanwhile.' })
  qualified!: boolean
}
