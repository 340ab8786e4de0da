import type { Step } from '@pointwell/ledger'
import { step } from '@pointwell/plugin'

/** That a risk rule holds something (K2). */
export interface RiskHold {
  readonly refused?: undefined
  readonly rule: string
  /** Why: a stable word of the rule's. */
  readonly reason: string
  /** It goes on by itself then, epoch milliseconds. */
  readonly until: number
}

/** What an explanation says of it (L9). */
export function heldStep({ rule, reason, until }: RiskHold): Step {
  return step(`risk:${rule}`, 0, { rule, reason, until: new Date(until).toISOString() })
}

export function isHeldStep({ step: name }: Step): boolean {
  return name.startsWith('risk:')
}
