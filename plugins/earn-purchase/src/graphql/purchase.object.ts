import type { EarnedRecord, Money } from '@pointwell/plugin'
import {
  CurrencyCodeScalar,
  DateTimeScalar,
  DecimalScalar,
  MoneyScalar,
  PointsScalar,
} from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { PurchaseEvent, PurchaseReturn } from '../event/purchase-event.js'
import { withoutReturned } from '../returns/without-returned.js'

/** The enum's names are the programme's words in capitals. */
const PurchaseStatus = {
  PENDING: 'pending',
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<EarnedRecord['status']>, EarnedRecord['status']>

registerEnumType(PurchaseStatus, {
  name: 'PurchaseStatus',
  description: 'How far an order is.',
  valuesConfig: {
    PENDING: { description: 'Its points wait until it is confirmed.' },
    CONFIRMED: { description: 'Signed for, or its time has passed.' },
    CANCELLED: { description: 'All of it was taken back.' },
  },
})

@ObjectType('PurchaseLine', { description: 'A line of an order.', simpleResolvers: true })
export class PurchaseLineType {
  @Field(() => ID, { description: 'Unique in its order.' })
  id!: string

  @Field(() => String, { description: 'The article.' })
  article!: string

  @Field(() => Int, { description: 'How many pieces were bought.' })
  quantity!: number

  @Field(() => Int, { description: 'How many of them came back.' })
  returned!: number

  @Field(() => DecimalScalar, { description: 'Price of one piece in major units.' })
  unitPrice!: string

  @Field(() => String, { nullable: true, description: 'What category rates go by.' })
  category!: string | null
}

@ObjectType('PurchaseReturnLine', {
  description: 'Goods of a line that came back.',
  simpleResolvers: true,
})
export class PurchaseReturnLineType {
  @Field(() => ID, { description: 'The line, by its id in the order.' })
  line!: string

  @Field(() => Int, { description: 'How many pieces.' })
  quantity!: number
}

@ObjectType('PurchaseReturn', {
  description: 'A part of an order that came back.',
  simpleResolvers: true,
})
export class PurchaseReturnType {
  @Field(() => ID, { description: 'Names the return within its order.' })
  returnId!: string

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it came back.' })
  at!: number | null

  @Field(() => [PurchaseReturnLineType], { description: 'What came back.' })
  lines!: readonly PurchaseReturnLineType[]
}

@ObjectType('Purchase', {
  description: 'An order, and what it earned.',
  simpleResolvers: true,
})
export class PurchaseType {
  @Field(() => ID, { description: 'The shop’s own id of the order.' })
  orderId!: string

  @Field(() => ID, { description: 'Who bought.' })
  memberId!: string

  @Field(() => DateTimeScalar, { description: 'When it was bought.' })
  at!: number

  @Field(() => CurrencyCodeScalar, { description: 'The currency of all amounts.' })
  currency!: string

  @Field(() => String, { nullable: true, description: 'Where it was bought.' })
  region!: string | null

  @Field(() => [PurchaseLineType], { description: 'The goods.' })
  lines!: readonly PurchaseLineType[]

  @Field(() => MoneyScalar, { nullable: true, description: 'Taxes within the prices.' })
  includedTax!: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'Paid with points.' })
  paidWithPoints!: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'Paid with coupons.' })
  paidWithCoupons!: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'Delivery, beside the lines.' })
  delivery!: Money | null

  @Field(() => PurchaseStatus, { description: 'How far it is.' })
  status!: EarnedRecord['status']

  @Field(() => PointsScalar, { description: 'Points it was granted at first.' })
  granted!: number

  @Field(() => PointsScalar, { description: 'Points that still stand after returns.' })
  standing!: number

  @Field(() => [PurchaseReturnType], { description: 'What came back, in the order it was told.' })
  returns!: readonly PurchaseReturnType[]
}

/** An order as the API shows it. */
export function purchaseType(record: EarnedRecord): PurchaseType {
  const event = record.event as PurchaseEvent
  const returns = record.returns as readonly PurchaseReturn[]
  const kept = withoutReturned(event, record.status === 'cancelled' ? 'all' : returns)
  // What was taken in was checked then; without it the lines can still be shown.
  const { lines } = 'refused' in kept ? event : kept
  return Object.assign(new PurchaseType(), {
    orderId: event.orderId,
    memberId: record.memberId,
    at: event.at,
    currency: event.currency,
    region: event.region ?? null,
    lines: lines.map((line) => ({
      ...line,
      category: line.category ?? null,
      returned: line.returned ?? 0,
    })),
    includedTax: event.includedTax ?? null,
    paidWithPoints: event.paidWithPoints ?? null,
    paidWithCoupons: event.paidWithCoupons ?? null,
    delivery: event.delivery ?? null,
    status: record.status,
    granted: record.granted,
    standing: record.standing,
    returns: returns.map((taken) => ({ ...taken, at: taken.at ?? null })),
  })
}
