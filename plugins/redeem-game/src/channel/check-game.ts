import { type DecisionContext, type OfferFacts, type Refusal, refuse } from '@pointwell/plugin'
import type { GameOffer } from '../offer/game-offer.js'
import type { GameOrder } from '../order/game-order.js'
import type { GameSettings } from '../settings/game-settings.js'

/**
 * Nobody pays for what cannot be played. Refuses GAME_NOT_IN_REGION, INVALID_INPUT (`pick`, `round`, `outcome`,
 * `clientSeed`, `commitment`: missing, unknown, or of no use in this game).
 */
export function checkGame({
  settings,
  offer,
  order,
  member,
}: Pick<DecisionContext<GameSettings>, 'settings' | 'member'> & {
  readonly offer: Pick<OfferFacts<GameOffer>, 'details'>
  readonly order: GameOrder
}): Refusal | null {
  const { region } = member
  const closedIn = [...settings.closedIn, ...offer.details.closedIn]
  if (region !== null && closedIn.includes(region)) return refuse('GAME_NOT_IN_REGION')
  return checkOrder(offer.details, order)
}

/** What each game wants to be told, and nothing else. */
const WANTS: Readonly<Record<GameOffer['type'], readonly (keyof GameOrder)[]>> = {
  draw: ['clientSeed', 'commitment'],
  guess: ['pick', 'clientSeed', 'commitment'],
  revive: [],
  stake: ['round', 'outcome'],
}
const MUST: readonly string[] = ['pick', 'round', 'outcome']

function checkOrder(game: GameOffer, order: GameOrder): Refusal | null {
  const wants = WANTS[game.type]
  for (const [field, value] of Object.entries(order)) {
    const isWanted = wants.includes(field as keyof GameOrder)
    if (value !== null && !isWanted)
      return invalid(field, `Expected none: a ${game.type} has no ${field}.`)
    if (value === null && isWanted && MUST.includes(field)) {
      return invalid(field, `Expected one: a ${game.type} needs it.`)
    }
  }
  if (game.type === 'guess' && !game.options.some(({ id }) => id === order.pick)) {
    return invalid('pick', 'The game has no such option.')
  }
  return null
}

function invalid(field: string, detail: string): Refusal {
  return refuse('INVALID_INPUT', { field, detail })
}
