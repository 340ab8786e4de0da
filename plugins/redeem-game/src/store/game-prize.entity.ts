import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from './columns.js'

/** How often a prize was won. */
@Entity('game_prize')
export class GamePrizeEntity {
  @PrimaryColumn({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @PrimaryColumn({ name: 'prize_id', type: 'varchar', length: 40 })
  prizeId!: string

  @Column({ name: 'given', type: 'bigint', transformer: wholeNumber })
  given!: number
}
