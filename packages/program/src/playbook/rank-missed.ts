import { ceilQuotient, exact } from '@pointwell/economy'

/** A member who came too late for an offer. */
export interface Missed {
  /** The ledger's number of the wallet. */
  readonly member: number
  /** What the offer would have cost it; whole points. */
  readonly points: number
  /** When it first came too late, epoch milliseconds. */
  readonly firstAt: number
}

export interface Share {
  readonly member: number
  readonly points: number
}

/** What each of those who missed out is given (R14): factor × the points, rounded up. Those who spent most
 * in the programme come first, then who came first; `room`: what may be given altogether, null: anything.
 * Whoever no longer fits, and all after, is left for another time. */
export function rankMissed(
  missed: readonly Missed[],
  {
    factor,
    room,
    spentBy,
  }: {
    /** An exact decimal, ≥ 0. */
    factor: string
    room: number | null
    /** What the member has spent, minor units. */
    spentBy: (member: number) => number
  },
): { readonly shares: readonly Share[]; readonly points: number; readonly wanted: number } {
  const inOrder = missed.toSorted(
    (a, b) => spentBy(b.member) - spentBy(a.member) || a.firstAt - b.firstAt || a.member - b.member,
  )
  const shares: Share[] = []
  let points = 0
  let wanted = 0
  let isFull = false
  for (const { member, points: price } of inOrder) {
    const share = ceilQuotient(exact(price).times(exact(factor)), exact(1)).toNumber()
    wanted += share
    isFull ||= room !== null && points + share > room
    if (isFull) continue
    points += share
    shares.push({ member, points: share })
  }
  return { shares, points, wanted }
}
