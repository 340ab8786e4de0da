import type { PluginStore } from '@pointwell/plugin'
import { In } from 'typeorm'
import { ReferralCodeEntity } from './referral-code.entity.js'
import { type FriendState, ReferralFriendEntity } from './referral-friend.entity.js'

/** A code that exists is met once in 2^50; more than one in a row means something else is wrong. */
const MOST_ROUNDS = 3

export async function findCodeOf(
  store: PluginStore,
  memberId: string,
): Promise<string | undefined> {
  const row = await store.read((manager) => manager.findOneBy(ReferralCodeEntity, { memberId }))
  return row?.code
}

/** Whose code it is. */
export async function findCodeOwner(store: PluginStore, code: string): Promise<string | undefined> {
  const row = await store.read((manager) => manager.findOneBy(ReferralCodeEntity, { code }))
  return row?.memberId
}

/** The one code of a member: the one there is, or a new one. Of several at once the unique member
 * decides. */
export async function findOrMakeCode(
  store: PluginStore,
  { memberId, now, make }: { memberId: string; now: number; make: () => string },
): Promise<string> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const known = await findCodeOf(store, memberId)
    if (known !== undefined) return known
    const code = make()
    try {
      await store.write((manager) =>
        manager.insert(ReferralCodeEntity, { code, memberId, createdAt: now }),
      )
      return code
    } catch (fault) {
      if (!store.isDuplicateKey(fault)) throw fault
    }
  }
  const known = await findCodeOf(store, memberId)
  if (known !== undefined) return known
  throw new Error('Every new referral code was taken.')
}

/** Writes who is brought by whom; what was written of the friend before was never accepted, or says the
 * same. */
export async function writeFriend(
  store: PluginStore,
  friend: { friendId: string; referrerId: string; acceptedAt: number; state: FriendState },
): Promise<void> {
  await store.write((manager) => manager.upsert(ReferralFriendEntity, friend, ['friendId']))
}

export async function removeFriend(store: PluginStore, friendId: string): Promise<void> {
  await store.write((manager) => manager.delete(ReferralFriendEntity, { friendId, state: 'new' }))
}

export async function clearFriend(store: PluginStore, friendId: string): Promise<void> {
  await store.write((manager) =>
    manager.update(ReferralFriendEntity, { friendId }, { state: 'clear' }),
  )
}

/** Whom a member brought by any of its ids, the newest first, before an instant. */
export async function findFriends(
  store: PluginStore,
  {
    referrerIds,
    before,
    limit,
  }: { referrerIds: readonly string[]; before: number | null; limit: number },
): Promise<ReferralFriendEntity[]> {
  return store.read((manager) => {
    const query = manager
      .createQueryBuilder(ReferralFriendEntity, 'friend')
      .where('friend.referrerId IN (:...referrerIds)', { referrerIds })
      .orderBy('friend.acceptedAt', 'DESC')
      .addOrderBy('friend.friendId', 'DESC')
      .limit(limit)
    if (before !== null) query.andWhere('friend.acceptedAt < :before', { before })
    return query.getMany()
  })
}

/** Who brought the member. */
export async function findReferrer(
  store: PluginStore,
  friendId: string,
): Promise<string | undefined> {
  const row = await store.read((manager) => manager.findOneBy(ReferralFriendEntity, { friendId }))
  return row?.referrerId
}

/** As many as one statement names. */
const IDS = 1_000

/** Whom any of these members brought. */
export async function findFriendsOf(
  store: PluginStore,
  referrers: readonly string[],
): Promise<string[]> {
  const friends: string[] = []
  for (let start = 0; start < referrers.length; start += IDS) {
    const some = referrers.slice(start, start + IDS)
    const rows = await store.read((manager) =>
      manager.find(ReferralFriendEntity, { where: { referrerId: In(some) } }),
    )
    friends.push(...rows.map(({ friendId }) => friendId))
  }
  return friends
}

/** Those that may wait for an operator, the oldest first, from one of them on. A `new` one may be held by
 * now: its server died before it could write that. */
export async function findUndecided(
  store: PluginStore,
  { after, limit }: { after: ReferralFriendEntity | null; limit: number },
): Promise<ReferralFriendEntity[]> {
  return store.read((manager) => {
    const query = manager
      .createQueryBuilder(ReferralFriendEntity, 'friend')
      .where("friend.state IN ('new', 'held')")
      .orderBy('friend.acceptedAt', 'ASC')
      .addOrderBy('friend.friendId', 'ASC')
      .limit(limit)
    if (after) {
      const { acceptedAt, friendId } = after
      query.andWhere(
        '(friend.acceptedAt > :acceptedAt OR (friend.acceptedAt = :acceptedAt AND friend.friendId > :friendId))',
        { acceptedAt, friendId },
      )
    }
    return query.getMany()
  })
}
