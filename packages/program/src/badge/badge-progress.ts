import { exact } from '@pointwell/economy'
import { minorDigits } from '@pointwell/plugin'
import { actsDone, type Deeds, longestStreak } from '../deeds/deeds.js'
import type { BadgeGoal } from './badges-section.js'

/** How far a member is on the way to a badge: of `spend` minor units, of all others times. */
export function doneFor(goal: BadgeGoal, deeds: Deeds): number {
  switch (goal.type) {
    case 'orders':
      return deeds.orders
    case 'spend':
      return deeds.minor
    case 'acts':
      return actsDone(deeds, goal.source, goal.tag)
    case 'streak':
      return longestStreak(deeds, goal.source)
  }
}

export function neededFor(goal: BadgeGoal, currency: string): number {
  if (goal.type !== 'spend') return goal.count
  const minor = exact(goal.amount).times(exact(10).pow(minorDigits(currency)))
  return Math.min(Math.ceil(minor.toNumber()), Number.MAX_SAFE_INTEGER)
}
