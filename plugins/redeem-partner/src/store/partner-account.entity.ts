import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { PartnerTerms } from '../partner/partner.js'
import { textField, textOrNull, wholeField, wholeOrNull } from './columns.js'

/** A row a partner. Written by `partner-table.ts` alone. */
@Entity('partner_account')
export class PartnerAccountEntity {
  @PrimaryColumn(textField('id', 64))
  id!: string

  @Column({ name: 'title', type: 'simple-json' })
  title!: Words

  @Column(textField('terms', 8))
  terms!: PartnerTerms

  @Column(textField('currency', 3))
  currency!: string

  @Column(wholeOrNull('credit_limit_minor'))
  creditLimitMinor!: number | null

  @Column({ name: 'active', type: 'smallint' })
  active!: 0 | 1

  @Column(textOrNull('api_url', 500))
  apiUrl!: string | null

  @Column(textOrNull('secret_name', 40))
  secretName!: string | null

  @Column(wholeField('created_at'))
  createdAt!: number

  @Column({ name: 'version', type: 'int' })
  version!: number
}
