import type { CodeStatus } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'

const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}

/** A row a code of an offer's pool. Written by `code-pool.ts` alone. */
@Entity('goods_code')
export class GoodsCodeEntity {
  @PrimaryColumn({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @PrimaryColumn({ name: 'code', type: 'varchar', length: 200 })
  code!: string

  @Column({ name: 'status', type: 'varchar', length: 8 })
  status!: CodeStatus

  /** Who got it: one code a redemption, whatever happens. */
  @Column({ name: 'redemption_id', type: 'varchar', length: 64, nullable: true })
  redemptionId!: string | null

  @Column({ name: 'imported_at', type: 'bigint', transformer: wholeNumber })
  importedAt!: number
}
