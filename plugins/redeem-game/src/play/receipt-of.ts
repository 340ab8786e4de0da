import { hashOf } from '../fair/hash-of.js'
import type { Play, PlayDraw } from './play.js'

/** What the member keeps of a play, outside the game's own tables: of a draw enough to find out later whether
 * any of it was changed. */
export interface GameReceipt {
  readonly game: Play['type']
  readonly won?: { readonly points: number } | { readonly item: string }
  readonly draw?: DrawReceipt
  readonly stake?: { readonly round: string; readonly outcome: string }
}

export interface DrawReceipt {
  readonly round: number
  readonly nonce: number
  readonly commitment: string
  readonly digest: string
  /** SHA-256 of the table's JSON. */
  readonly table: string
  readonly result: string | null
}

export function receiptOf({ type, prize, draw, stake }: Play): GameReceipt {
  return {
    game: type,
    ...(prize && { won: prize.isItem ? { item: prize.id ?? '' } : { points: prize.points } }),
    ...(draw && { draw: drawReceiptOf(draw) }),
    ...(stake && { stake: { round: stake.round, outcome: stake.outcome } }),
  }
}

export function drawReceiptOf(draw: PlayDraw): DrawReceipt {
  const { round, nonce, commitment, digest, table, result } = draw
  return { round, nonce, commitment, digest, table: hashOf(table), result }
}
