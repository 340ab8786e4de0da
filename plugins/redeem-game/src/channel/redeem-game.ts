import { defineRedemptionChannel } from '@pointwell/plugin'
import { GameResolver } from '../graphql/game.resolver.js'
import { StakeResolver } from '../graphql/stake.resolver.js'
import { gameMembers } from '../members/game-members.js'
import { gameOffer } from '../offer/game-offer.js'
import { gameOrder } from '../order/game-order.js'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { gameSettings } from '../settings/game-settings.js'
import { stakePayments } from '../stake/stake-payments.js'
import { AddStakeDue1767225603410 } from '../store/add-stake-due.migration.js'
import { CreateGame1767225603400 } from '../store/create-game.migration.js'
import { GameOfferEntity } from '../store/game-offer.entity.js'
import { GamePlayEntity } from '../store/game-play.entity.js'
import { GamePrizeEntity } from '../store/game-prize.entity.js'
import { GameRoundEntity } from '../store/game-round.entity.js'
import { GameStakeEntity } from '../store/game-stake.entity.js'
import { GAME_REFUSALS, GAME_TITLE, GAME_WORDS } from '../words/game-words.js'
import { cancelGame } from './cancel-game.js'
import { checkGame } from './check-game.js'
import { fulfilGame } from './fulfil-game.js'

/** Points for games: draw, guess, revive, stake (R12). A play is final, but for stakes of a round that gives them
 * back. */
export const redeemGame = defineRedemptionChannel({
  id: GAME_PLUGIN_ID,
  version: '0.1.0',
  contract: '^1.0.0',
  title: GAME_TITLE,
  loop: 'closed',
  settings: gameSettings,
  offer: gameOffer,
  order: gameOrder,
  refusals: GAME_REFUSALS,
  words: GAME_WORDS,
  resolvers: [GameResolver, StakeResolver],
  entities: [GameOfferEntity, GamePrizeEntity, GameRoundEntity, GamePlayEntity, GameStakeEntity],
  migrations: [CreateGame1767225603400, AddStakeDue1767225603410],
  members: gameMembers,
  jobs: [stakePayments],
  check: checkGame,
  fulfil: fulfilGame,
  cancel: cancelGame,
})
