import { connectionOf, DateTimeScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { OrderEnd } from '../right/end-order.js'
import type { Right, RightStatus } from '../right/right.js'

const PartnerOrderStatusEnum = {
  ASKING: 'asking',
  GIVEN: 'given',
  REFUSED: 'refused',
  NEVER: 'never',
  CANCELLING: 'cancelling',
  VOID: 'void',
} as const satisfies Record<string, RightStatus>

registerEnumType(PartnerOrderStatusEnum, {
  name: 'PartnerOrderStatus',
  description: 'How far an order of a partner’s API has come.',
  valuesConfig: {
    ASKING: { description: 'What it costs is set aside; the partner is asked until it says.' },
    GIVEN: { description: 'The partner gave it, and it is charged.' },
    REFUSED: { description: 'The partner did not give it.' },
    NEVER: { description: 'The partner was not asked, and will not be.' },
    CANCELLING: { description: 'The partner is asked to take it back until it says.' },
    VOID: { description: 'It was taken back, and the charge is reversed.' },
  },
})

const PartnerOrderEndEnum = {
  GIVEN: 'given',
  NOT_GIVEN: 'not-given',
} as const satisfies Record<string, OrderEnd>

registerEnumType(PartnerOrderEndEnum, {
  name: 'PartnerOrderEnd',
  description: 'What the partner said of an order, otherwise than by its API.',
  valuesConfig: {
    GIVEN: {
      description: 'The member has it: it is charged, and what was to be taken back stays.',
    },
    NOT_GIVEN: {
      description: 'The member does not have it: points come back, and so does what was charged.',
    },
  },
})

@ObjectType('PartnerOrder', {
  description: 'What a partner’s API was asked for.',
  simpleResolvers: true,
})
export class PartnerOrderType {
  @Field(() => ID, { description: 'The redemption, and the order’s key.' })
  redemptionId!: string

  @Field(() => ID, { description: 'Whose API.' })
  partnerId!: string

  @Field(() => ID, { description: 'The offer it was redeemed from.' })
  offerId!: string

  @Field(() => PartnerOrderStatusEnum, { description: 'How far it has come.' })
  status!: RightStatus

  @Field(() => Int, { description: 'How often the partner was asked to give it.' })
  attempts!: number

  @Field(() => DateTimeScalar, { description: 'When it was redeemed.' })
  orderedAt!: number
}

export const PartnerOrderConnection = connectionOf(PartnerOrderType, 'PartnerOrder')

export function partnerOrderType(right: Right): PartnerOrderType {
  const { redemptionId, partnerId, offerId, status, attempts, orderedAt } = right
  const order = { redemptionId, partnerId, offerId, status, attempts, orderedAt }
  return Object.assign(new PartnerOrderType(), order)
}

@InputType({ description: 'The end of an order that a partner’s API says no more about.' })
export class EndPartnerOrderInput {
  @Field(() => ID, { description: 'The redemption.' })
  redemptionId!: string

  @Field(() => PartnerOrderEndEnum, { description: 'What the partner said of it.' })
  outcome!: OrderEnd

  @Field(() => String, {
    nullable: true,
    description:
      'With GIVEN, of one that was still being asked for: the code that the partner gave, 1 to 200 visible ASCII characters. The member sees it.',
  })
  code?: string | null

  @Field(() => String, {
    description: 'Who said so at the partner, and when; 1 to 500 characters. For the audit.',
  })
  reason!: string
}

@ObjectType('PartnerOrderEnded', {
  description: 'An order as it is now.',
  simpleResolvers: true,
})
export class PartnerOrderEndedType {
  @Field(() => PartnerOrderType, { description: 'The order as it is now.' })
  order!: PartnerOrderType
}

export const EndPartnerOrderResult = resultUnion(
  'EndPartnerOrderResult',
  PartnerOrderEndedType,
  'The order as it is now, or why not.',
)
