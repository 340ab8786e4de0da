import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from './columns.js'

/** The plays that one seed draws. */
@Entity('game_round')
export class GameRoundEntity {
  @PrimaryColumn({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @PrimaryColumn({ name: 'number', type: 'int' })
  number!: number

  @Column({ name: 'commitment', type: 'varchar', length: 64 })
  commitment!: string

  /** Shown to nobody before `revealedAt`. */
  @Column({ name: 'server_seed', type: 'varchar', length: 64 })
  serverSeed!: string

  @Column({ name: 'plays', type: 'bigint', transformer: wholeNumber })
  plays!: number

  @Column({ name: 'opened_at', type: 'bigint', transformer: wholeNumber })
  openedAt!: number

  @Column({ name: 'revealed_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  revealedAt!: number | null
}
