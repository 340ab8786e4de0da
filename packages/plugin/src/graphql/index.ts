// Decorators write their metadata when these classes are made, so this comes first.
import 'reflect-metadata'

export {
  assertCursor,
  assertPageSize,
  BalanceChangeType,
  BalanceSnapshotType,
  BalanceType,
  badUserInput,
  type Connection,
  CurrencyCodeScalar,
  connectionFrom,
  connectionOf,
  DateTimeScalar,
  DecimalScalar,
  type Edge,
  encodeCursor,
  forbidden,
  formatMoney,
  JsonScalar,
  type LedgerContext,
  LocalDateScalar,
  LotConnection,
  LotType,
  lotType,
  MAX_PAGE,
  MoneyScalar,
  PageArgs,
  PageInfoType,
  PointsScalar,
  StepType,
  stepType,
  TransactionConnection,
  TransactionObject,
  transactionType,
  unauthenticated,
  WalletType,
  walletType,
} from '@pointwell/ledger/graphql'
export { codeOutcomeEnum } from './code-outcome-enum.js'
export { EarnedType, earnedResult } from './earned-type.js'
export { pageByTime, type TimePlace } from './page-by-time.js'
export { type PluginContext, walletOf } from './plugin-context.js'
export { ReasonArg } from './reason-arg.js'
export { RefusalType, toRefusalType } from './refusal.object.js'
export { RefusalCode, refusalRegistry, registerRefusalCodes } from './refusal-registry.js'
export { resultUnion } from './result-union.js'
export { rowsAfter } from './rows-after.js'
