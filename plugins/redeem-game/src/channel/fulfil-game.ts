import { type Award, type Fulfilment, step } from '@pointwell/plugin'
import { isDrawn } from '../offer/game-offer.js'
import type { Play } from '../play/play.js'
import { type GameContext, playDrawn } from '../play/play-drawn.js'
import { playRevive } from '../play/play-revive.js'
import { playStake } from '../play/play-stake.js'
import { receiptOf } from '../play/receipt-of.js'
import { readPlay } from '../store/game-play-table.js'

/** Plays a redemption, once, however often it is asked (R6): the play there is, is the answer. */
export async function fulfilGame(context: GameContext): Promise<Fulfilment> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption } = context
  const play = (await readPlay(store, redemption.id)) ?? (await playOnce(context))
  if (play.refusedWith !== null) return { outcome: 'refused', code: play.refusedWith }
  const award = awardOf(play)
  return { outcome: 'fulfilled', receipt: receiptOf(play), ...(award && { award }) }
}

function playOnce(context: GameContext): Promise<Play> {
  const { offer } = context
  const { details } = offer
  if (isDrawn(details)) return playDrawn({ ...context, offer: { ...offer, details } })
  return details.type === 'revive' ? playRevive(context) : playStake(context)
}

function awardOf({ prize, offerId }: Play): Award | null {
  if (!prize || prize.points === 0) return null
  const { points, id } = prize
  const figures = { game: offerId, ...(id !== null && { prize: id }) }
  return { points, because: [step('game-prize', points, figures)] }
}
