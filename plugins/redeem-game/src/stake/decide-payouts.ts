import { rakeOf, sharePool } from './share-pool.js'
import type { StakeRound } from './stake-round.js'

export interface Stake {
  readonly id: string
  readonly outcome: string
  readonly points: number
}

export interface Payouts {
  /** A share of the pool, or the stake that comes back. */
  readonly why: 'share' | 'back'
  /** By the stake's id; who is not in it gets nothing. */
  readonly points: ReadonlyMap<string, number>
}

/**
 * What each stake of a round that has ended is paid (R12). Settled: winners share the pool less the rake, to the
 * point. Voided, or settled and nobody won and the pool comes back: each stake, without a rake. Pure, so that it
 * comes out the same however often a payment that broke off is taken up.
 */
export function decidePayouts(
  {
    status,
    outcome,
    rake,
    nobodyWon,
  }: Pick<StakeRound, 'status' | 'outcome' | 'rake' | 'nobodyWon'>,
  stakes: readonly Stake[],
): Payouts {
  if (status === 'open') throw new Error('A round that is open pays nobody.')
  const winners = status === 'settled' ? stakes.filter((it) => it.outcome === outcome) : []
  if (winners.length > 0) {
    const pool = stakes.reduce((sum, { points }) => sum + points, 0)
    return { why: 'share', points: sharePool(pool - rakeOf(pool, rake), winners) }
  }
  if (status === 'settled' && nobodyWon === 'kept') return { why: 'share', points: new Map() }
  return { why: 'back', points: new Map(stakes.map(({ id, points }) => [id, points])) }
}
