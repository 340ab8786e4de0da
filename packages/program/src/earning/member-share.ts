import { MAX_POINTS, type Step } from '@pointwell/ledger'
import type { ItemPoints } from '@pointwell/plugin'
import createBig from 'big.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { staffPoints } from '../staff/staff-points.js'

/** What of a source's points is this member's (E12), and the steps that made it so. */
export interface MemberShare {
  readonly points: number
  readonly steps: readonly Step[]
  /** What each item of the event is multiplied by, a decimal. */
  readonly rate: string
}

/**
 * After the source decided and before the caps: staff earn at their own rate, and who is in a case of
 * over-linked identities earns nothing. A recount of returns does the very same, with the facts of
 * that time.
 */
export function memberShare(
  document: Pick<PolicyDocument, 'staff' | 'sources'>,
  {
    points,
    source,
    staff,
    overLinked,
  }: { points: number; source: string; staff: boolean; overLinked: boolean },
): MemberShare {
  const steps: Step[] = []
  let left = points
  let rate = '1'
  if (staff) {
    const share = staffPoints(document, { points: left, source, most: MAX_POINTS })
    if (share && share.points !== left) {
      steps.push({ step: 'staff', points: share.points - left, figures: { rate: share.rate } })
      left = share.points
      rate = share.rate
    }
  }
  if (overLinked && left > 0) {
    steps.push({ step: 'identities', points: -left })
    left = 0
    rate = '0'
  }
  return { points: left, steps, rate }
}

/** The same of what the goods of an event earn by themselves: caps on items look at the member's share. */
export function shareItems(
  told: ItemPoints | undefined,
  { rate }: Pick<MemberShare, 'rate'>,
): ItemPoints | undefined {
  if (!told || rate === '1') return told
  const times = (points: number | string) => createBig(rate).times(points)
  return {
    ...told,
    items: told.items.map(({ id, points }) => ({ id, points: times(points).toFixed() })),
    besides: times(told.besides).round(0, createBig.roundDown).toNumber(),
  }
}
