import type { PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import type { Given } from '../table/prize-table.js'
import { GameOfferEntity } from './game-offer.entity.js'
import { GamePrizeEntity } from './game-prize.entity.js'

export interface GameState {
  readonly given: Given
  /** The round that is open; 0: none yet. */
  readonly round: number
}

const NOTHING: GameState = { given: { points: 0, costMinor: 0, prizes: {} }, round: 0 }

/**
 * Takes the game for the rest of the transaction: whoever else wants to draw or to begin a round waits. The
 * change comes first on purpose, so that what is read after it is what the one before left. Undefined where the
 * game has no row yet.
 */
export async function lockGame(
  manager: EntityManager,
  offerId: string,
): Promise<GameState | undefined> {
  const { affected } = await manager.increment(GameOfferEntity, { offerId }, 'turn', 1)
  return affected === 1 ? findGameState(manager, offerId) : undefined
}

/** Makes the game's row where there is none. */
export async function ensureGame(store: PluginStore, offerId: string): Promise<void> {
  if (await store.read((manager) => manager.existsBy(GameOfferEntity, { offerId }))) return
  const row = { offerId, turn: 0, round: 0, pointsGiven: 0, costGiven: 0 }
  try {
    await store.write((manager) => manager.insert(GameOfferEntity, row))
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
  }
}

/** What a game has given away by now, without taking it. */
export async function findGameState(manager: EntityManager, offerId: string): Promise<GameState> {
  const row = await manager.findOneBy(GameOfferEntity, { offerId })
  if (!row) return NOTHING
  const prizes = await manager.findBy(GamePrizeEntity, { offerId })
  return {
    given: {
      points: row.pointsGiven,
      costMinor: row.costGiven,
      prizes: Object.fromEntries(prizes.map(({ prizeId, given }) => [prizeId, given])),
    },
    round: row.round,
  }
}

/** Writes down that something was won. The game is taken. */
export async function addGiven(
  manager: EntityManager,
  {
    offerId,
    prizeId,
    points,
    costMinor,
  }: {
    readonly offerId: string
    readonly prizeId: string | null
    readonly points: number
    readonly costMinor: number
  },
): Promise<void> {
  if (points > 0) await manager.increment(GameOfferEntity, { offerId }, 'pointsGiven', points)
  if (costMinor > 0) await manager.increment(GameOfferEntity, { offerId }, 'costGiven', costMinor)
  if (prizeId === null) return
  const { affected } = await manager.increment(GamePrizeEntity, { offerId, prizeId }, 'given', 1)
  if (affected === 0) await manager.insert(GamePrizeEntity, { offerId, prizeId, given: 1 })
}
