import type { Money } from '@pointwell/plugin'
import { DateTimeScalar, MoneyScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int } from 'type-graphql'

/*
 * What an order says wrongly is a refusal of that order, which names the field, and its neighbours in a
 * batch go in. So prices and currencies come as text, and are read by the same schema that all events
 * pass; only what is not even of its type (a moment that is none) is an error of the whole request.
 */

@InputType('PurchaseLineInput', { description: 'A line of an order.' })
export class PurchaseLineInput {
  @Field(() => ID, { description: 'Unique in its order: what a return names.' })
  id!: string

  @Field(() => String, { description: 'The article, up to 128 characters.' })
  article!: string

  @Field(() => Int, { description: 'How many pieces, 1 to 1,000,000.' })
  quantity!: number

  @Field(() => String, {
    description:
      'Price of one piece: an exact decimal in major units, not negative, at most four places: `"12.5"`.',
  })
  unitPrice!: string

  @Field(() => String, { nullable: true, description: 'What category rates go by.' })
  category?: string | null
}

@InputType('RecordPurchaseInput', { description: 'An order as the shop has it.' })
export class RecordPurchaseInput {
  @Field(() => ID, { description: 'Who bought.' })
  memberId!: string

  @Field(() => ID, { description: 'Names the order in the programme: sent again, it counts once.' })
  orderId!: string

  @Field(() => DateTimeScalar, { description: 'When it was bought.' })
  at!: number

  @Field(() => String, {
    description: 'ISO 4217 code of all amounts; the programme’s currency: `CNY`.',
  })
  currency!: string

  @Field(() => String, {
    nullable: true,
    description: 'Where it was bought, for regional rates; else the member’s region counts.',
  })
  region?: string | null

  @Field(() => [PurchaseLineInput], {
    description: 'The goods, 1 to 1,000 lines. Delivery is not among them.',
  })
  lines!: PurchaseLineInput[]

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'Taxes within the prices: earn nothing.',
  })
  includedTax?: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'Paid with points: earns nothing.' })
  paidWithPoints?: Money | null

  @Field(() => MoneyScalar, { nullable: true, description: 'Paid with coupons: earns nothing.' })
  paidWithCoupons?: Money | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'Delivery, beside the lines: earns nothing.',
  })
  delivery?: Money | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Already signed for: the points need not wait.',
  })
  confirmed?: boolean | null
}

@InputType('ConfirmPurchaseInput', { description: 'An order that was signed for.' })
export class ConfirmPurchaseInput {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string

  @Field(() => DateTimeScalar, { nullable: true, description: 'When; otherwise now.' })
  confirmedAt?: number | null
}

@InputType('ReturnedLineInput', { description: 'Goods of a line that came back.' })
export class ReturnedLineInput {
  @Field(() => ID, { description: 'The line, by its id in the order.' })
  line!: string

  @Field(() => Int, { description: 'How many pieces, at least 1.' })
  quantity!: number
}

@InputType('ReturnPurchaseInput', { description: 'A part of an order that came back.' })
export class ReturnPurchaseInput {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string

  @Field(() => ID, {
    description: 'Names the return within its order: sent again, it counts once.',
  })
  returnId!: string

  @Field(() => [ReturnedLineInput], { description: 'What came back, 1 to 1,000 lines.' })
  lines!: ReturnedLineInput[]

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it came back.' })
  at?: number | null
}
