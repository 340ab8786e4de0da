import { createHash } from 'node:crypto'
import type { JsonObject, LedgerRecord, RecordId } from '@pointwell/ledger'

/** `waiting`: a second operator has to say yes. */
export const ADJUSTMENT_STATUSES = ['waiting', 'done', 'declined'] as const
export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number]

/** What is kept of an operator's credit or debit (L6), under the wallet's lock. */
export interface AdjustmentBody {
  readonly memberId: string
  /** Whole points; below zero: a debit. */
  readonly points: number
  /** The points kind of a credit; null for a debit. */
  readonly kind: string | null
  /** Why, in the words of who asked for it. */
  readonly reason: string
  readonly status: AdjustmentStatus
  /** Logins of operators. */
  readonly requestedBy: string
  readonly decidedBy: string | null
  /** Epoch milliseconds. */
  readonly requestedAt: number
  readonly decidedAt: number | null
  /** Why it was declined. */
  readonly declineReason: string | null
  /** The version of the wallet that moved the points. */
  readonly version: number | null
  /** The wallet whose version that is, where it was merged into another since. */
  readonly origin?: number
}

export interface Adjustment extends AdjustmentBody {
  readonly id: string
  readonly wallet: number
}

/** The same key of the same member names the same adjustment. */
export function adjustmentId(wallet: number, idempotencyKey: string): string {
  const name = createHash('sha256').update(`${wallet}\n${idempotencyKey}`).digest('base64url')
  return name.slice(0, 22)
}

export function adjustmentRecordId(id: string): RecordId {
  return { kind: 'adjustment', ref: id }
}

export function readAdjustment({ ref, wallet, body }: LedgerRecord): Adjustment {
  return { ...(body as unknown as AdjustmentBody), id: ref, wallet }
}

/** While it waits a list of what waits finds it, the longest waiting first. */
export function adjustmentRecord(
  id: string,
  body: AdjustmentBody,
): RecordId & Pick<LedgerRecord, 'body' | 'dueAt'> {
  return {
    ...adjustmentRecordId(id),
    body: body as unknown as JsonObject,
    dueAt: body.status === 'waiting' ? body.requestedAt : null,
  }
}
