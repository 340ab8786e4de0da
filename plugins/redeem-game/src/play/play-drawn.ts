import type { ChannelContext } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { drawTicket } from '../fair/draw-ticket.js'
import { currentRound, findRound, isOver, nextNonce } from '../fair/seed-rounds.js'
import type { DrawnOffer, GameOffer } from '../offer/game-offer.js'
import type { GameOrder } from '../order/game-order.js'
import type { GameSettings } from '../settings/game-settings.js'
import { findPlay, insertPlay } from '../store/game-play-table.js'
import { addGiven, lockGame } from '../store/game-state.js'
import { findRow, tableOf } from '../table/prize-table.js'
import { newPlay } from './new-play.js'
import type { Play, WonPrize } from './play.js'

export type GameContext = ChannelContext<GameSettings, GameOffer, GameOrder>
export type DrawnContext = ChannelContext<GameSettings, DrawnOffer, GameOrder>

const NO_ROUND = Symbol('no round')
/** Rounds that end between two looks: each is begun by somebody who then plays. */
const MOST_ROUNDS = 1_000

/**
 * Draws a play, once a redemption: all in one transaction that has taken the game, so that numbers follow one
 * another without gaps, and nothing is won that the budget or the stock do not have. Refused, and so for ever:
 * GAME_PRIZES_GONE, GAME_ROUND_ENDED.
 */
export async function playDrawn(context: DrawnContext): Promise<Play> {
  const { store, offer, settings, now } = context
  for (let turn = 0; turn < MOST_ROUNDS; turn += 1) {
    const play = await store.write((manager) => playIn(manager, context))
    if (play !== NO_ROUND) return play
    await currentRound(store, { offerId: offer.id, settings, now })
  }
  throw new Error('Rounds ended all the time, so that this play never came to its turn.')
}

async function playIn(
  manager: EntityManager,
  context: DrawnContext,
): Promise<Play | typeof NO_ROUND> {
  const { offer, redemption, settings, now } = context
  const { id: offerId, details } = offer
  const game = await lockGame(manager, offerId)
  const known = await findPlay(manager, redemption.id)
  if (known) return known
  const round = game && (await findRound(manager, { offerId, number: game.round }))
  if (!game || !round || isOver(round, settings, now)) return NO_ROUND

  const play = newPlay(context)
  const { commitment: seen, pick } = redemption.order
  if (seen !== null && seen !== round.commitment) {
    return insertPlay(manager, { ...play, refusedWith: 'GAME_ROUND_ENDED' })
  }
  const table = tableOf(details, game.given)
  if (!table) return insertPlay(manager, { ...play, refusedWith: 'GAME_PRIZES_GONE' })

  const clientSeed = redemption.order.clientSeed ?? redemption.id
  const nonce = await nextNonce(manager, round)
  const { serverSeed } = round
  const { digest, ticket } = drawTicket({ serverSeed, clientSeed, nonce, tickets: table.tickets })
  const result = findRow(table, ticket)?.id ?? null
  const prize = prizeOf(details, { result, pick })
  if (prize) await addGiven(manager, { offerId, prizeId: prize.id, ...prize })
  const draw = {
    round: round.number,
    nonce,
    commitment: round.commitment,
    clientSeed,
    table: JSON.stringify(table),
    digest,
    ticket,
    result,
  }
  return insertPlay(manager, { ...play, draw, prize })
}

/** What a result gives the member; null: nothing. */
function prizeOf(
  offer: DrawnOffer,
  { result, pick }: { readonly result: string | null; readonly pick: string | null },
): WonPrize | null {
  if (result === null) return null
  const nothingYet = { id: null, title: null, costMinor: 0, isItem: false, handedAt: null }
  if (offer.type === 'guess') {
    return result === pick ? { ...nothingYet, points: offer.points } : null
  }
  const prize = offer.prizes.find(({ id }) => id === result)
  if (!prize) throw new Error(`The table has a prize ${result} that the game does not have.`)
  const { id, title } = prize
  return 'item' in prize
    ? { ...nothingYet, id, title, points: 0, costMinor: prize.costMinor, isItem: true }
    : { ...nothingYet, id, title, points: prize.points }
}
