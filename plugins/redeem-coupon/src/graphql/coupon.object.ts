import type { Language } from '@pointwell/plugin'
import {
  connectionOf,
  DateTimeScalar,
  DecimalScalar,
  MoneyScalar,
  PointsScalar,
} from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Card } from '../card/card.js'
import { showCouponCode } from '../code/coupon-code.js'
import { type Coupon, type CouponStatus, findStatus } from '../coupon/coupon.js'
import { WHOLE_FEE } from '../coupon/new-coupon.js'
import type { CouponType as TypeOfCoupon } from '../offer/coupon-offer.js'
import { STATUS_WORDS } from '../words/coupon-words.js'

interface Money {
  readonly amountMinor: number
  readonly currency: string
}

/** The enums' names are the channel's words in capitals. */
export const CouponStatusEnum = {
  ISSUED: 'issued',
  USED: 'used',
  EXPIRED: 'expired',
  VOID: 'void',
} as const satisfies Record<Uppercase<CouponStatus>, CouponStatus>

registerEnumType(CouponStatusEnum, {
  name: 'CouponStatus',
  description: 'Where a coupon is in its life.',
  valuesConfig: {
    ISSUED: { description: 'Can be used.' },
    USED: { description: 'An order used it, or the member activated it.' },
    EXPIRED: { description: 'Nobody used it in time.' },
    VOID: { description: 'Its redemption was cancelled.' },
  },
})

const CouponTypeEnum = {
  FULL_REDUCTION: 'full-reduction',
  CASH: 'cash',
  DIRECT_DEDUCTION: 'direct-deduction',
  DELIVERY: 'delivery',
  RATE_UP: 'rate-up',
  EXPIRY_EXTENSION: 'expiry-extension',
  TIER_ACCELERATOR: 'tier-accelerator',
} as const

registerEnumType(CouponTypeEnum, {
  name: 'CouponType',
  description: 'What a coupon does for an order, or a card for a member.',
  valuesConfig: {
    FULL_REDUCTION: { description: 'Takes an amount off an order of at least so much.' },
    CASH: { description: 'Pays an amount of an order, like a note of that worth.' },
    DIRECT_DEDUCTION: { description: 'Takes an amount off any order.' },
    DELIVERY: { description: 'Takes an amount off the delivery fee, or all of it.' },
    RATE_UP: { description: 'A card: orders earn more points for a time.' },
    EXPIRY_EXTENSION: { description: 'A card: points that end soon last longer.' },
    TIER_ACCELERATOR: { description: 'A card: what is spent counts more for the tier for a time.' },
  },
})

@ObjectType('CouponCard', {
  description: 'What a card does once it is activated, and did.',
  simpleResolvers: true,
})
export class CouponCardType {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Orders earn, or spend counts for the tier, times this; null: neither.',
  })
  factor!: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'For how many days it counts, or points last longer; null: `months` says.',
  })
  days!: number | null

  @Field(() => Int, { nullable: true, description: 'For how many months points last longer.' })
  months!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'For how many orders it counts in its time; null: all.',
  })
  orders!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Within how many days points have to end to last longer; null: all that end.',
  })
  withinDays!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'The first instant at which it no longer counts; null: it is not activated, or does what it does at once.',
  })
  until!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      'Points that last longer because of it; null: it is not activated, or does something else.',
  })
  points!: number | null
}

@ObjectType('Coupon', {
  description: 'A coupon that a member got for points.',
  simpleResolvers: true,
})
export class CouponType {
  @Field(() => String, {
    description: 'What is typed at the checkout: case, spaces and hyphens do not matter.',
  })
  code!: string

  @Field(() => CouponTypeEnum, { description: 'What it does for an order.' })
  type!: TypeOfCoupon

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title!: string

  @Field(() => MoneyScalar, {
    nullable: true,
    description:
      'What it takes off an order or its delivery fee, at most; null: all of the fee, or it is a card.',
  })
  amount!: Money | null

  @Field(() => CouponCardType, {
    nullable: true,
    description: 'What it does where it is a card; null: it is for orders.',
  })
  card!: CouponCardType | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'The least an order must come to; null: any order.',
  })
  threshold!: Money | null

  @Field(() => CouponStatusEnum, { description: 'Where it is in its life, now.' })
  status!: CouponStatus

  @Field(() => String, { description: 'The status in the language of the request.' })
  statusTitle!: string

  @Field(() => ID, { description: 'Whose it is.' })
  memberId!: string

  @Field(() => ID, { description: 'The offer it was redeemed from.' })
  offerId!: string

  @Field(() => ID, { description: 'The redemption it was given for.' })
  redemptionId!: string

  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  issuedAt!: number

  @Field(() => DateTimeScalar, {
    description: 'The first instant at which it can no longer be used.',
  })
  expiresAt!: number

  @Field(() => ID, { nullable: true, description: 'The order that used it.' })
  orderId!: string | null

  @Field(() => MoneyScalar, { nullable: true, description: 'What it took off that order.' })
  discount!: Money | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When that order used it, or it was activated.',
  })
  usedAt!: number | null
}

export const CouponConnection = connectionOf(CouponType, 'Coupon')

/** A coupon as the API shows it. Throws for one that was never given: nobody sees those. */
export function couponType(
  coupon: Coupon,
  { language, now }: { readonly language: Language; readonly now: number },
): CouponType {
  const status = findStatus(coupon, now)
  if (!status) throw new Error('A coupon that was never given is not shown.')
  const { currency, use } = coupon
  const money = (amountMinor: number): Money => ({ amountMinor, currency })
  return Object.assign(new CouponType(), {
    code: showCouponCode(coupon.code),
    type: coupon.type,
    title: coupon.title[language],
    amount: coupon.card || coupon.amountMinor === WHOLE_FEE ? null : money(coupon.amountMinor),
    card: coupon.card && cardType(coupon.card, coupon),
    threshold: coupon.thresholdMinor > 0 ? money(coupon.thresholdMinor) : null,
    status,
    statusTitle: STATUS_WORDS[status][language],
    memberId: coupon.memberId,
    offerId: coupon.offerId,
    redemptionId: coupon.redemptionId,
    issuedAt: coupon.issuedAt,
    expiresAt: coupon.expiresAt,
    orderId: use?.orderId ?? null,
    discount: use ? money(use.discountMinor) : null,
    usedAt: use?.at ?? (status === 'used' ? (coupon.activation?.at ?? null) : null),
  })
}

function cardType(card: Card, { activation }: Coupon): CouponCardType {
  const nothing = { factor: null, days: null, months: null, orders: null, withinDays: null }
  const { until = null, points = null } = activation ?? {}
  return Object.assign(new CouponCardType(), { ...nothing, ...card, until, points })
}
