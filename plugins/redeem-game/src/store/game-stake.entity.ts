import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from './columns.js'

/** A row a round of stakes. The stakes are plays. */
@Entity('game_stake')
export class GameStakeEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 64 })
  id!: string

  @Column({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @Column({ name: 'title', type: 'simple-json' })
  title!: Words

  @Column({ name: 'outcomes', type: 'simple-json' })
  outcomes!: readonly { readonly id: string; readonly title: Words }[]

  @Column({ name: 'opened_at', type: 'bigint', transformer: wholeNumber })
  openedAt!: number

  @Column({ name: 'closes_at', type: 'bigint', transformer: wholeNumber })
  closesAt!: number

  @Column({ name: 'rake', type: 'varchar', length: 16 })
  rake!: string

  @Column({ name: 'nobody_won', type: 'varchar', length: 8 })
  nobodyWon!: 'returned' | 'kept'

  @Column({ name: 'status', type: 'varchar', length: 8 })
  status!: 'open' | 'settled' | 'voided'

  @Column({ name: 'outcome', type: 'varchar', length: 40, nullable: true })
  outcome!: string | null

  @Column({ name: 'ended_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  endedAt!: number | null

  /** When somebody looks again whether all are paid; null: it is open, or they are. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  dueAt!: number | null

  @Column({ name: 'pool', type: 'bigint', transformer: wholeNumber })
  pool!: number

  @Column({ name: 'stakes', type: 'bigint', transformer: wholeNumber })
  stakes!: number
}
