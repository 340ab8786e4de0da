import { readWhole, readWholeOrNull } from '../database/columns.js'
import type { SqlRow, SqlValue } from '../database/sql-connection.js'
import type { JsonObject } from '../posting/json.js'
import type {
  LedgerRecord,
  LedgerTransaction,
  TransactionLine,
  TransactionType,
} from '../posting/posting.js'
import { bodyText, type TransactionBody, type WholeBody } from '../posting/transaction-body.js'
import { isOpen } from '../wallet/is-open.js'
import { unpackBalance, unpackLot } from '../wallet/pack.js'
import type { Entry, Lot, Wallet } from '../wallet/wallet.js'
import type { WalletLock } from '../wallet/wallet-lock.js'
import type { FigureRow, FigureSum, Seal, SealedHead } from './ledger-store.js'
import { guardTail, unguardTail } from './tail-guard.js'

/** How things of the ledger lie in their tables: columns, values in the same order, and back. */

export interface LotOfWallet {
  readonly wallet: number
  readonly lot: Lot
}

export const WALLET_COLUMNS = [
  'id',
  'version',
  'available',
  'pending',
  'claimable',
  'held',
  'frozen',
  'debt',
  'last_lot',
  'next_due_at',
  'head',
  'memo',
  'updated_at',
  'use_lock',
] as const

export function walletValues(wallet: Wallet): SqlValue[] {
  const { balance } = wallet
  return [
    wallet.id,
    wallet.version,
    balance.available,
    balance.pending,
    balance.claimable,
    balance.held,
    balance.frozen,
    balance.debt,
    wallet.lastLot,
    wallet.nextDueAt,
    wallet.head,
    JSON.stringify(wallet.memo),
    wallet.updatedAt,
    wallet.lock === null ? null : JSON.stringify(wallet.lock),
  ]
}

export function readWallet(row: SqlRow): Wallet {
  return {
    id: readWhole(row.id),
    version: readWhole(row.version),
    balance: {
      available: readWhole(row.available),
      pending: readWhole(row.pending),
      claimable: readWhole(row.claimable),
      held: readWhole(row.held),
      frozen: readWhole(row.frozen),
      debt: readWhole(row.debt),
    },
    lastLot: readWhole(row.last_lot),
    nextDueAt: readWholeOrNull(row.next_due_at),
    head: row.head as string,
    memo: readJson(row.memo),
    updatedAt: readWhole(row.updated_at),
    lock: row.use_lock === null ? null : (readJson(row.use_lock) as unknown as WalletLock),
  }
}

export const LOT_COLUMNS = [
  'wallet_id',
  'seq',
  'is_open',
  'kind',
  'source',
  'ref',
  'granted',
  'available',
  'pending',
  'claimable',
  'held',
  'frozen',
  'earned_at',
  'confirm_at',
  'claim_ms',
  'claim_by',
  'expires_at',
  'lapsed',
  'voided',
] as const

export function lotValues({ wallet, lot }: LotOfWallet): SqlValue[] {
  return [
    wallet,
    lot.seq,
    isOpen(lot) ? 1 : 0,
    lot.kind,
    lot.source,
    lot.ref,
    lot.granted,
    lot.available,
    lot.pending,
    lot.claimable,
    lot.held,
    lot.frozen,
    lot.earnedAt,
    lot.confirmAt,
    lot.claimMs,
    lot.claimBy,
    lot.expiresAt,
    lot.lapsed,
    lot.voided,
  ]
}

export function readLot(row: SqlRow): LotOfWallet {
  return {
    wallet: readWhole(row.wallet_id),
    lot: {
      seq: readWhole(row.seq),
      kind: row.kind as string,
      source: row.source as string,
      ref: row.ref as string | null,
      granted: readWhole(row.granted),
      available: readWhole(row.available),
      pending: readWhole(row.pending),
      claimable: readWhole(row.claimable),
      held: readWhole(row.held),
      frozen: readWhole(row.frozen),
      earnedAt: readWhole(row.earned_at),
      confirmAt: readWholeOrNull(row.confirm_at),
      claimMs: readWholeOrNull(row.claim_ms),
      claimBy: readWholeOrNull(row.claim_by),
      expiresAt: readWholeOrNull(row.expires_at),
      lapsed: readWhole(row.lapsed),
      voided: readWhole(row.voided),
    },
  }
}

export const TRANSACTION_COLUMNS = [
  'wallet_id',
  'version',
  'idem_key',
  'type',
  'reason',
  'recorded_at',
  'effective_at',
  'previous_hash',
  'hash',
  'body',
] as const

export function transactionValues(transaction: LedgerTransaction): SqlValue[] {
  return [
    transaction.wallet,
    transaction.version,
    guardTail(transaction.key),
    transaction.type,
    transaction.reason,
    transaction.recordedAt,
    transaction.effectiveAt,
    transaction.previousHash,
    transaction.hash,
    bodyText(transaction),
  ]
}

