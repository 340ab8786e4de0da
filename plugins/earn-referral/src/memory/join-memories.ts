import type { JoinContext } from '@pointwell/plugin'
import { MOST_MARKS, type ReferralMemory } from './referral-memory.js'

/** Why a referral is held that turns out to be of one person. */
const SAME_MEMBER = 'same-member'

type Half = JoinContext<ReferralMemory>['into']

/**
 * What is remembered of two members who are one. A person was brought once: of two who say they brought it,
 * the one for whom an act counted already, else the first. Who was brought by itself is held for an operator.
 */
export function joinMemories({ from, into }: JoinContext<ReferralMemory>): ReferralMemory {
  const [gone, stays] = [from.memory, into.memory]
  const kept = isBefore(gone, stays) ? from : into
  const { memory } = kept
  const { accepted } = memory
  const ids = [...from.ids, ...into.ids]
  const isOwn = accepted !== null && ids.includes(accepted.referrer)
  return {
    ...memory,
    accepted: accepted && { ...accepted, ...(kept === from && { friend: nameThen(from) }) },
    held: isOwn ? [...new Set([...(memory.held ?? []), SAME_MEMBER])] : memory.held,
    ruling: isOwn && memory.ruling === 'released' ? null : memory.ruling,
    devices: newest(gone.devices, stays.devices),
    payments: newest(gone.payments, stays.payments),
    rewards: {
      day: joinTally(gone.rewards.day, stays.rewards.day),
      month: joinTally(gone.rewards.month, stays.rewards.month),
      year: joinTally(gone.rewards.year, stays.rewards.year),
      ever: joinTally(gone.rewards.ever, stays.rewards.ever),
    },
  }
}

function nameThen({ ids, memory }: Half): string {
  return memory.accepted?.friend ?? ids[0]!
}

function isBefore(one: ReferralMemory, other: ReferralMemory): boolean {
  if (!one.accepted || !other.accepted) return one.accepted !== null
  if ((one.qualified === null) !== (other.qualified === null)) return one.qualified !== null
  return one.accepted.at < other.accepted.at
}

function newest(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].slice(-MOST_MARKS)
}

type Tally = ReferralMemory['rewards']['day']

/** The later period counts; of the same one, both. */
function joinTally(one: Tally, other: Tally): Tally {
  if (one[0] === other[0]) return [one[0], one[1] + other[1]]
  return one[0] > other[0] ? one : other
}
