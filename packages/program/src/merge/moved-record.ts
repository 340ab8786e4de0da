import type { JsonObject, LedgerRecord } from '@pointwell/ledger'

/** Where what is kept with a wallet goes. */
export interface Move {
  /** Numbers of the wallets. */
  readonly from: number
  readonly into: number
  /** The id that the member goes by from now on. */
  readonly memberId: string
  readonly lotNow: (seq: number) => number
}

/**
 * What is kept of an order, a redemption, a transfer …, as the other wallet keeps it: lots and wallet by
 * the names that they have there, the member by its new id. Its own name stays, and so does the place of
 * the transaction that it tells of.
 */
export function movedRecord(
  { kind, ref, body, dueAt }: LedgerRecord,
  move: Move,
): Omit<LedgerRecord, 'wallet'> {
  return { kind, ref, body: movedBody(kind, body, move), dueAt }
}

function movedBody(kind: string, body: JsonObject, move: Move): JsonObject {
  if (kind === 'hold') return { ...body, taken: movedTaken(body.taken, move) }
  if (kind === 'transfer') return movedTransfer(body, move)
  const { lots } = body as { lots?: readonly number[] }
  return {
    ...body,
    ...(Object.hasOwn(body, 'memberId') && { memberId: move.memberId }),
    ...(kind.startsWith('earn:') && lots && { lots: lots.map(move.lotNow) }),
    ...(Object.hasOwn(body, 'version') && !Object.hasOwn(body, 'origin') && { origin: move.from }),
  }
}

function movedTaken(taken: unknown, { lotNow }: Move) {
  return (taken as readonly (readonly [number, number])[]).map(([lot, points]) => [
    lotNow(lot),
    points,
  ])
}

function movedTransfer(body: JsonObject, { from, into, lotNow }: Move): JsonObject {
  const end = (wallet: unknown) => (wallet === from ? into : (wallet as number))
  const parts = body.parts as unknown as readonly (JsonObject & { readonly lot: number })[]
  // Its parts name lots of the giver.
  const isGiver = body.from === from
  return {
    ...body,
    from: end(body.from),
    to: end(body.to),
    parts: isGiver ? parts.map((part) => ({ ...part, lot: lotNow(part.lot) })) : [...parts],
  }
}
