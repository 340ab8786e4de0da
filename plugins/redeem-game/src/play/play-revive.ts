import { findPlay, insertPlay } from '../store/game-play-table.js'
import { newPlay } from './new-play.js'
import type { Play } from './play.js'
import type { GameContext } from './play-drawn.js'

/** Gives another life, once a redemption. */
export async function playRevive(context: GameContext): Promise<Play> {
  const { store, redemption } = context
  const find = () => store.read((manager) => findPlay(manager, redemption.id))
  try {
    return await store.write((manager) => insertPlay(manager, newPlay(context)))
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
    const known = await find()
    if (!known) throw fault
    return known
  }
}
