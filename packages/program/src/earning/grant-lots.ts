import { type Draft, grantPoints, isRefusal, type NewLot, type Refusal } from '@pointwell/ledger'
import { type GrantPart, hasOwnLot } from '../campaign/grant-parts.js'
import type { KeptPart } from '../campaign/kept-parts.js'
import type { Campaign } from '../policy/policy-document.js'

export interface GrantedLots {
  readonly refused?: undefined
  /** By `seq`. */
  readonly lots: readonly number[]
  /** All of them together. */
  readonly points: number
  /** In the order of the grant; parts without points are left out. */
  readonly parts: readonly KeptPart[]
}

/** Opens the lots of a grant: one for all parts that share the terms of the ordinary points, and one
 * each for campaigns with their own. */
export function grantLots(
  draft: Draft,
  parts: readonly GrantPart[],
  lotOf: (campaign: Campaign | null) => Omit<NewLot, 'points'>,
): GrantedLots | Refusal {
  const lots: number[] = []
  const kept: KeptPart[] = []
  const earning = parts.filter(({ points }) => points > 0)
  const shared = earning.filter(({ campaign }) => campaign === null || !hasOwnLot(campaign))
  const apart = earning.filter((part) => !shared.includes(part))
  for (const together of [shared, ...apart.map((part) => [part])]) {
    const points = together.reduce((sum, part) => sum + part.points, 0)
    if (points === 0) continue
    const own = together.length === 1 ? together[0]!.campaign : null
    const lot = grantPoints(draft, { ...lotOf(own && hasOwnLot(own) ? own : null), points })
    if (isRefusal(lot)) return lot
    for (const part of together) kept.push(keptPart(part, lots.length))
    lots.push(lot!.seq)
  }
  return { lots, points: kept.reduce((sum, { granted }) => sum + granted, 0), parts: kept }
}

function keptPart({ campaign, points, extra, budgets }: GrantPart, lot: number): KeptPart {
  return {
    campaign: campaign?.id ?? null,
    ...(campaign?.department && { department: campaign.department }),
    lot,
    granted: points,
    standing: points,
    extra,
    ...(budgets && budgets.length > 0 && { budgets }),
  }
}
