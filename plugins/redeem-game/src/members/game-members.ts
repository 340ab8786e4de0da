import type { MemberChanges } from '@pointwell/plugin'
import { GamePlayEntity } from '../store/game-play.entity.js'

/**
 * Plays of a member that is erased or merged (M8). They stay, for numbers of a round have no gaps and pools have
 * their sums. What an erased member wrote as a client seed may tell who it was and goes; the play can no longer
 * be recomputed by others then. Its redemption's id tells nothing, and stays.
 */
export const gameMembers: MemberChanges = {
  async erased({ memberId, pseudonym }, store) {
    await store.write(async (manager) => {
      await manager
        .createQueryBuilder()
        .update(GamePlayEntity)
        .set({ clientSeed: null, usedBy: () => 'CASE WHEN used_by IS NULL THEN NULL ELSE id END' })
        .where('member_id = :memberId AND (client_seed <> id OR used_by IS NOT NULL)', { memberId })
        .execute()
      await manager.update(GamePlayEntity, { memberId }, { memberId: pseudonym })
    })
  },
  async merged({ from, into }, store) {
    await store.write((manager) =>
      manager.update(GamePlayEntity, { memberId: from }, { memberId: into }),
    )
  },
}
