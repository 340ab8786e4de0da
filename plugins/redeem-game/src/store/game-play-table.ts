import type { PluginStore } from '@pointwell/plugin'
import { rowsAfter, type TimePlace } from '@pointwell/plugin/graphql'
import type { EntityManager } from 'typeorm'
import type { Play } from '../play/play.js'
import { GamePlayEntity } from './game-play.entity.js'
import { playOf, rowOf } from './game-play-row.js'

/** A play by its redemption, also one that was refused. */
export async function findPlay(manager: EntityManager, id: string): Promise<Play | undefined> {
  const row = await manager.findOneBy(GamePlayEntity, { id })
  return row ? playOf(row) : undefined
}

export function readPlay(store: PluginStore, id: string): Promise<Play | undefined> {
  return store.read((manager) => findPlay(manager, id))
}

export async function insertPlay(manager: EntityManager, play: Play): Promise<Play> {
  await manager.insert(GamePlayEntity, rowOf(play))
  return play
}

/** A member's plays, newest first, after a place in that order. */
export async function findPlaysOf(
  store: PluginStore,
  {
    memberId,
    after,
    limit,
  }: {
    readonly memberId: string
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<Play[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(GamePlayEntity, 'play')
      .where('play.memberId = :memberId', { memberId })
      .andWhere('play.refusedWith IS NULL')
    return rowsAfter(query, { by: ['play.at', 'play.id'], order: 'DESC', after, limit })
  })
  return rows.map(playOf)
}

/** Things that were won, the oldest first, after a place in that order. */
export async function findItems(
  store: PluginStore,
  {
    item,
    after,
    limit,
  }: {
    readonly item: 'open' | 'handed'
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<Play[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(GamePlayEntity, 'play')
      .where('play.item = :item', { item })
    return rowsAfter(query, { by: ['play.at', 'play.id'], order: 'ASC', after, limit })
  })
  return rows.map(playOf)
}

/** Marks a thing as handed over; false where it was before. */
export async function markHanded(
  manager: EntityManager,
  { id, at }: { readonly id: string; readonly at: number },
): Promise<boolean> {
  const change = { item: 'handed', handedAt: at } as const
  const { affected } = await manager.update(GamePlayEntity, { id, item: 'open' }, change)
  return affected === 1
}

/** Uses a life; false where a game has used it before. */
export async function markUsed(
  store: PluginStore,
  { id, sessionId, at }: { readonly id: string; readonly sessionId: string; readonly at: number },
): Promise<boolean> {
  const { affected } = await store.write((manager) =>
    manager
      .createQueryBuilder()
      .update(GamePlayEntity)
      .set({ usedBy: sessionId, usedAt: at })
      .where('id = :id AND type = :type AND used_by IS NULL AND refused_with IS NULL', {
        id,
        type: 'revive',
      })
      .execute(),
  )
  return affected === 1
}
