import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'
import type { GoodsKind, StoredStatus } from '../shipment/shipment.js'

/** MySQL answers with text where a number is wider than 32 bits; ours are all up to 2^53−1. */
const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}
const instantOrNull = (name: string) => ({
  name,
  type: 'bigint' as const,
  nullable: true,
  transformer: wholeNumber,
})
const textOrNull = (name: string, length: number) => ({
  name,
  type: 'varchar' as const,
  length,
  nullable: true,
})

/** A row a redemption. Written by `shipment-table.ts` and `goods-members.ts` alone. */
@Entity('goods_shipment')
export class GoodsShipmentEntity {
  @PrimaryColumn({ name: 'redemption_id', type: 'varchar', length: 64 })
  redemptionId!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @Column({ name: 'title', type: 'simple-json' })
  title!: Words

  @Column({ name: 'kind', type: 'varchar', length: 16 })
  kind!: GoodsKind

  @Column(textOrNull('address_ref', 64))
  addressRef!: string | null

  @Column(textOrNull('account', 64))
  account!: string | null

  @Column(textOrNull('sku', 64))
  sku!: string | null

  @Column(textOrNull('code', 200))
  code!: string | null

  @Column({ name: 'return_days', type: 'int', nullable: true })
  returnDays!: number | null

  @Column({ name: 'status', type: 'varchar', length: 24 })
  status!: StoredStatus

  @Column({ name: 'ordered_at', type: 'bigint', transformer: wholeNumber })
  orderedAt!: number

  @Column(instantOrNull('picked_at'))
  pickedAt!: number | null

  @Column(instantOrNull('sent_at'))
  sentAt!: number | null

  @Column(textOrNull('carrier', 64))
  carrier!: string | null

  @Column(textOrNull('tracking', 100))
  tracking!: string | null

  @Column(instantOrNull('arrives_by'))
  arrivesBy!: number | null

  @Column(instantOrNull('received_at'))
  receivedAt!: number | null

  @Column(instantOrNull('return_requested_at'))
  returnRequestedAt!: number | null

  @Column(instantOrNull('return_accepted_at'))
  returnAcceptedAt!: number | null

  @Column(instantOrNull('return_declined_at'))
  returnDeclinedAt!: number | null

  @Column(textOrNull('return_declined_because', 500))
  returnDeclinedBecause!: string | null

  @Column(instantOrNull('ended_at'))
  endedAt!: number | null

  @Column(textOrNull('note', 500))
  note!: string | null

  @Column({ name: 'version', type: 'int' })
  version!: number
}
