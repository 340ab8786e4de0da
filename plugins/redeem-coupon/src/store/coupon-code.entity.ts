import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'
import type { Activation, Card } from '../card/card.js'
import type { StoredStatus } from '../coupon/coupon.js'
import type { CouponType } from '../offer/coupon-offer.js'

/** MySQL answers with text where a number is wider than 32 bits; ours are all up to 2^53−1. */
const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}

/** A row a coupon. Written by `coupon-table.ts` alone. */
@Entity('coupon_code')
export class CouponCodeEntity {
  @PrimaryColumn({ name: 'code', type: 'varchar', length: 24 })
  code!: string

  @Column({ name: 'redemption_id', type: 'varchar', length: 64 })
  redemptionId!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @Column({ name: 'title', type: 'simple-json' })
  title!: Words

  @Column({ name: 'type', type: 'varchar', length: 24 })
  type!: CouponType

  @Column({ name: 'amount_minor', type: 'bigint', transformer: wholeNumber })
  amountMinor!: number

  @Column({ name: 'threshold_minor', type: 'bigint', transformer: wholeNumber })
  thresholdMinor!: number

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string

  @Column({ name: 'issued_at', type: 'bigint', transformer: wholeNumber })
  issuedAt!: number

  @Column({ name: 'expires_at', type: 'bigint', transformer: wholeNumber })
  expiresAt!: number

  @Column({ name: 'extended', type: 'smallint' })
  extended!: 0 | 1

  @Column({ name: 'status', type: 'varchar', length: 8 })
  status!: StoredStatus

  @Column({ name: 'used_order_id', type: 'varchar', length: 64, nullable: true })
  usedOrderId!: string | null

  @Column({
    name: 'used_order_minor',
    type: 'bigint',
    nullable: true,
    transformer: wholeNumber,
  })
  usedOrderMinor!: number | null

  @Column({ name: 'discount_minor', type: 'bigint', nullable: true, transformer: wholeNumber })
  discountMinor!: number | null

  @Column({ name: 'used_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  usedAt!: number | null

  @Column({ name: 'released_order_id', type: 'varchar', length: 64, nullable: true })
  releasedOrderId!: string | null

  @Column({ name: 'voided_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  voidedAt!: number | null

  @Column({ name: 'card', type: 'simple-json', nullable: true })
  card!: Card | null

  @Column({ name: 'activation', type: 'simple-json', nullable: true })
  activation!: Activation | null

  @Column({ name: 'used_fee_minor', type: 'bigint', nullable: true, transformer: wholeNumber })
  usedFeeMinor!: number | null

  @Column({ name: 'version', type: 'int' })
  version!: number
}
