import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from './referral-code.entity.js'

/** `new`: about to be accepted, which the wallet tells; `held`: waits for an operator. */
export type FriendState = 'new' | 'clear' | 'held'

/** Who brought whom, to be found by; what has become of it stands in the friend's wallet. */
@Entity('referral_friend')
export class ReferralFriendEntity {
  @PrimaryColumn({ name: 'friend_id', type: 'varchar', length: 64 })
  friendId!: string

  @Column({ name: 'referrer_id', type: 'varchar', length: 64 })
  referrerId!: string

  @Column({ name: 'accepted_at', type: 'bigint', transformer: wholeNumber })
  acceptedAt!: number

  @Column({ name: 'state', type: 'varchar', length: 8 })
  state!: FriendState
}
