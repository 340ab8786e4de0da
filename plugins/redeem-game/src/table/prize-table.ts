import { chanceOf } from '../offer/chance.js'
import type { DrawnOffer, DrawOffer, GuessOffer, Prize } from '../offer/game-offer.js'

/** One thing that a draw can fall on. */
export interface TableRow {
  readonly id: string
  /** How many of the table's tickets it has. */
  readonly tickets: number
  /** What is won: points, or a thing and its cost in minor units. */
  readonly points?: number
  readonly costMinor?: number
}

/**
 * What a play is drawn from: rows have tickets one after the other from 0, in this order, and whatever ticket
 * comes after the last row wins nothing. Written down with the play as it was used.
 */
export interface PrizeTable {
  /** All tickets, up to 2^53−1. */
  readonly tickets: number
  readonly rows: readonly TableRow[]
}

/** What a game has given away so far. */
export interface Given {
  readonly points: number
  readonly costMinor: number
  /** By the prize's id. */
  readonly prizes: Readonly<Record<string, number>>
}

/**
 * The table of a game after what it gave away; null: nothing is left that could be won. A prize that has no
 * stock left, or that is worth more than what is left of the budget, falls out; the chance to win at all
 * stays, and the others share it by their weights.
 */
export function tableOf(offer: DrawnOffer, given: Given): PrizeTable | null {
  return offer.type === 'draw' ? drawTable(offer, given) : guessTable(offer, given)
}

/** Where a ticket falls; null: on nothing. */
export function findRow(table: PrizeTable, ticket: number): TableRow | null {
  let above = 0
  for (const row of table.rows) {
    above += row.tickets
    if (ticket < above) return row
  }
  return null
}

function drawTable(offer: DrawOffer, given: Given): PrizeTable | null {
  const prizes = offer.prizes.filter((it) => isLeft(it, offer, given))
  if (prizes.length === 0) return null
  const { wins, of } = chanceOf(offer.chance)
  const weights = prizes.reduce((sum, { weight }) => sum + weight, 0)
  return {
    tickets: of * weights,
    rows: prizes.map((it) => ({ id: it.id, tickets: wins * it.weight, ...worthOf(it) })),
  }
}

function isLeft(prize: Prize, { budget }: DrawOffer, given: Given): boolean {
  if (leftOf(prize, given) === 0) return false
  const { points = 0, costMinor = 0 } = worthOf(prize)
  return (
    points <= Math.max(0, (budget.points ?? 0) - given.points) &&
    costMinor <= Math.max(0, (budget.costMinor ?? 0) - given.costMinor)
  )
}

/** How many there are still; null: as many as the budget pays for. */
export function leftOf({ id, stock }: Prize, { prizes }: Given): number | null {
  return stock === null ? null : Math.max(0, stock - (prizes[id] ?? 0))
}

function worthOf(prize: Prize): Pick<TableRow, 'points' | 'costMinor'> {
  return 'item' in prize ? { costMinor: prize.costMinor } : { points: prize.points }
}

function guessTable({ options, points, budget }: GuessOffer, given: Given): PrizeTable | null {
  if (points > budget - given.points) return null
  return { tickets: options.length, rows: options.map(({ id }) => ({ id, tickets: 1, points })) }
}
