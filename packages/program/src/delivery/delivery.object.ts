import { connectionOf, DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MessageType, messageType } from '../message/message.object.js'
import type { Delivery, DeliveryState } from './delivery-rows.js'

/** The enum's names are the programme's words in capitals. */
export const DeliveryStateEnum = {
  WAITING: 'waiting',
  DELIVERED: 'delivered',
  DEAD: 'dead',
} as const satisfies Record<Uppercase<DeliveryState>, DeliveryState>

registerEnumType(DeliveryStateEnum, {
  name: 'DeliveryState',
  description: 'How far a message has come.',
  valuesConfig: {
    WAITING: { description: 'It is still to be delivered.' },
    DELIVERED: { description: 'The notifier has delivered it.' },
    DEAD: { description: 'It was given up; it is not tried any more, unless `redeliver` says so.' },
  },
})

@ObjectType('Delivery', {
  description: 'A message to a member, on its way by a notifier.',
  simpleResolvers: true,
})
export class DeliveryType {
  @Field(() => ID, { description: 'Its number.' })
  id!: string

  @Field(() => ID, { description: 'The notifier: a plugin.' })
  notifier!: string

  @Field(() => ID, { description: 'Whose message, by the shop’s id.' })
  memberId!: string

  @Field(() => MessageType, { description: 'What the member is told.' })
  message!: MessageType

  @Field(() => DeliveryStateEnum, { description: 'How far it has come.' })
  state!: DeliveryState

  @Field(() => Int, {
    description: 'How often the notifier was asked since it was put in the queue.',
  })
  attempts!: number

  @Field(() => DateTimeScalar, {
    description: 'When it was put in the queue: when it was written, or `redeliver` was asked.',
  })
  queuedAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it is tried next; null: it is not.',
  })
  nextTryAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was delivered, or given up; null: it is waiting.',
  })
  endedAt!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Why it was not delivered when it was tried last; English, for an operator.',
  })
  detail!: string | null
}

export const DeliveryConnection = connectionOf(DeliveryType, 'Delivery')

export function deliveryType(delivery: Delivery): DeliveryType {
  const { id, notifier, memberId, state, attempts, askedAt, dueAt, endedAt, detail } = delivery
  return Object.assign(new DeliveryType(), {
    id: `${id}`,
    notifier,
    memberId,
    message: messageType(delivery.message),
    state,
    attempts,
    queuedAt: askedAt,
    nextTryAt: dueAt,
    endedAt,
    detail,
  })
}
