import {
  isRefusal,
  type JsonObject,
  type Refusal,
  type RequestContext,
  refuse,
} from '@pointwell/plugin'
import { findGame } from '../offer/find-game.js'
import type { StakeOffer } from '../offer/game-offer.js'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { endStake } from './end-stake.js'
import { openStake } from './open-stake.js'
import { type Paid, payRound } from './pay-round.js'
import type { StakeRound } from './stake-round.js'

/** Whose act it is, and what it is done with. */
export type StakeContext = Pick<RequestContext, 'program' | 'viewer' | 'address' | 'now'>

/** Opens a round, and has it audited. Refuses GAME_NOT_FOUND, and what `openStake` does. */
export async function openStakeRound(
  context: StakeContext,
  {
    offerId,
    reason,
    ...input
  }: { readonly offerId: string; readonly reason: string } & Pick<
    StakeRound,
    'id' | 'title' | 'outcomes' | 'closesAt'
  >,
): Promise<StakeRound | Refusal> {
  const { program } = context
  const offer = await findGame(context, offerId)
  if (offer?.details.type !== 'stake') return refuse('GAME_NOT_FOUND', { field: 'offerId' })
  const details: StakeOffer = offer.details
  return openStake(program.store(GAME_PLUGIN_ID), {
    offer: { id: offer.id, details },
    input,
    now: context.now(),
    record: (manager, round) =>
      program.recordAct(
        manager,
        { name: 'openStake', context, reason },
        {
          target: { kind: 'stake-round', id: round.id },
          before: null,
          after: { ...auditOf(round), game: offerId, closesAt: round.closesAt, rake: round.rake },
          key: null,
        },
      ),
  })
}

/** A round that has ended, and how far it is paid. */
export interface EndedRound {
  readonly refused?: undefined
  readonly round: StakeRound
  readonly paid: Paid
}

/**
 * Ends a round by an outcome, or (null) with all stakes coming back; has it audited, and pays. What was not paid
 * yet a job pays, or whoever asks the same again. Refuses what `endStake` does.
 */
export async function endStakeRound(
  context: StakeContext,
  {
    roundId,
    outcome,
    reason,
  }: { readonly roundId: string; readonly outcome: string | null; readonly reason: string },
): Promise<EndedRound | Refusal> {
  const { program } = context
  const name = outcome === null ? 'voidStake' : 'settleStake'
  const now = context.now()
  const round = await endStake(program.store(GAME_PLUGIN_ID), {
    roundId,
    outcome,
    now,
    record: (manager, { before, after }) =>
      program.recordAct(
        manager,
        { name, context, reason },
        {
          target: { kind: 'stake-round', id: after.id },
          before: auditOf(before),
          after: { ...auditOf(after), pool: after.pool, stakes: after.stakes },
          key: null,
        },
      ),
  })
  if (isRefusal(round)) return round
  return { round, paid: await payRound(program, { round, now }) }
}

function auditOf({ status, outcome }: StakeRound): JsonObject {
  return { status, outcome }
}
