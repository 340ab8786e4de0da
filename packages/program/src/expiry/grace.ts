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

/** Asked for each lot, so it is worked out once a version. */
const graces = new WeakMap<PolicyInForce, Grace | null>()

export function graceOf(policy: PolicyInForce): Grace | null {
  const known = graces.get(policy)
  if (known !== undefined) return known
  const grace = readGrace(policy)
  graces.set(policy, grace)
  return grace
}

function readGrace({ document, calendar, effectiveFrom }: PolicyInForce): Grace | null {
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

/** As far as the lot alone can tell: where it never ends, its tier has a say, too. */
export function mayChange(
  grace: Grace,
  lot: Pick<Lot, 'kind' | 'earnedAt' | 'expiresAt'>,
): boolean {
  if (lot.expiresAt !== null) return isOld(grace, lot) && lot.expiresAt < grace.end
  return isOld({ ...grace, earnedBefore: grace.earnedBefore + UNHEARD_MS }, lot)
}
