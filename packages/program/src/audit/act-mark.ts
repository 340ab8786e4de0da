import { type Json, type JsonObject, type LedgerTransaction } from '@pointwell/ledger'
import type { Acting } from './acting.js'
import type { NewAuditEntry } from './audit-entry.js'

/** What a posting by an operator says of itself, inside its `result`: there it is hashed with the rest,
 * and is no part of what is compared when the same act is sent again from elsewhere. */
interface Mark extends Acting {
  readonly act: string
  readonly details: JsonObject
}

/**
 * Goes into the `result` of every posting that an operator's act makes, one of several where it makes
 * several: `result: { adjustment: id, ...markAct(acting, 'adjustPoints', { adjustment: id }) }`. The
 * audit's entry is made of it. Nothing where nobody acts.
 */
export function markAct(
  acting: Acting | null | undefined,
  act: string,
  details: JsonObject = {},
): JsonObject {
  if (!acting) return {}
  const { by, roles, address, reason } = acting
  return { audit: { act, by, roles: [...roles], address, reason, details } }
}

/** The entry that a transaction asks for, if an operator made it: always the same one. */
export function auditEntryOf(transaction: LedgerTransaction): NewAuditEntry | undefined {
  const mark = findMark(transaction.result)
  if (!mark) return undefined
  const { act, by, roles, address, reason, details } = mark
  return {
    at: transaction.recordedAt,
    by,
    roles,
    address,
    reason,
    act,
    target: { kind: 'member', id: String(transaction.wallet) },
    before: { balance: { ...transaction.before } },
    after: { balance: { ...transaction.balance }, ...details },
    key: `transaction:${transaction.id}`,
  }
}

/** The place in the journal that an entry's key names; undefined: it names none. */
export function transactionOf(key: string | null): { wallet: number; version: number } | undefined {
  const [, wallet, version] = key?.match(/^transaction:(\d+)-(\d+)$/) ?? []
  return version === undefined ? undefined : { wallet: Number(wallet), version: Number(version) }
}

function findMark(result: Json): Mark | undefined {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return undefined
  return (result as { audit?: unknown }).audit as Mark | undefined
}
