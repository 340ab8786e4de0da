import { badUserInput } from './faults.js'
import type { LedgerContext } from './ledger-context.js'

/** Nobody knows what will be: an argument `at` (epoch milliseconds) that is behind now is turned away. */
export function assertPast({ now }: Pick<LedgerContext, 'now'>, at: number): void {
  if (at <= now()) return
  throw badUserInput('`at` is a past moment: nobody knows yet what will be.', { field: 'at' })
}
