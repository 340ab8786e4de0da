import type { JsonObject, LedgerRecord, RecordId, SentPart } from '@pointwell/ledger'

/** `sent`: it has left the giver. `returned`: the receiver could not take it, and it is back. */
export const TRANSFER_STATUSES = ['sent', 'received', 'returned'] as const
export type TransferStatus = (typeof TRANSFER_STATUSES)[number]

/** Why a receiver could not take it: no longer a member, a limit of the policy, or no room. */
export type Declined = 'closed' | 'limit' | 'full'

/** What is kept of a transfer (L10), once with each of the two: wallets, never the shop's ids. */
export interface TransferBody {
  /** The ledger's numbers of the wallets. */
  readonly from: number
  readonly to: number
  readonly points: number
  readonly parts: readonly SentPart[]
  readonly status: TransferStatus
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly settledAt: number | null
  readonly declined: Declined | null
}

export interface Transfer extends TransferBody {
  readonly id: string
}

/** The giver's record is the one that says how far it has come. */
export type TransferEnd = 'out' | 'in'

export const TRANSFER = 'transfer'

/** Sorts by when it was made, like the id. */
export function transferRecordId(id: string, end: TransferEnd): RecordId {
  return { kind: TRANSFER, ref: `${id}/${end}` }
}

export function readTransfer({ ref, body }: Pick<LedgerRecord, 'ref' | 'body'>): Transfer {
  return { ...(body as unknown as TransferBody), id: ref.slice(0, ref.lastIndexOf('/')) }
}

export function transferRecord(
  { id, ...body }: Transfer,
  { end, dueAt = null }: { end: TransferEnd; dueAt?: number | null },
): RecordId & Pick<LedgerRecord, 'body' | 'dueAt'> {
  return { ...transferRecordId(id, end), body: body as unknown as JsonObject, dueAt }
}
