import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textField, wholeField } from './columns.js'

/**
 * The counter of a partner: what was paid less what was charged, and what is set aside for orders
 * that its API is being asked about. Changed by conditional updates in `balance.ts` alone, each
 * before anything else of its transaction, so that it is the lock of all that is the partner's.
 */
@Entity('partner_balance')
export class PartnerBalanceEntity {
  @PrimaryColumn(textField('partner_id', 64))
  partnerId!: string

  @Column(wholeField('balance_minor'))
  balanceMinor!: number

  @Column(wholeField('reserved_minor'))
  reservedMinor!: number

  /** What is left after what is set aside never falls below: as the partner's terms say. */
  @Column(wholeField('floor_minor'))
  floorMinor!: number
}
