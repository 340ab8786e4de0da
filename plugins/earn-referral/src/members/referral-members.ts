import type { MemberChanges, MemberNames, PluginStore } from '@pointwell/plugin'
import { In } from 'typeorm'
import { LONGEST_LINE } from '../event/referral-event.js'
import { ReferralCodeEntity } from '../store/referral-code.entity.js'
import { ReferralFriendEntity } from '../store/referral-friend.entity.js'
import { findFriendsOf, findReferrer } from '../store/referral-table.js'

/** What becomes of codes, and of who brought whom, when a member is erased or merged (M8). */
export const referralMembers: MemberChanges = {
  /** Nobody is brought by the code any more; who was brought stays brought, by a pseudonym. */
  async erased({ memberId, pseudonym }, store) {
    await store.write(async (manager) => {
      await manager.delete(ReferralCodeEntity, { memberId })
      await manager.update(
        ReferralFriendEntity,
        { referrerId: memberId },
        { referrerId: pseudonym },
      )
      await manager.update(ReferralFriendEntity, { friendId: memberId }, { friendId: pseudonym })
    })
  },

  /** Who brought whom stays written by the ids that both had then. */
  async merged({ from, into }, store, names) {
    const ids = [...new Set([...(await names.idsOf(into)), from, into])]
    await store.write(async (manager) => {
      const hasCode = await manager.existsBy(ReferralCodeEntity, { memberId: into })
      // With two codes each leads to the member: the former id is another name of it.
      if (!hasCode) await manager.update(ReferralCodeEntity, { memberId: from }, { memberId: into })
      // Nobody brings themselves: an operator decides.
      const own = { friendId: In(ids), referrerId: In(ids) }
      await manager.update(ReferralFriendEntity, own, { state: 'held' })
    })
  },

  /** Whoever brought the member is paid for it by name; who was brought by it, and by these in turn, named
   * the whole line when they accepted. */
  async namedBy(memberId, store, names) {
    const referrer = await findReferrer(store, memberId)
    const below = await findBelow(memberId, { store, names })
    return [...(referrer === undefined ? [] : [referrer]), ...below]
  },
}

/** A member who was merged brought others by any of its ids. */
async function findBelow(
  memberId: string,
  { store, names }: { store: PluginStore; names: MemberNames },
): Promise<string[]> {
  const below = new Set<string>()
  let level = [memberId]
  for (let depth = 0; depth < LONGEST_LINE && level.length > 0; depth += 1) {
    const friends = await findFriendsOf(store, level)
    const called: string[] = []
    for (const id of friends) called.push(id, ...(await names.idsOf(id)))
    level = [...new Set(called)].filter((id) => id !== memberId && !below.has(id))
    for (const id of level) below.add(id)
  }
  return [...below]
}
