export type { Timers } from './clock/timers.js'
export {
  createPointwellClient,
  type PointwellClient,
  type PointwellClientOptions,
  type RequestOptions,
} from './create-pointwell-client.js'
export * from './documents/documents.js'
export type { AnswerOf, TypedDocument, VariablesOf } from './documents/typed-document.js'
export { isRefusal } from './errors/is-refusal.js'
export {
  type ClientErrorCode,
  type ErrorTerms,
  PointwellError,
  type ServerErrorCode,
} from './errors/pointwell-error.js'
export type { BalanceMoment, FollowOptions, LineState } from './follow/balance-moment.js'
export type { TokenGiver } from './token/open-token-source.js'
