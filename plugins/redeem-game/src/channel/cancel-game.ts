import type { Cancellation } from '@pointwell/plugin'
import type { GameContext } from '../play/play-drawn.js'
import { readPlay } from '../store/game-play-table.js'
import { comesBack } from '../store/game-stake-table.js'

/**
 * A play is final, but for a stake whose round gives all stakes back: voided, or won by nobody where the pool comes
 * back then. Refused: GAME_PLAY_FINAL.
 */
export async function cancelGame({
  store,
  redemption,
  signal,
}: GameContext): Promise<Cancellation> {
  if (signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const play = await readPlay(store, redemption.id)
  const isBack =
    play?.stake && play.refusedWith === null && (await comesBack(store, play.stake.round))
  return isBack ? { outcome: 'cancelled' } : { outcome: 'refused', code: 'GAME_PLAY_FINAL' }
}
