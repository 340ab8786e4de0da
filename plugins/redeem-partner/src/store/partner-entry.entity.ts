import { Column, Entity, PrimaryColumn } from 'typeorm'
import { textField, textOrNull, wholeField } from './columns.js'

/** `charge`: one redemption; `reversal`: one that was given back; `payment`: money paid to the
 * partner, before or after. */
export type EntryKind = 'charge' | 'reversal' | 'payment'

/** `partner`: what the partner holds for the programme (negative: is owed). The other side: `costs`
 * of redemptions, or the `paid` money. */
export type EntryAccount = 'partner' | 'costs' | 'paid'

/** One line of a posting; the lines of a posting sum to zero. Never changed, never deleted. Written
 * by `post-entry.ts` alone. */
@Entity('partner_entry')
export class PartnerEntryEntity {
  /** The posting's name: `charge:REDEMPTION`, `reversal:REDEMPTION`, `payment:KEY`. */
  @PrimaryColumn(textField('posting', 200))
  posting!: string

  @PrimaryColumn(textField('account', 8))
  account!: EntryAccount

  @Column(textField('partner_id', 64))
  partnerId!: string

  @Column(textField('kind', 8))
  kind!: EntryKind

  @Column(wholeField('amount_minor'))
  amountMinor!: number

  @Column(textOrNull('redemption_id', 64))
  redemptionId!: string | null

  @Column(textOrNull('offer_id', 64))
  offerId!: string | null

  @Column(wholeField('at'))
  at!: number
}
