export type { Telling } from './chain/retell.js'
export {
  jsonColumn,
  readWhole,
  readWholeOrNull,
  tableColumn,
  textColumn,
  wholeColumn,
} from './database/columns.js'
export type {
  Database,
  DatabaseLogger,
  DatabaseOptions,
  Dialect,
  SqlDialect,
} from './database/database.js'
export { openDatabase } from './database/open-database.js'
export { DatabaseUrlInvalid } from './database/parse-database-url.js'
export { joinWave, runInWaves } from './database/read-waves.js'
export type { SqlConnection, SqlParameter, SqlRow, SqlValue } from './database/sql-connection.js'
export { CommitUnknown, StoreConflict } from './database/store-conflict.js'
export { DeadlineExceeded, withDeadline } from './deadline/with-deadline.js'
export { MAX_POINTS } from './draft/check-amount.js'
export { claimLots } from './draft/claim-lots.js'
export { type Clawback, type ClawbackPolicy, type ClawedBack, clawBack } from './draft/claw-back.js'
export { confirmLots } from './draft/confirm-lots.js'
export { deductPoints } from './draft/deduct-points.js'
export {
  addToCounter,
  CountersNotLoaded,
  closeDraft,
  type Draft,
  findLot,
  findRecord,
  getCounter,
  needCounters,
  openDraft,
  openLots,
  type PostingTerms,
  putRecord,
  setMemo,
} from './draft/draft.js'
export { endWallet, type WalletEnded } from './draft/end-wallet.js'
export { type Extended, extendLots, type NewEnd, pointsIn } from './draft/extend-lots.js'
export {
  freezePoints,
  frozenIn,
  thawPoints,
  voidFrozen,
  withholdLots,
} from './draft/freeze-points.js'
export { grantPoints, type NewLot } from './draft/grant-points.js'
export {
  captureHold,
  type HoldState,
  holdId,
  holdLots,
  holdPoints,
  refundHold,
  refundPart,
  releaseHold,
} from './draft/hold.js'
export { mergeWallets, type WalletsMerged } from './draft/merge-wallets.js'
export { type BroughtFreeze, type BroughtLot, OPENING, openBalance } from './draft/open-balance.js'
export type { Reinstate } from './draft/put-back.js'
export { receivePoints, returnPoints, type SentPart, sendPoints } from './draft/send-points.js'
export { setUsableUntil } from './draft/set-usable-until.js'
export { settleNextDue } from './draft/settle-next-due.js'
export { MAX_KEY_LENGTH } from './ledger/assert-key.js'
export { UnsoundPosting } from './ledger/assert-sound.js'
export {
  type Ledger,
  LedgerClosed,
  type LedgerOptions,
  LedgerOverloaded,
  openLedger,
  type PostedListener,
  type Swept,
} from './ledger/open-ledger.js'
export { DecisionHung } from './ledger/run-batch.js'
export { SetAside } from './ledger/set-aside.js'
export type { ClaimTerms, NewNotice, Notice, NoticeQueue, NoticesOf } from './notice/notice.js'
export { findDifference, type Json, type JsonObject } from './posting/json.js'
export * from './posting/posting.js'
export { transactionId } from './posting/transaction-id.js'
export { LEDGER_REFUSALS, type LedgerRefusalCode } from './refusal/ledger-refusals.js'
export { isRefusal, type Refusal, type RefusalFigures, refuse } from './refusal/refusal.js'
export { groupFirstRows, groupReads } from './store/group-reads.js'
export { LEDGER_ENTITIES, LEDGER_MIGRATIONS } from './store/ledger-schema.js'
export * from './store/ledger-store.js'
export { openMemoryStore } from './store/open-memory-store.js'
export { openSqlStore } from './store/open-sql-store.js'
export { type KeptReads, readKept } from './store/read-kept.js'
export { readWallets } from './store/read-wallets.js'
export type { Retelling } from './store/retelling.js'
export type { Discrepancy } from './verify/ledger-differs.js'
export { type Verification, verifyLedger } from './verify/verify-ledger.js'
export { dueOf, earliestDue } from './wallet/due.js'
export { isOpen } from './wallet/is-open.js'
export * from './wallet/wallet.js'
export { type Freeze, isClosed, lockOf, type WalletLock } from './wallet/wallet-lock.js'
