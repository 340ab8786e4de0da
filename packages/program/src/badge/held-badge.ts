import type { BadgeGoal } from './badges-section.js'

/** A badge that a member has. What it was earned by stays with it, whatever becomes of the list. */
export interface HeldBadge {
  /** Epoch milliseconds. */
  readonly at: number
  /** The version of the policy whose list it was on. */
  readonly policyVersion: number
  readonly goal: BadgeGoal
  /** How many it took; minor units for `spend`. */
  readonly needed: number
}

export type HeldBadges = Readonly<Record<string, HeldBadge>>
