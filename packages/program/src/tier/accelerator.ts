import { exact } from '@pointwell/economy'

/** For a time, what a member spends counts by a factor for its tier (M4). */
export interface Accelerator {
  /** A decimal above 1: `1.5`. */
  readonly factor: string
  /** Epoch milliseconds; `until` is the first instant after it. */
  readonly from: number
  readonly until: number
}

/** Of several at once the strongest counts, and they do not multiply; null: there is none. */
export function acceleratorAt(list: readonly Accelerator[], at: number): Accelerator | null {
  let strongest: Accelerator | null = null
  for (const it of list) {
    if (it.from > at || at >= it.until) continue
    if (strongest === null || exact(it.factor).gt(strongest.factor)) strongest = it
  }
  return strongest
}

/** What an order's spend counts as, minor units, rounded down. A return takes back the difference of
 * two such amounts, so that any sequence of them ends where one would. */
export function accelerate(minor: number, factor: string | null | undefined): number {
  if (!factor) return minor
  const counted = exact(minor).times(factor)
  return counted.gt(Number.MAX_SAFE_INTEGER)
    ? Number.MAX_SAFE_INTEGER
    : Math.floor(Number(counted.toFixed()))
}
