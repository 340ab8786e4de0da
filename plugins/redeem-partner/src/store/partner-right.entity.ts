import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { PartnerSource } from '../offer/partner-offer.js'
import type { RightStatus } from '../right/right.js'
import { textField, textOrNull, wholeField, wholeOrNull } from './columns.js'

/** A row a redemption. Written by `right-table.ts` and `partner-members.ts` alone. */
@Entity('partner_right')
export class PartnerRightEntity {
  @PrimaryColumn(textField('redemption_id', 64))
  redemptionId!: string

  @Column(textField('partner_id', 64))
  partnerId!: string

  @Column(textField('member_id', 64))
  memberId!: string

  @Column(textField('offer_id', 64))
  offerId!: string

  @Column({ name: 'title', type: 'simple-json' })
  title!: Words

  @Column(textField('source', 12))
  source!: PartnerSource

  @Column(wholeField('cost_minor'))
  costMinor!: number

  @Column({ name: 'returnable', type: 'smallint' })
  returnable!: 0 | 1

  @Column(textOrNull('product', 64))
  product!: string | null

  @Column(textOrNull('privilege', 64))
  privilege!: string | null

  @Column(textField('status', 12))
  status!: RightStatus

  @Column(textOrNull('code', 200))
  code!: string | null

  @Column(wholeOrNull('starts_at'))
  startsAt!: number | null

  @Column(wholeOrNull('ends_at'))
  endsAt!: number | null

  @Column(wholeField('ordered_at'))
  orderedAt!: number

  @Column(wholeOrNull('given_at'))
  givenAt!: number | null

  @Column(wholeOrNull('voided_at'))
  voidedAt!: number | null

  @Column(textOrNull('refusal', 64))
  refusal!: string | null

  @Column({ name: 'attempts', type: 'int' })
  attempts!: number

  @Column(wholeField('asked_until'))
  askedUntil!: number

  @Column({ name: 'version', type: 'int' })
  version!: number
}
