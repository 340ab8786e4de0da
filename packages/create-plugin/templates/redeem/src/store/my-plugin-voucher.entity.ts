import { Column, Entity, PrimaryColumn } from 'typeorm'

/** A row a voucher. Tables of a plugin begin with its id. */
@Entity('my_plugin_voucher')
export class MyPluginVoucherEntity {
  @PrimaryColumn({ name: 'redemption_id', type: 'varchar', length: 64 })
  redemptionId!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'code', type: 'varchar', length: 20 })
  code!: string

  @Column({ name: 'status', type: 'varchar', length: 8 })
  status!: 'given' | 'used' | 'void'

  /** The first instant at which it can no longer be used, epoch milliseconds. MySQL answers with text where
   * a number is wider than 32 bits. */
  @Column({
    name: 'expires_at',
    type: 'bigint',
    transformer: { to: (value: unknown) => value, from: Number },
  })
  expiresAt!: number

  /** The order that used it. */
  @Column({ name: 'used_for', type: 'varchar', length: 64, nullable: true })
  usedFor!: string | null
}
