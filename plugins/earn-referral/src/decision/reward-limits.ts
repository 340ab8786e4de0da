import type { ReferralMemory } from '../memory/referral-memory.js'
import type { LimitPeriod, ReferralSettings } from '../settings/referral-settings.js'

type Limit = ReferralSettings['limits'][number]

/** A limit that is used up on that day (`YYYY-MM-DD`); undefined: there is room under all of them. */
export function findFullLimit(
  limits: readonly Limit[],
  { rewards }: Pick<ReferralMemory, 'rewards'>,
  today: string,
): Limit | undefined {
  return limits.find(({ per, times }) => countedIn(rewards, per, today) >= times)
}

/** One more, in each period of that day. */
export function countReward(
  rewards: ReferralMemory['rewards'],
  today: string,
): ReferralMemory['rewards'] {
  const oneMore = (per: LimitPeriod): [string, number] => [
    nameOf(per, today),
    countedIn(rewards, per, today) + 1,
  ]
  return {
    day: oneMore('day'),
    month: oneMore('month'),
    year: oneMore('year'),
    ever: oneMore('ever'),
  }
}

/** How many are counted in the period of that day. */
export function countedIn(
  rewards: ReferralMemory['rewards'],
  per: LimitPeriod,
  today: string,
): number {
  const [name, count] = rewards[per]
  return name === nameOf(per, today) ? count : 0
}

const LENGTHS: Readonly<Record<LimitPeriod, number>> = { day: 10, month: 7, year: 4, ever: 0 }

function nameOf(per: LimitPeriod, date: string): string {
  return date.slice(0, LENGTHS[per])
}
