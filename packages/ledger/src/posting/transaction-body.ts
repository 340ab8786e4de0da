import { type PackedBalance, type PackedLot, packBalance, packLot } from '../wallet/pack.js'
import type { LedgerTransaction } from './posting.js'

/**
 * What a transaction says in words: what was asked for, why, and what was answered. It may name
 * somebody, so it can be told again without the names (`retell`); where the points went cannot.
 */
export interface ToldPart
  extends Pick<LedgerTransaction, 'content' | 'explanation' | 'result' | 'salt'> {
  /** Of each of `termed`. */
  readonly refs: readonly (string | null)[]
}

/** What moved. Lots and balances without the names of their fields: those would be half of all history.
 * Lots are without what they came from. */
export interface KeptPart
  extends Pick<LedgerTransaction, 'policyVersion' | 'labels' | 'corrects' | 'lock'> {
  readonly termed: readonly PackedLot[]
  readonly before: PackedBalance
  readonly balance: PackedBalance
}

/** What of a transaction nobody searches by. */
export interface TransactionBody extends KeptPart {
  readonly told: ToldPart
  /** The digest of what was told at first, where it is told otherwise now. */
  readonly erased?: string
}

/** How it lay before what is told and what is kept were two. */
export type WholeBody = KeptPart & Omit<ToldPart, 'refs' | 'salt'>

interface Texts {
  readonly told: string
  readonly kept: string
}

/** They are hashed, and soon after written: made once. */
const made = new WeakMap<object, Texts>()

/** Both parts as JSON: what is hashed, and what lies in the database. */
export function bodyTexts(transaction: Omit<LedgerTransaction, 'hash'>): Texts {
  const before = made.get(transaction)
  if (before !== undefined) return before
  const { termed, content, explanation, result, salt } = transaction
  const told: ToldPart = {
    ...(salt !== undefined && { salt }),
    refs: termed.map(({ ref }) => ref),
    content,
    explanation,
    result,
  }
  const kept: KeptPart = {
    termed: termed.map((lot) => packLot({ ...lot, ref: null })),
    before: packBalance(transaction.before),
    balance: packBalance(transaction.balance),
    policyVersion: transaction.policyVersion,
    labels: transaction.labels,
    corrects: transaction.corrects,
    ...(transaction.lock !== undefined && { lock: transaction.lock }),
  }
  const texts = { told: JSON.stringify(told), kept: JSON.stringify(kept) }
  made.set(transaction, texts)
  return texts
}

/** As it lies in the database. */
export function bodyText(transaction: Omit<LedgerTransaction, 'hash'>): string {
  const { told, kept } = bodyTexts(transaction)
  const { erased } = transaction
  const mark = erased === undefined ? '' : `,"erased":${JSON.stringify(erased)}`
  return `{"told":${told}${mark},${kept.slice(1)}`
}

/** The body as it lay, and was hashed, before what is told and what is kept were two. */
export function wholeBodyText(transaction: Omit<LedgerTransaction, 'hash'>): string {
  const body: WholeBody = {
    content: transaction.content,
    termed: transaction.termed.map(packLot),
    before: packBalance(transaction.before),
    balance: packBalance(transaction.balance),
    explanation: transaction.explanation,
    policyVersion: transaction.policyVersion,
    labels: transaction.labels,
    corrects: transaction.corrects,
    result: transaction.result,
    ...(transaction.lock !== undefined && { lock: transaction.lock }),
  }
  return JSON.stringify(body)
}
