import type { Words } from '@pointwell/plugin'
import type { DrawnOffer } from '../offer/game-offer.js'
import { fraction, showDecimal, showFraction } from './fraction.js'
import { type Given, leftOf, tableOf } from './prize-table.js'

export interface Odds {
  readonly id: string
  readonly title: Words
  /** A decimal, and exactly. */
  readonly chance: string
  readonly exactChance: string
  readonly points: number | null
  readonly left: number | null
}

/** How likely each thing is in the next play, and that anything is won. Of a guess: that a pick is right. */
export function oddsOf(
  offer: DrawnOffer,
  given: Given,
): { readonly chance: string; readonly rows: readonly Odds[] } {
  const table = tableOf(offer, given)
  const tickets = new Map(table?.rows.map((row) => [row.id, row.tickets]))
  const all = table?.tickets ?? 1
  const winning = [...tickets.values()].reduce((sum, it) => sum + it, 0)
  const chanceOf = (some: number) => fraction(some, all)
  const shown = (id: string) => {
    const chance = chanceOf(tickets.get(id) ?? 0)
    return { chance: showDecimal(chance), exactChance: showFraction(chance) }
  }
  if (offer.type === 'guess') {
    const rows = offer.options.map(({ id, title }) => ({
      id,
      title,
      ...shown(id),
      points: offer.points,
      left: null,
    }))
    return { chance: showDecimal(chanceOf(table ? 1 : 0)), rows }
  }
  const rows = offer.prizes.map((prize) => ({
    id: prize.id,
    title: prize.title,
    ...shown(prize.id),
    points: 'item' in prize ? null : prize.points,
    left: leftOf(prize, given),
  }))
  return { chance: showDecimal(chanceOf(winning)), rows }
}
