import {
  isRefusal,
  type Redeemed,
  type Refusal,
  type RequestContext,
  refuse,
} from '@pointwell/plugin'
import { type RefusalType, toRefusalType } from '@pointwell/plugin/graphql'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { readPlay } from '../store/game-play-table.js'
import { gamePlayType } from './game-play.object.js'
import { GamePlayedType } from './play-game.js'

/** What a redemption came to, as the API shows a play. A fault of the order is a fault of the input's field. */
export async function playedOf(
  context: RequestContext,
  redeemed: Redeemed | Refusal,
): Promise<GamePlayedType | RefusalType> {
  const { language, program } = context
  if (isRefusal(redeemed)) {
    const { field } = redeemed.figures
    const named = field === undefined ? {} : { field: field.replace(/^order\./, '') }
    return toRefusalType({ ...redeemed, figures: { ...redeemed.figures, ...named } }, language)
  }
  if (redeemed.refusal) return toRefusalType(refuse(redeemed.refusal.code), language)
  const isKnown = redeemed.status === 'fulfilled'
  const play = isKnown ? await readPlay(program.store(GAME_PLUGIN_ID), redeemed.id) : undefined
  return Object.assign(new GamePlayedType(), {
    redemptionId: redeemed.id,
    spent: redeemed.points,
    play: play ? gamePlayType(play, { language }) : null,
  })
}
