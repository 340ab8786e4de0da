import {
  QuoteDocument,
  type QuoteMutation,
  type QuoteMutationVariables,
} from '../documents/documents.js'
import { type Action, type DoneOf, useAction } from './use-action.js'

/** What an offer costs a member now, kept for it until `expiresAt`: `run({ offerId })`, then redeem with its id. */
export function useQuote(): Action<QuoteMutationVariables, DoneOf<QuoteMutation>> {
  return useAction(QuoteDocument)
}
