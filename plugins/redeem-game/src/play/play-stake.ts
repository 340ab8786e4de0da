import type { EntityManager } from 'typeorm'
import { findPlay, insertPlay } from '../store/game-play-table.js'
import { addToPool, findStakeRound } from '../store/game-stake-table.js'
import { newPlay } from './new-play.js'
import type { Play } from './play.js'
import type { GameContext } from './play-drawn.js'

/**
 * Puts a stake into its round, once a redemption. What counts is when the channel is asked, not when the points
 * were held: of a price that is partly money, a member could else wait for the outcome before paying it.
 * Refused, and so for ever: STAKE_NOT_FOUND, STAKE_OUTCOME_UNKNOWN, STAKE_CLOSED.
 */
export async function playStake(context: GameContext): Promise<Play> {
  const { store } = context
  try {
    return await store.write((manager) => stakeIn(manager, context))
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
    const known = await store.read((manager) => findPlay(manager, context.redemption.id))
    if (!known) throw fault
    return known
  }
}

async function stakeIn(manager: EntityManager, context: GameContext): Promise<Play> {
  const { offer, redemption, now } = context
  const { round: id, outcome } = redemption.order
  const known = await findPlay(manager, redemption.id)
  if (known) return known
  const play = newPlay(context)
  const refuse = (code: string) => insertPlay(manager, { ...play, refusedWith: code })
  const round = id === null ? null : await findStakeRound(manager, id)
  if (round?.offerId !== offer.id) return refuse('STAKE_NOT_FOUND')
  if (outcome === null || !round.outcomes.some((it) => it.id === outcome)) {
    return refuse('STAKE_OUTCOME_UNKNOWN')
  }
  if (Math.max(redemption.at, now) >= round.closesAt) return refuse('STAKE_CLOSED')
  // What was read may have changed by now: only this sees whether the round is open, and keeps it so.
  const isIn = await addToPool(manager, { id: round.id, points: redemption.points })
  if (!isIn) return refuse('STAKE_CLOSED')
  const stake = { round: round.id, outcome, payout: null, paidAt: null, isForfeited: false }
  // Where another call for the same redemption was first, its id is taken, and all of this is undone.
  return insertPlay(manager, { ...play, stake })
}
