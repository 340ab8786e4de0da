import type { ChannelContext } from '@pointwell/plugin'
import type { GameOffer } from '../offer/game-offer.js'
import type { GameOrder } from '../order/game-order.js'
import type { GameSettings } from '../settings/game-settings.js'
import type { Play } from './play.js'

/** The play of a redemption before anything came of it. */
export function newPlay({
  offer,
  redemption,
  now,
}: ChannelContext<GameSettings, GameOffer, GameOrder>): Play {
  return {
    id: redemption.id,
    offerId: offer.id,
    memberId: redemption.memberId,
    type: offer.details.type,
    refusedWith: null,
    spent: redemption.points,
    at: now,
    pick: redemption.order.pick,
    draw: null,
    prize: null,
    use: null,
    stake: null,
  }
}
