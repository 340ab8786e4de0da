import { LedgerAccountEntity } from './entities/ledger-account.entity.js'
import { LedgerCounterEntity } from './entities/ledger-counter.entity.js'
import { LedgerEntryEntity } from './entities/ledger-entry.entity.js'
import { LedgerFigureEntity } from './entities/ledger-figure.entity.js'
import { LedgerLotEntity } from './entities/ledger-lot.entity.js'
import { LedgerNoticeEntity } from './entities/ledger-notice.entity.js'
import { LedgerRecordEntity } from './entities/ledger-record.entity.js'
import { LedgerSealEntity } from './entities/ledger-seal.entity.js'
import { LedgerSealHeadEntity } from './entities/ledger-seal-head.entity.js'
import { LedgerTotalEntity } from './entities/ledger-total.entity.js'
import { LedgerTransactionEntity } from './entities/ledger-transaction.entity.js'
import { LedgerWalletEntity } from './entities/ledger-wallet.entity.js'
import { AddWalletLock1767225601601 } from './migrations/add-wallet-lock-1767225601601.js'
import { CreateLedger1761955200000 } from './migrations/create-ledger-1761955200000.js'
import { CreateLedgerNotices1767225601000 } from './migrations/create-ledger-notices-1767225601000.js'
import { CreateLedgerTotals1767225600600 } from './migrations/create-ledger-totals-1767225600600.js'

/** The ledger's tables, for `openDatabase`. */
export const LEDGER_ENTITIES = [
  LedgerWalletEntity,
  LedgerLotEntity,
  LedgerTransactionEntity,
  LedgerEntryEntity,
  LedgerRecordEntity,
  LedgerCounterEntity,
  LedgerFigureEntity,
  LedgerSealEntity,
  LedgerSealHeadEntity,
  LedgerAccountEntity,
  LedgerTotalEntity,
  LedgerNoticeEntity,
] as const

/** What makes them. */
export const LEDGER_MIGRATIONS = [
  CreateLedger1761955200000,
  CreateLedgerTotals1767225600600,
  CreateLedgerNotices1767225601000,
  AddWalletLock1767225601601,
] as const
