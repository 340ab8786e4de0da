import { useCallback, useRef } from 'react'
import { RedeemDocument, type RedeemedFragment, type RedeemInput } from '../documents/documents.js'
import { newKey } from './new-key.js'
import { type Outcome, useAction } from './use-action.js'

export interface Redeeming extends Outcome<RedeemedFragment> {
  readonly running: boolean
  /** Spends points on an offer (`offerId`), or on what was quoted (`quoteId`). Never throws. */
  readonly redeem: (input: RedeemInput) => Promise<Outcome<RedeemedFragment>>
}

/**
 * Redeems, once for each wish: the key that makes it so is made here, and stays the same for the same input
 * until the server has answered. A second click, or another try after the line broke, spends nothing twice.
 */
export function useRedeem(): Redeeming {
  const { run, ...state } = useAction(RedeemDocument)
  const keys = useRef(new Map<string, string>())
  const redeem = useCallback(
    async (input: RedeemInput) => {
      // A quote is redeemed once by itself.
      if (input.quoteId) return run({ input })
      const wish = JSON.stringify(input)
      const idempotencyKey = input.idempotencyKey ?? keys.current.get(wish) ?? newKey()
      keys.current.set(wish, idempotencyKey)
      const outcome = await run({ input: { ...input, idempotencyKey } })
      if (!outcome.error?.isPassing) keys.current.delete(wish)
      return outcome
    },
    [run],
  )
  return { ...state, redeem }
}
