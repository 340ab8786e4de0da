import { LedgerClosed, LedgerOverloaded, type Refusal, refuse } from '@pointwell/ledger'
import { orPluginFailed } from './or-plugin-failed.js'

export type OnFailure = (what: string, fault: unknown) => void

/**
 * Does the same with each of many, side by side; each has a result of its own, in order. What befalls
 * one hides nothing that came of the others, for those may be written by then: a fault is the refusal
 * of the one it befell. TRY_AGAIN_LATER: the ledger did not let it in. OUTCOME_UNKNOWN: how far it came
 * is not known, and the operator is told.
 */
export function eachItsOwn<Asked, Answer>(
  asked: readonly Asked[],
  act: (one: Asked) => Promise<Answer>,
  { what, onFailure }: { readonly what: string; readonly onFailure?: OnFailure | undefined },
): Promise<(Answer | Refusal)[]> {
  return Promise.all(
    asked.map(async (one): Promise<Answer | Refusal> => {
      try {
        return await orPluginFailed(act(one))
      } catch (fault) {
        if (fault instanceof LedgerOverloaded || fault instanceof LedgerClosed) {
          return refuse('TRY_AGAIN_LATER')
        }
        onFailure?.(what, fault)
        return refuse('OUTCOME_UNKNOWN')
      }
    }),
  )
}
