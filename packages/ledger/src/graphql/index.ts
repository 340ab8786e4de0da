// Decorators write their metadata when these classes are made, so this comes first.
import 'reflect-metadata'

export { findCurrencyDigits } from '../money/find-currency-digits.js'
export { findMoney, formatMoney, type Money } from '../money/money.js'
export { assertPast } from './assert-past.js'
export {
  BalanceChangeType,
  BalanceSnapshotType,
  BalanceType,
  balanceChangeType,
  balanceSnapshotType,
  balanceType,
  ExpiringPointsType,
} from './balance.object.js'
export { BalanceChangedType, balanceChangedType } from './balance-changed.object.js'
export {
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
  type Edge,
  MAX_PAGE,
  PageArgs,
  PageInfoType,
} from './connection.js'
export { CurrencyCodeScalar } from './currency-code.scalar.js'
export { assertCursor, type CursorKeys, encodeCursor } from './cursor.js'
export { DateTimeScalar } from './date-time.scalar.js'
export { DecimalScalar } from './decimal.scalar.js'
export { badUserInput, forbidden, unauthenticated } from './faults.js'
export { JsonScalar } from './json.scalar.js'
export type { LedgerContext } from './ledger-context.js'
export { type LedgerReadSource, type LedgerReads, openLedgerReads } from './ledger-reads.js'
export { LocalDateScalar } from './local-date.scalar.js'
export { findLotId, LotConnection, LotStateType, LotType, lotId, lotType } from './lot.object.js'
export { MoneyScalar } from './money.scalar.js'
export { PointsScalar } from './points.scalar.js'
export {
  StepType,
  stepType,
  TransactionConnection,
  TransactionKind,
  TransactionObject,
  transactionType,
} from './transaction.object.js'
export { WalletType, walletType } from './wallet.object.js'
