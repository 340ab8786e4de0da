import type { OfferFacts, RequestContext } from '@pointwell/plugin'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { type GameOffer, gameOffer } from './game-offer.js'

/** A game by its offer; null: there is none. */
export async function findGame(
  { program }: Pick<RequestContext, 'program'>,
  offerId: string,
): Promise<OfferFacts<GameOffer> | null> {
  const offer = await program.findOffer(GAME_PLUGIN_ID, offerId)
  return offer && { ...offer, details: gameOffer.parse(offer.details) }
}
