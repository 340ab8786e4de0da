import type { Words } from '@pointwell/plugin'
import type { GameType } from '../offer/game-offer.js'
import type { PrizeTable } from '../table/prize-table.js'

/**
 * A play: what became of a redemption. `refused`: nothing was drawn or staked, and nothing will be; it keeps a
 * call that is still on its way from playing a redemption whose points went back.
 */
export interface Play {
  /** The redemption's id. */
  readonly id: string
  readonly offerId: string
  readonly memberId: string
  readonly type: GameType
  readonly refusedWith: string | null
  /** Points that it cost. */
  readonly spent: number
  /** Epoch milliseconds. */
  readonly at: number
  /** Of a guess. */
  readonly pick: string | null
  /** How it was drawn; null: nothing is drawn in this game. */
  readonly draw: PlayDraw | null
  /** What it won at once; null: nothing. */
  readonly prize: WonPrize | null
  /** Of a revive: the game that used it. */
  readonly use: { readonly sessionId: string; readonly at: number } | null
  readonly stake: PlayStake | null
}

export interface PlayDraw {
  readonly round: number
  /** From 1, without gaps in a round. */
  readonly nonce: number
  /** The round's, as it was published. */
  readonly commitment: string
  /** What it was drawn with; null: it told who a member was who is erased. */
  readonly clientSeed: string | null
  /** The table as it was used, as JSON. */
  readonly table: string
  readonly digest: string
  readonly ticket: number
  /** The row of the table that the ticket fell on; null: on nothing. */
  readonly result: string | null
}

export interface WonPrize {
  /** Of a draw; null: the right pick of a guess. */
  readonly id: string | null
  readonly title: Words | null
  /** Points that were awarded; 0: it is a thing. */
  readonly points: number
  /** What the thing costs, minor units; 0: it is points. */
  readonly costMinor: number
  readonly isItem: boolean
  /** When a thing was handed over, epoch milliseconds. */
  readonly handedAt: number | null
}

export interface PlayStake {
  readonly round: string
  readonly outcome: string
  /** Points that came back or were won; null: not paid yet. */
  readonly payout: number | null
  readonly paidAt: number | null
  /** There was nobody left to pay: the member is erased. */
  readonly isForfeited: boolean
}

export function readTable(draw: Pick<PlayDraw, 'table'>): PrizeTable {
  return JSON.parse(draw.table) as PrizeTable
}
