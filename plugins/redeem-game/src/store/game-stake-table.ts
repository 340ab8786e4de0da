import type { PluginStore } from '@pointwell/plugin'
import { rowsAfter, type TimePlace } from '@pointwell/plugin/graphql'
import { type EntityManager, LessThanOrEqual } from 'typeorm'
import type { StakeRound, StakeSums } from '../stake/stake-round.js'
import { GamePlayEntity } from './game-play.entity.js'
import { GameStakeEntity } from './game-stake.entity.js'

export async function findStakeRound(
  manager: EntityManager,
  id: string,
): Promise<StakeRound | null> {
  return manager.findOneBy(GameStakeEntity, { id })
}

export async function insertStakeRound(manager: EntityManager, round: StakeRound): Promise<void> {
  const outcomes = [...round.outcomes]
  await manager.insert(GameStakeEntity, { ...round, outcomes, dueAt: round.endedAt })
}

/**
 * Adds a stake to the pool of an open round, and takes the round for the rest of the transaction: it can neither
 * be settled nor voided before the stake is in. False where it is not open any more.
 */
export async function addToPool(
  manager: EntityManager,
  { id, points }: { readonly id: string; readonly points: number },
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(GameStakeEntity)
    .set({ pool: () => 'pool + :points', stakes: () => 'stakes + 1' })
    .where('id = :id AND status = :open', { id, open: 'open', points })
    .execute()
  return affected === 1
}

/** Ends an open round, so that no stake comes in any more; false where it is not open. */
export async function endStakeRound(
  manager: EntityManager,
  {
    id,
    ...change
  }: {
    readonly id: string
    readonly status: 'settled' | 'voided'
    readonly outcome: string | null
    readonly endedAt: number
    readonly dueAt: number
  },
): Promise<boolean> {
  const { affected } = await manager.update(GameStakeEntity, { id, status: 'open' }, change)
  return affected === 1
}

/** Rounds that have ended and whose payments are to be gone on with, the longest due first. */
export async function findDueRounds(
  store: PluginStore,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<StakeRound[]> {
  return store.read((manager) =>
    manager.find(GameStakeEntity, {
      where: { dueAt: LessThanOrEqual(now) },
      order: { dueAt: 'ASC', id: 'ASC' },
      take: limit,
    }),
  )
}

/** Whether a round has ended by giving all stakes back. Once it has, that stays so. */
export async function comesBack(store: PluginStore, id: string): Promise<boolean> {
  return store.read(async (manager) => {
    const round = await manager.findOneBy(GameStakeEntity, { id })
    if (round?.status !== 'settled') return round?.status === 'voided'
    if (round.nobodyWon === 'kept' || round.outcome === null) return false
    const { outcome } = round
    return !(await manager.existsBy(GamePlayEntity, { stakeRound: id, outcome }))
  })
}

/** When somebody is to look again at a round that has ended; null: never, all is paid. */
export async function markDue(
  store: PluginStore,
  { id, dueAt }: { readonly id: string; readonly dueAt: number | null },
): Promise<void> {
  await store.write((manager) => manager.update(GameStakeEntity, { id }, { dueAt }))
}

/** A stake as it is paid. */
export interface StakedPlay {
  readonly id: string
  readonly memberId: string
  readonly outcome: string
  readonly points: number
  readonly isPaid: boolean
}

/** All stakes of a round, by their ids. */
export async function findStakes(store: PluginStore, round: string): Promise<StakedPlay[]> {
  const rows = await store.read((manager) =>
    manager.find(GamePlayEntity, {
      select: { id: true, memberId: true, outcome: true, spent: true, paidAt: true },
      where: { stakeRound: round },
      order: { id: 'ASC' },
    }),
  )
  return rows.flatMap(({ id, memberId, outcome, spent, paidAt }) =>
    outcome === null ? [] : [{ id, memberId, outcome, points: spent, isPaid: paidAt !== null }],
  )
}

/** Of each round points on each outcome, and how many stakes are still to be paid. One statement. */
export async function sumStakes(
  store: PluginStore,
  rounds: readonly string[],
): Promise<(round: string) => StakeSums> {
  if (rounds.length === 0) return () => ({ points: new Map(), unpaid: 0 })
  const rows: Record<'round' | 'outcome' | 'points' | 'unpaid', string>[] = await store.read(
    (manager) =>
      manager
        .createQueryBuilder(GamePlayEntity, 'play')
        .select('play.stakeRound', 'round')
        .addSelect('play.outcome', 'outcome')
        .addSelect('SUM(play.spent)', 'points')
        .addSelect('SUM(CASE WHEN play.paidAt IS NULL THEN 1 ELSE 0 END)', 'unpaid')
        .where('play.stakeRound IN (:...rounds)', { rounds })
        .groupBy('play.stakeRound')
        .addGroupBy('play.outcome')
        .getRawMany(),
  )
  return (round) => {
    const own = rows.filter((row) => row.round === round)
    return {
      points: new Map(own.map(({ outcome, points }) => [outcome, Number(points)])),
      unpaid: own.reduce((sum, { unpaid }) => sum + Number(unpaid), 0),
    }
  }
}

/** Writes down what a stake was paid. */
export async function markPaid(
  store: PluginStore,
  {
    ids,
    ...change
  }: {
    readonly ids: readonly string[]
    readonly payout: number
    readonly paidAt: number
    readonly forfeited: 0 | 1
  },
): Promise<void> {
  if (ids.length === 0) return
  await store.write((manager) =>
    manager
      .createQueryBuilder()
      .update(GamePlayEntity)
      .set(change)
      .where('id IN (:...ids) AND paid_at IS NULL', { ids })
      .execute(),
  )
}

/** Rounds of a game, the newest first, after a place in that order. */
export async function findStakeRounds(
  store: PluginStore,
  {
    offerId,
    after,
    limit,
  }: {
    readonly offerId: string
    readonly after: TimePlace | null
    readonly limit: number
  },
): Promise<StakeRound[]> {
  return store.read((manager) => {
    const query = manager
      .createQueryBuilder(GameStakeEntity, 'round')
      .where('round.offerId = :offerId', { offerId })
    return rowsAfter(query, { by: ['round.openedAt', 'round.id'], order: 'DESC', after, limit })
  })
}
