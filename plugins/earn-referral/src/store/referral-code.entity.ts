import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm'

/** MySQL answers with text where a number is wider than 32 bits; ours are all up to 2^53−1. */
export const wholeNumber: ValueTransformer = {
  to: (value: number) => value,
  from: (value: string | number) => Number(value),
}

/** Whose code it is; a member has one. */
@Entity('referral_code')
export class ReferralCodeEntity {
  @PrimaryColumn({ name: 'code', type: 'varchar', length: 16 })
  code!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'created_at', type: 'bigint', transformer: wholeNumber })
  createdAt!: number
}
