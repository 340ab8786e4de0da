import type { Words } from '@pointwell/plugin'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { GameType } from '../offer/game-offer.js'
import { wholeNumber } from './columns.js'

/** A row a play. `game-play-row.ts` says what it means. */
@Entity('game_play')
export class GamePlayEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 64 })
  id!: string

  @Column({ name: 'offer_id', type: 'varchar', length: 64 })
  offerId!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'type', type: 'varchar', length: 8 })
  type!: GameType

  @Column({ name: 'refused_with', type: 'varchar', length: 40, nullable: true })
  refusedWith!: string | null

  @Column({ name: 'spent', type: 'bigint', transformer: wholeNumber })
  spent!: number

  @Column({ name: 'at', type: 'bigint', transformer: wholeNumber })
  at!: number

  @Column({ name: 'pick', type: 'varchar', length: 40, nullable: true })
  pick!: string | null

  @Column({ name: 'round', type: 'int', nullable: true })
  round!: number | null

  @Column({ name: 'nonce', type: 'bigint', nullable: true, transformer: wholeNumber })
  nonce!: number | null

  @Column({ name: 'commitment', type: 'varchar', length: 64, nullable: true })
  commitment!: string | null

  @Column({ name: 'client_seed', type: 'varchar', length: 64, nullable: true })
  clientSeed!: string | null

  @Column({ name: 'prize_table', type: 'text', nullable: true })
  prizeTable!: string | null

  @Column({ name: 'digest', type: 'varchar', length: 64, nullable: true })
  digest!: string | null

  @Column({ name: 'ticket', type: 'bigint', nullable: true, transformer: wholeNumber })
  ticket!: number | null

  @Column({ name: 'result', type: 'varchar', length: 40, nullable: true })
  result!: string | null

  @Column({ name: 'prize_id', type: 'varchar', length: 40, nullable: true })
  prizeId!: string | null

  @Column({ name: 'prize_title', type: 'simple-json', nullable: true })
  prizeTitle!: Words | null

  @Column({ name: 'won_points', type: 'bigint', transformer: wholeNumber })
  wonPoints!: number

  @Column({ name: 'won_cost', type: 'bigint', transformer: wholeNumber })
  wonCost!: number

  /** A thing that was won: `open` until it is handed over. */
  @Column({ name: 'item', type: 'varchar', length: 8, nullable: true })
  item!: 'open' | 'handed' | null

  @Column({ name: 'handed_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  handedAt!: number | null

  @Column({ name: 'used_by', type: 'varchar', length: 64, nullable: true })
  usedBy!: string | null

  @Column({ name: 'used_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  usedAt!: number | null

  @Column({ name: 'stake_round', type: 'varchar', length: 64, nullable: true })
  stakeRound!: string | null

  @Column({ name: 'outcome', type: 'varchar', length: 40, nullable: true })
  outcome!: string | null

  @Column({ name: 'payout', type: 'bigint', nullable: true, transformer: wholeNumber })
  payout!: number | null

  @Column({ name: 'paid_at', type: 'bigint', nullable: true, transformer: wholeNumber })
  paidAt!: number | null

  @Column({ name: 'forfeited', type: 'smallint' })
  forfeited!: 0 | 1
}
