import type { PluginStore } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import type { GameSettings } from '../settings/game-settings.js'
import { GameOfferEntity } from '../store/game-offer.entity.js'
import { GameRoundEntity } from '../store/game-round.entity.js'
import { ensureGame, findGameState, lockGame } from '../store/game-state.js'
import { commitmentOf, makeServerSeed } from './server-seed.js'

const DAY_MS = 86_400_000

/** The plays that one seed draws. Instants are epoch milliseconds. */
export interface SeedRound {
  readonly offerId: string
  readonly number: number
  readonly commitment: string
  /** Nobody is told before `revealedAt`. */
  readonly serverSeed: string
  readonly plays: number
  readonly openedAt: number
  readonly revealedAt: number | null
}

type Lengths = Pick<GameSettings, 'roundDays' | 'roundPlays'>

/** Whether the next play begins a new round. */
export function isOver(round: SeedRound, { roundDays, roundPlays }: Lengths, now: number): boolean {
  return round.plays >= roundPlays || now >= round.openedAt + roundDays * DAY_MS
}

export async function findRound(
  manager: EntityManager,
  name: { readonly offerId: string; readonly number: number },
): Promise<SeedRound | null> {
  return manager.findOneBy(GameRoundEntity, name)
}

/** The round that the next play falls into: the one that is open, or, where there is none or its time is over,
 * one that begins now. Takes the game only then: to look at a game holds up nobody who plays. */
export async function currentRound(
  store: PluginStore,
  {
    offerId,
    settings,
    now,
  }: { readonly offerId: string; readonly settings: Lengths; readonly now: number },
): Promise<SeedRound> {
  const open = await store.read(async (manager) => {
    const { round } = await findGameState(manager, offerId)
    return findRound(manager, { offerId, number: round })
  })
  if (open && open.revealedAt === null && !isOver(open, settings, now)) return open
  return beginRound(store, { offerId, now, mayEnd: (round) => isOver(round, settings, now) })
}

/**
 * Begins a round where none is open, or where `mayEnd` says so of the one that is: its seed is shown from now on,
 * and the commitment of the next is kept. A transaction of its own, so that everybody can read the commitment
 * before the first play of its round is drawn. `record` is run in it, where a round has begun.
 */
export async function beginRound(
  store: PluginStore,
  {
    offerId,
    now,
    mayEnd,
    record,
  }: {
    readonly offerId: string
    readonly now: number
    readonly mayEnd: (open: SeedRound) => boolean
    readonly record?: (
      manager: EntityManager,
      rounds: { readonly ended: SeedRound | null; readonly begun: SeedRound },
    ) => Promise<void>
  },
): Promise<SeedRound> {
  await ensureGame(store, offerId)
  return store.write(async (manager) => {
    const game = await lockGame(manager, offerId)
    if (!game) throw new Error(`The game ${offerId} has no row.`)
    const ended = await findRound(manager, { offerId, number: game.round })
    if (ended && !mayEnd(ended)) return ended
    if (ended) {
      const name = { offerId, number: ended.number }
      await manager.update(GameRoundEntity, name, { revealedAt: now })
    }
    const serverSeed = makeServerSeed()
    const begun: SeedRound = {
      offerId,
      number: game.round + 1,
      commitment: commitmentOf(serverSeed),
      serverSeed,
      plays: 0,
      openedAt: now,
      revealedAt: null,
    }
    await manager.insert(GameRoundEntity, { ...begun })
    await manager.update(GameOfferEntity, { offerId }, { round: begun.number })
    await record?.(manager, { ended, begun })
    return begun
  })
}

/** Takes the next number of a round. The game is taken. */
export async function nextNonce(
  manager: EntityManager,
  { offerId, number, plays }: SeedRound,
): Promise<number> {
  await manager.increment(GameRoundEntity, { offerId, number }, 'plays', 1)
  return plays + 1
}
