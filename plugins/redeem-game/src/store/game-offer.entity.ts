import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from './columns.js'

/** A row a game (an offer): what it has given away, and its round. Whoever draws changes it first, and so
 * draws alone. */
@Entity('game_offer')
export class GameOfferEntity {
  @PrimaryColumn({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  /** Goes up with each change. */
  @Column({ name: 'turn', type: 'bigint', transformer: wholeNumber })
  turn!: number

  /** The round that is open; 0: none yet. */
  @Column({ name: 'round', type: 'int' })
  round!: number

  @Column({ name: 'points_given', type: 'bigint', transformer: wholeNumber })
  pointsGiven!: number

  @Column({ name: 'cost_given', type: 'bigint', transformer: wholeNumber })
  costGiven!: number
}
