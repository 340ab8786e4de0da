import type { Calendar, Language } from '@pointwell/plugin'
import { connectionOf, DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { returnUntil } from '../shipment/return-until.js'
import {
  findReceivedAt,
  findStatus,
  type GoodsKind,
  type Shipment,
  type ShipmentStatus,
} from '../shipment/shipment.js'
import { SHIPMENT_STATUS_WORDS } from '../words/goods-words.js'

export const ShipmentStatusEnum = {
  ORDERED: 'ordered',
  PICKING: 'picking',
  SENT: 'sent',
  RECEIVED: 'received',
  RETURN_REQUESTED: 'return-requested',
  RETURNED: 'returned',
  RETURN_DECLINED: 'return-declined',
  WAITING: 'waiting',
  GIVEN: 'given',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const satisfies Record<string, ShipmentStatus>

registerEnumType(ShipmentStatusEnum, {
  name: 'ShipmentStatus',
  description: 'Where goods are in their life.',
  valuesConfig: {
    ORDERED: { description: 'To be picked.' },
    PICKING: { description: 'Somebody takes them off the shelf.' },
    SENT: { description: 'On their way.' },
    RECEIVED: { description: 'The member has them, or counts as having them by now.' },
    RETURN_REQUESTED: { description: 'The member wants to send them back.' },
    RETURNED: { description: 'The return was accepted: the redemption can be cancelled.' },
    RETURN_DECLINED: {
      description: 'The return was declined; the goods say why. The member keeps them.',
    },
    WAITING: { description: 'A top-up that is still to be done.' },
    GIVEN: { description: 'A top-up, a code or a product of the programme’s own that was given.' },
    FAILED: { description: 'A top-up that could not be done: the points go back.' },
    CANCELLED: { description: 'Taken back.' },
  },
})

const GoodsKindEnum = {
  PHYSICAL: 'physical',
  TOP_UP: 'top-up',
  CODE: 'code',
  OWN: 'own',
} as const satisfies Record<string, GoodsKind>

registerEnumType(GoodsKindEnum, {
  name: 'GoodsKind',
  description: 'What kind of goods they are.',
  valuesConfig: {
    PHYSICAL: { description: 'Sent to an address.' },
    TOP_UP: { description: 'An account that is topped up.' },
    CODE: { description: 'A code of a pool; the receipt of the redemption has it.' },
    OWN: { description: 'A product of the programme’s own.' },
  },
})

@ObjectType('Shipment', {
  description: 'Goods that a member got for points, sent or not.',
  simpleResolvers: true,
})
export class ShipmentType {
  @Field(() => ID, { description: 'The redemption they were got by.' })
  redemptionId!: string

  @Field(() => ID, { description: 'Whose they are.' })
  memberId!: string

  @Field(() => ID, { description: 'The offer they were redeemed from.' })
  offerId!: string

  @Field(() => String, { description: 'What they are called, in the language of the request.' })
  title!: string

  @Field(() => GoodsKindEnum, { description: 'What kind of goods they are.' })
  kind!: GoodsKind

  @Field(() => ShipmentStatusEnum, { description: 'Where they are in their life, now.' })
  status!: ShipmentStatus

  @Field(() => String, { description: 'The status in the language of the request.' })
  statusTitle!: string

  @Field(() => ID, { nullable: true, description: 'The storefront’s own id of the address.' })
  address!: string | null

  @Field(() => String, { nullable: true, description: 'The account that is topped up.' })
  account!: string | null

  @Field(() => ID, { nullable: true, description: 'Which product of the programme’s own.' })
  sku!: string | null

  @Field(() => String, { nullable: true, description: 'Who carries them.' })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: 'The carrier’s number of the parcel.' })
  trackingNumber!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Of a top-up: the reference of who did it, or why it could not be done.',
  })
  note!: string | null

  @Field(() => DateTimeScalar, { description: 'When they were redeemed.' })
  orderedAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When they were picked.' })
  pickedAt!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When they were sent.' })
  sentAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on they count as received, whoever says nothing.',
  })
  arrivesBy!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the member had them.' })
  receivedAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'The first instant at which they can no longer be given back; null: not at all, or not there yet.',
  })
  returnUntil!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a return was asked for.' })
  returnRequestedAt!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that return was accepted.' })
  returnAcceptedAt!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that return was declined.' })
  returnDeclinedAt!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Why it was declined, in the words of whoever did.',
  })
  returnDeclinedBecause!: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they were cancelled or failed.',
  })
  endedAt!: number | null
}

export const ShipmentConnection = connectionOf(ShipmentType, 'Shipment')

/** Goods as the API shows them. Throws for what was never given: nobody sees that. */
function shipmentType(
  shipment: Shipment,
  {
    language,
    calendar,
    now,
  }: { readonly language: Language; readonly calendar: Calendar; readonly now: number },
): ShipmentType {
  const status = findStatus(shipment, now)
  if (!status) throw new Error('Goods that were never given are not shown.')
  return Object.assign(new ShipmentType(), {
    redemptionId: shipment.redemptionId,
    memberId: shipment.memberId,
    offerId: shipment.offerId,
    title: shipment.title[language],
    kind: shipment.kind,
    status,
    statusTitle: SHIPMENT_STATUS_WORDS[status][language],
    address: shipment.addressRef,
    account: shipment.account,
    sku: shipment.sku,
    carrier: shipment.carrier,
    trackingNumber: shipment.tracking,
    note: shipment.note,
    orderedAt: shipment.orderedAt,
    pickedAt: shipment.pickedAt,
    sentAt: shipment.sentAt,
    arrivesBy: shipment.arrivesBy,
    receivedAt: findReceivedAt(shipment, now),
    returnUntil: returnUntil(shipment, { calendar, now }),
    returnRequestedAt: shipment.returnRequestedAt,
    returnAcceptedAt: shipment.returnAcceptedAt,
    returnDeclinedAt: shipment.returnDeclinedAt,
    returnDeclinedBecause: shipment.returnDeclinedBecause,
    endedAt: shipment.endedAt,
  })
}

/** As who asks sees it, now. */
export function shownTo(
  context: {
    readonly language: Language
    now(): number
    readonly program: { calendar(): Calendar }
  },
  shipment: Shipment,
): ShipmentType {
  const { language, program } = context
  return shipmentType(shipment, { language, calendar: program.calendar(), now: context.now() })
}
