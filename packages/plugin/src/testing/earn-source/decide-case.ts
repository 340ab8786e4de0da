import type { Refusal } from '@pointwell/ledger'
import type { Grant } from '../../contract/plugin.js'
import { isRefusal } from '../../decision/refuse.js'
import { observe } from '../watch/observe.js'
import { type EarnCase, type EarnSession, earnContext } from './earn-case.js'

/** What came of a decision. `nothing`: it did not come to an answer, which has checks of its own. */
export type Decided =
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'nonsense'; readonly answer: unknown }
  | { readonly kind: 'nothing' }

/** Asks a source what an event is worth. What it says of points is not looked at here. */
export function decideCase(session: EarnSession, value: EarnCase): Decided {
  const context = earnContext(value)
  const seen = observe(session, 'decide', () => session.plugin.decide(context))
  if (seen.outcome !== 'answered') return { kind: 'nothing' }
  const { answer } = seen
  if (isRefusal(answer)) return { kind: 'refusal', refusal: answer }
  const isGrant =
    typeof answer === 'object' && answer !== null && 'points' in answer && 'because' in answer
  return isGrant ? { kind: 'grant', grant: answer as Grant } : { kind: 'nonsense', answer }
}
