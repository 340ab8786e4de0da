import { createHash } from 'node:crypto'
import type { Lot } from '@pointwell/ledger'
import type { PolicyInForce } from '../policy/policy-in-force.js'

/** The one last day of old lots, while a policy has one (X4). */
export interface Grace {
  /** The same for the same grace, whichever version of the policy has it. */
  readonly id: string
  /** `YYYY-MM-DD`. */
  readonly through: string
  /** The first instant after it, epoch milliseconds. */
  readonly end: number
  readonly earnedBefore: number
  readonly kinds: readonly string[] | null
}

/** Every server has heard of a version of the policy so long after it was written, with much to spare. */
export const UNHEARD_MS = 10_000

export function graceOf({ document, calendar, effectiveFrom }: PolicyInForce): Grace | null {
  const { oldLots } = document.expiry
  if (oldLots.policy === 'keep') return null
  const { through, kinds } = oldLots
  // Whoever writes a version fills it in; what is read from elsewhere may lack it.
  const earnedBefore =
    oldLots.earnedBefore === null ? effectiveFrom : Date.parse(oldLots.earnedBefore)
  const name = JSON.stringify([through, earnedBefore, kinds?.toSorted() ?? null])
  const id = createHash('sha256').update(name).digest('base64url').slice(0, 22)
  return { id, through, end: calendar.endOf(through), earnedBefore, kinds }
}

/** Whether a lot is an old one. */
export function isOld(
  { earnedBefore, kinds }: Grace,
  { kind, earnedAt }: Pick<Lot, 'kind' | 'earnedAt'>,
): boolean {
  return earnedAt < earnedBefore && (kinds === null || kinds.includes(kind))
}
