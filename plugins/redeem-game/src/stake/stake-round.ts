import type { Words } from '@pointwell/plugin'

/** Outcomes that members stake points on until it closes. Instants are epoch milliseconds. */
export interface StakeRound {
  readonly id: string
  readonly offerId: string
  readonly title: Words
  readonly outcomes: readonly { readonly id: string; readonly title: Words }[]
  readonly openedAt: number
  /** The first instant at which no stake is taken. */
  readonly closesAt: number
  /** Decimal string below 1; of the offer as it was when the round was opened, like `nobodyWon`. */
  readonly rake: string
  readonly nobodyWon: 'returned' | 'kept'
  readonly status: 'open' | 'settled' | 'voided'
  /** The one that came about. */
  readonly outcome: string | null
  readonly endedAt: number | null
  /** All points that were staked. */
  readonly pool: number
  readonly stakes: number
}

/** What is on the outcomes of a round, and how many stakes are not paid. */
export interface StakeSums {
  readonly points: ReadonlyMap<string, number>
  readonly unpaid: number
}
