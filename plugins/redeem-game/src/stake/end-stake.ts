import { type PluginStore, type Refusal, refuse } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { endStakeRound, findStakeRound } from '../store/game-stake-table.js'
import type { StakeRound } from './stake-round.js'

/** How a round shall end: by the outcome that came about, or (null) with all stakes coming back. */
export interface StakeEnd {
  readonly roundId: string
  readonly outcome: string | null
  readonly now: number
  /** Run in the transaction that ends it. */
  readonly record: (
    manager: EntityManager,
    rounds: { readonly before: StakeRound; readonly after: StakeRound },
  ) => Promise<void>
}

/** For so long whoever ends a round is left to pay by itself. */
const GOES_ON_AFTER_MS = 60_000

/**
 * Ends a round, once. From then on its payments are fixed: the same end again is answered with the round, another
 * one is refused, however far the payments are. Refuses STAKE_NOT_FOUND, STAKE_OUTCOME_UNKNOWN, STAKE_SETTLED,
 * STAKE_VOIDED, STAKE_NOT_CLOSED (`when`; a round can be voided at any time).
 */
export async function endStake(
  store: PluginStore,
  { roundId, outcome, now, record }: StakeEnd,
): Promise<StakeRound | Refusal> {
  const status = outcome === null ? 'voided' : 'settled'
  const round = await store.read((manager) => findStakeRound(manager, roundId))
  const refusal = checkEnd(round, { outcome, now })
  if (refusal) return refusal
  if (round?.status === 'open') {
    await store.write(async (manager) => {
      // Whoever ends it pays next; the job goes on where that does not come to its end.
      const times = { endedAt: now, dueAt: now + GOES_ON_AFTER_MS }
      const end = { id: roundId, status, outcome, ...times } as const
      if (!(await endStakeRound(manager, end))) return
      const after = await findStakeRound(manager, roundId)
      if (after) await record(manager, { before: round, after })
    })
  }
  const ended = await store.read((manager) => findStakeRound(manager, roundId))
  // Another end may have come first.
  return checkEnd(ended, { outcome, now }) ?? ended ?? refuse('STAKE_NOT_FOUND')
}

function checkEnd(
  round: StakeRound | null,
  { outcome, now }: { readonly outcome: string | null; readonly now: number },
): Refusal | null {
  if (!round) return refuse('STAKE_NOT_FOUND', { field: 'roundId' })
  if (outcome !== null && !round.outcomes.some(({ id }) => id === outcome)) {
    return refuse('STAKE_OUTCOME_UNKNOWN', { field: 'outcome' })
  }
  switch (round.status) {
    case 'settled':
      return round.outcome === outcome ? null : refuse('STAKE_SETTLED')
    case 'voided':
      return outcome === null ? null : refuse('STAKE_VOIDED')
    case 'open':
      return outcome === null || now >= round.closesAt
        ? null
        : refuse('STAKE_NOT_CLOSED', { when: round.closesAt })
  }
}
