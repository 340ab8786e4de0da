import { findDifference, type Json, type Refusal, refuse } from '@pointwell/ledger'
import type { KeptChange, KeptEvent } from './kept-rows.js'

/**
 * What happened to a kept event with one thing more. The same again is the same. Refuses ORDER_CANCELLED
 * after it was cancelled, IDEMPOTENCY_MISMATCH for a return with other content, and what
 * `checkReturns` has against everything that came back.
 */
export function changeKept(
  { changes }: Pick<KeptEvent, 'changes'>,
  change: KeptChange,
  checkReturns: (taken: readonly unknown[]) => Refusal | null,
): readonly KeptChange[] | Refusal {
  const same = changes.find((it) => nameOf(it) === nameOf(change))
  if (same) {
    const field = differenceOf(same, change)
    return field === undefined ? changes : refuse('IDEMPOTENCY_MISMATCH', { field })
  }
  if (changes.some(({ act }) => act === 'cancel')) return refuse('ORDER_CANCELLED')
  const all = [...changes, change]
  const taken = all.flatMap((it) => (it.act === 'return' ? [it.taken] : []))
  const wrong = change.act === 'return' ? checkReturns(taken) : null
  return wrong ?? all
}

function nameOf(change: KeptChange): string {
  return change.act === 'return' ? `return ${change.key}` : change.act
}

function differenceOf(before: KeptChange, now: KeptChange): string | undefined {
  if (before.act !== 'return' || now.act !== 'return') return undefined
  return findDifference(before.taken as Json, now.taken as Json)
}
