import type { CodeStatus } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textField, textOrNull, wholeField } from './columns.js'

/** A row a code of an offer's pool. Written by `code-pool.ts` alone. */
@Entity('partner_code')
export class PartnerCodeEntity {
  @PrimaryColumn(textField('offer_id', 64))
  offerId!: string

  @PrimaryColumn(textField('code', 200))
  code!: string

  @Column(textField('partner_id', 64))
  partnerId!: string

  @Column(textField('status', 8))
  status!: CodeStatus

  /** Who got it: one code a redemption, whatever happens. */
  @Column(textOrNull('redemption_id', 64))
  redemptionId!: string | null

  @Column(wholeField('imported_at'))
  importedAt!: number
}
