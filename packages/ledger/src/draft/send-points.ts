import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { checkAmount, checkRoom } from './check-amount.js'
import { type Draft, type DraftLot, findLot, move, moveToAvailable, openLots } from './draft.js'
import { putBack, type Reinstate } from './put-back.js'
import { takeAvailable } from './take-available.js'

/** Where points are between two wallets: what one sent and the other has not received yet. */
const ON_THE_WAY = 'transferred'

/** Points of one lot that are on their way to another wallet, with what goes with them. */
export interface SentPart {
  /** The lot of the sender that gave them, by `seq`. */
  readonly lot: number
  readonly kind: string
  readonly source: string
  readonly points: number
  /** Epoch milliseconds; null: never expires. */
  readonly earnedAt: number
  readonly expiresAt: number | null
}

/**
 * Available points leave the wallet, soonest-expiring first (L10). `kinds`: of these points kinds only;
 * null: of all. Whoever sends keeps the answer: `receivePoints` or `returnPoints` has to follow.
 * Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE, INSUFFICIENT_POINTS (available of these kinds).
 */
export function sendPoints(
  draft: Draft,
  { points, kinds }: { points: number; kinds: readonly string[] | null },
): readonly SentPart[] | Refusal<LedgerRefusalCode> {
  const fault = checkAmount(points)
  if (fault) return fault
  const only = ({ kind }: { readonly kind: string }) => kinds === null || kinds.includes(kind)
  const available = openLots(draft)
    .filter(only)
    .reduce((sum, lot) => sum + lot.available, 0)
  if (available < points) return refuse('INSUFFICIENT_POINTS', { available, needed: points })
  return takeAvailable(draft, { points, to: ON_THE_WAY, only }).map(([seq, taken]) => {
    const { kind, source, earnedAt, expiresAt } = findLot(draft, seq)!
    return { lot: seq, kind, source, points: taken, earnedAt, expiresAt }
  })
}

/**
 * Points that another wallet sent arrive, each part as a lot of its own with the kind, the source, the
 * age and the expiry it had; what ran out on the way expires here. `ref` names what they came with.
 * Debt is repaid first. Refuses BALANCE_TOO_LARGE.
 */
export function receivePoints(
  draft: Draft,
  { parts, ref }: { parts: readonly SentPart[]; ref: string },
): number | Refusal<LedgerRefusalCode> {
  const points = parts.reduce((sum, part) => sum + part.points, 0)
  const fault = checkRoom(draft, points)
  if (fault) return fault
  for (const part of parts) receive(draft, part, ref)
  return points
}

/** Points that were sent and not received come back to the very lots that gave them. */
export function returnPoints(
  draft: Draft,
  { parts, lapsed }: { parts: readonly SentPart[]; lapsed: Reinstate },
): void {
  for (const part of parts) {
    const lot = findLot(draft, part.lot)
    if (!lot) throw new Error(`a transfer names lot ${part.lot}, which this wallet never had`)
    putBack(draft, { lot, amount: part.points, from: ON_THE_WAY, lapsed })
  }
}

function receive(draft: Draft, part: SentPart, ref: string): void {
  const { kind, source, points: amount, earnedAt, expiresAt } = part
  const lot: DraftLot = {
    seq: draft.lastLot + 1,
    kind,
    source,
    ref,
    granted: amount,
    available: 0,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
    earnedAt,
    confirmAt: null,
    claimMs: null,
    claimBy: null,
    expiresAt,
    lapsed: 0,
    voided: 0,
  }
  draft.lastLot = lot.seq
  draft.changed.set(lot.seq, lot)
  if (expiresAt === null || expiresAt > draft.view.now) {
    moveToAvailable(draft, { lot, from: ON_THE_WAY, amount })
    return
  }
  lot.lapsed = amount
  move(draft, { lot, from: ON_THE_WAY, to: 'expired', amount })
}