/** What of them a history shows. */
export const LINE_COLUMNS = [
  'wallet_id',
  'version',
  'type',
  'reason',
  'recorded_at',
  'effective_at',
  'body',
] as const satisfies readonly (typeof TRANSACTION_COLUMNS)[number][]

export function readTransactionLine(row: SqlRow): TransactionLine {
  return lineOf(row, readBody(row))
}

export function readTransaction(row: SqlRow, entries: readonly Entry[]): LedgerTransaction {
  const body = readBody(row)
  const isWhole = !('told' in body)
  const { content, result } = isWhole ? body : body.told
  const refs = isWhole ? undefined : body.told.refs
  return {
    ...lineOf(row, body),
    key: unguardTail(row.idem_key as string),
    content,
    entries,
    termed: body.termed.map((values, place) => {
      const lot = unpackLot(values)
      return refs ? { ...lot, ref: refs[place] ?? null } : lot
    }),
    ...(body.lock !== undefined && { lock: body.lock }),
    result,
    previousHash: row.previous_hash as string,
    ...(!isWhole && body.told.salt !== undefined && { salt: body.told.salt }),
    ...(!isWhole && body.erased !== undefined && { erased: body.erased }),
    hash: row.hash as string,
  }
}

function readBody(row: SqlRow): TransactionBody | WholeBody {
  return readJson(row.body) as unknown as TransactionBody | WholeBody
}

function lineOf(row: SqlRow, body: TransactionBody | WholeBody): TransactionLine {
  const wallet = readWhole(row.wallet_id)
  const version = readWhole(row.version)
  return {
    id: `${wallet}-${version}`,
    wallet,
    version,
    type: row.type as TransactionType,
    reason: row.reason as string,
    before: unpackBalance(body.before),
    balance: unpackBalance(body.balance),
    explanation: 'told' in body ? body.told.explanation : body.explanation,
    policyVersion: body.policyVersion,
    labels: body.labels,
    corrects: body.corrects,
    recordedAt: readWhole(row.recorded_at),
    effectiveAt: readWhole(row.effective_at),
  }
}

export const ENTRY_COLUMNS = [
  'wallet_id',
  'version',
  'position',
  'account',
  'lot',
  'amount',
] as const

export function entryValues(transaction: LedgerTransaction): SqlValue[][] {
  const { wallet, version } = transaction
  return transaction.entries.map(({ account, lot, amount }, position) => [
    wallet,
    version,
    position,
    account,
    lot,
    amount,
  ])
}

export function readEntry(row: SqlRow): Entry {
  return {
    account: row.account as string,
    lot: readWholeOrNull(row.lot),
    amount: readWhole(row.amount),
  }
}

export const RECORD_COLUMNS = ['kind', 'ref', 'wallet_id', 'due_at', 'body'] as const

export function recordValues(record: LedgerRecord): SqlValue[] {
  return [
    guardTail(record.kind),
    guardTail(record.ref),
    record.wallet,
    record.dueAt,
    JSON.stringify(record.body),
  ]
}

export function readRecord(row: SqlRow): LedgerRecord {
  return {
    kind: unguardTail(row.kind as string),
    ref: unguardTail(row.ref as string),
    wallet: readWhole(row.wallet_id),
    body: readJson(row.body),
    dueAt: readWholeOrNull(row.due_at),
  }
}

export const FIGURE_COLUMNS = [
  'is_folded',
  'recorded_at',
  'account',
  'labels',
  'amount',
  'transactions',
] as const

export function figureValues(figure: FigureRow | FigureSum, isFolded: boolean): SqlValue[] {
  return [
    isFolded ? 1 : 0,
    figure.at,
    figure.account,
    figure.labels,
    typeof figure.amount === 'bigint' ? `${figure.amount}` : figure.amount,
    figure.transactions,
  ]
}

/** The amount as text: it may be a sum. */
export function readFigure(row: SqlRow): FigureSum {
  return {
    at: readWhole(row.recorded_at),
    account: row.account as string,
    labels: row.labels as string,
    amount: BigInt(row.amount as string),
    transactions: readWhole(row.transactions),
  }
}

export function readSeal(row: SqlRow): Seal {
  return {
    id: readWhole(row.id),
    sealedAt: readWhole(row.sealed_at),
    root: row.root as string,
    previousRoot: row.previous_root as string,
  }
}

export function readSealedHead(row: SqlRow): SealedHead {
  return {
    wallet: readWhole(row.wallet_id),
    version: readWhole(row.version),
    head: row.head as string,
  }
}

function readJson(value: unknown): JsonObject {
  return JSON.parse(value as string)
}
