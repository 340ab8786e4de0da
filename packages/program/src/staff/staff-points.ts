import createBig from 'big.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/**
 * What a staff member's rate leaves of points (E12), rounded down, at most `most`. Null: the source
 * has a rate of its own among its settings, and has applied it.
 */
export function staffPoints(
  { staff, sources }: Pick<PolicyDocument, 'staff' | 'sources'>,
  { points, source, most }: { points: number; source: string; most: number },
): { readonly points: number; readonly rate: string } | null {
  if (hasOwnStaffRate(sources[source]?.settings)) return null
  const rate = Object.hasOwn(staff.bySource, source) ? staff.bySource[source]! : staff.rate
  const wanted = createBig(rate).times(points).round(0, createBig.roundDown)
  return { points: wanted.gt(most) ? most : wanted.toNumber(), rate }
}

/** Whatever a source calls `staffRate` in its settings is what staff earn there. */
export function hasOwnStaffRate(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && Object.hasOwn(settings, 'staffRate')
}
