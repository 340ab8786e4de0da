import type { JoinContext } from '@pointwell/plugin'
import {
  isOpen,
  MOST_ASIDE,
  MOST_COUNTED,
  MOST_MARKS,
  type ReferralMemory,
  SAME_MEMBER,
} from './referral-memory.js'

type Half = JoinContext<ReferralMemory>['into']
type Accepted = NonNullable<ReferralMemory['accepted']>

/** Who says to have brought the one person that both are. */
interface Claim {
  readonly memory: ReferralMemory
  readonly accepted: Accepted
  /** By the other of the two, that is by itself. */
  readonly isOwn: boolean
}

/**
 * What is remembered of two members who are one. A person was brought once: of two who say they brought it,
 * the one for whom an act counted already, else the first. Who was brought by itself is held for an operator
 * where that gave points, before any other; where it gave none it is as if it had been refused.
 */
export function joinMemories({ from, into }: JoinContext<ReferralMemory>): ReferralMemory {
  const ids = [...from.ids, ...into.ids]
  const claims = [claimOf(into, { ids }), claimOf(from, { ids, isFormer: true })]
    .filter((claim) => claim !== null)
    .sort((a, b) => rankOf(b) - rankOf(a) || a.accepted.at - b.accepted.at)
  const [kept, second] = claims
  const [gone, stays] = [from.memory, into.memory]
  return {
    ...(kept ? keptOf(kept) : stays),
    aside: [...stays.aside, ...gone.aside, ...asideOf(second, into)].slice(-MOST_ASIDE),
    devices: newest(stays.devices, gone.devices),
    payments: newest(stays.payments, gone.payments),
    rewards: {
      day: joinTally(gone.rewards.day, stays.rewards.day),
      month: joinTally(gone.rewards.month, stays.rewards.month),
      year: joinTally(gone.rewards.year, stays.rewards.year),
      ever: joinTally(gone.rewards.ever, stays.rewards.ever),
    },
  }
}

function claimOf(
  { ids: [own], memory }: Half,
  { ids, isFormer = false }: { ids: readonly string[]; isFormer?: boolean },
): Claim | null {
  const { accepted } = memory
  if (!accepted) return null
  const friend = accepted.friend ?? own!
  return {
    memory,
    accepted: { ...accepted, ...(isFormer && { friend }) },
    isOwn: ids.includes(accepted.referrer),
  }
}

/** Which of two referrals goes on: the higher, of equal ones the earlier. */
function rankOf({ memory, isOwn }: Claim): number {
  const { qualified, lost, held, ruling } = memory
  const gives = qualified !== null && !lost && ruling !== 'refused'
  if (isOwn && !gives) return 0
  const isLetStand = (held?.includes(SAME_MEMBER) ?? false) && ruling === 'released'
  if (isOwn && !isLetStand) return 3
  return qualified ? 2 : 1
}

function keptOf({ memory, accepted, isOwn }: Claim): ReferralMemory {
  const isNews = isOwn && !memory.held?.includes(SAME_MEMBER)
  if (!isNews) return { ...memory, accepted }
  return {
    ...memory,
    accepted,
    held: [...(memory.held ?? []), SAME_MEMBER],
    // What was let stand before was another matter.
    ruling: memory.ruling === 'released' ? null : memory.ruling,
  }
}

/** What the second one gave stays given, as long as its act stands. */
function asideOf(claim: Claim | undefined, into: Half): ReferralMemory['aside'] {
  if (!claim?.memory.qualified || !isOpen(claim.memory)) return []
  const { referrer, friend = into.ids[0]! } = claim.accepted
  return [{ referrer, friend, ...claim.memory.qualified }]
}

/** Nobody knows which of two members was seen with something last: those of both in turn, from the newest. */
function newest(one: readonly string[], other: readonly string[]): string[] {
  const [a, b] = [one.toReversed(), other.toReversed()]
  const turns = Array.from({ length: Math.max(a.length, b.length) }, (_, n) => [a[n], b[n]])
  const all = new Set(turns.flat().filter((mark) => mark !== undefined))
  return [...all].slice(0, MOST_MARKS).reverse()
}

type Tally = ReferralMemory['rewards']['day']

/** The later period counts; of the same one, both. */
function joinTally(one: Tally, other: Tally): Tally {
  if (one[0] === other[0]) return [one[0], Math.min(one[1] + other[1], MOST_COUNTED)]
  return one[0] > other[0] ? one : other
}
