import { isClosed, lockOf, type Refusal, refuse, type Wallet } from '@pointwell/ledger'
import type { PolicyInForce } from '../policy/policy-in-force.js'

/** Refuses MEMBERSHIP_LAPSED (`when`) where the membership had run out at `at`. */
export function checkMembership(
  wallet: Pick<Wallet, 'lock'>,
  at: number,
): Refusal<'MEMBERSHIP_LAPSED'> | null {
  const lock = lockOf(wallet)
  if (!isClosed(lock, at)) return null
  return refuse('MEMBERSHIP_LAPSED', { when: lock.usableUntil! })
}

/** The same for what happened at `at` and would earn points, where the policy has them refused. What it
 * does not refuse is frozen with the rest of the wallet. */
export function checkMayEarn(
  wallet: Pick<Wallet, 'lock'>,
  { at, policy }: { at: number; policy: PolicyInForce },
): Refusal<'MEMBERSHIP_LAPSED'> | null {
  if (policy.document.membership.earningWhileLapsed === 'freeze') return null
  return checkMembership(wallet, at)
}
