/**
 * Everything the ledger itself can refuse, in the order in which it is checked: when two would
 * apply, the earlier one is the answer. Closed: a code that is not here cannot leave the ledger.
 */
export const LEDGER_REFUSALS = [
  'WALLET_NOT_FOUND',
  'IDEMPOTENCY_MISMATCH',
  'WALLET_MERGED',
  'WALLET_ENDED',
  'AMOUNT_NOT_POSITIVE',
  'AMOUNT_TOO_LARGE',
  'LOT_NOT_FOUND',
  'LOT_NOT_PENDING',
  'CLAIM_TOO_LATE',
  'LOT_NOT_CLAIMABLE',
  'HOLD_NOT_FOUND',
  'FREEZE_NOT_FOUND',
  'INSUFFICIENT_POINTS',
  'BALANCE_TOO_LARGE',
] as const

export type LedgerRefusalCode = (typeof LEDGER_REFUSALS)[number]
