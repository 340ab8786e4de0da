import type { RefusedFragment } from '../documents/documents.js'

/** Whether the programme said no: with a code, and the figures that a screen shows. */
export function isRefusal<Result extends { readonly __typename: string }>(
  result: Result,
): result is Result & RefusedFragment {
  return result.__typename === 'Refusal'
}
