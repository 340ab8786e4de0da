import type { Json } from '@pointwell/plugin'
import { type PlayDraw, readTable } from '../play/play.js'
import { drawReceiptOf } from '../play/receipt-of.js'
import { findRow } from '../table/prize-table.js'
import { drawTicket } from './draw-ticket.js'
import type { SeedRound } from './seed-rounds.js'
import { commitmentOf } from './server-seed.js'

/**
 * Whether a draw comes out again as it is written down (R12). False: something was changed, of the seed, of the
 * table or of the result. Null: nothing is wrong so far, and the seed is not shown yet, or the client seed is
 * gone with an erased member. `receipt`: what the redemption keeps of it outside the game's tables; null: it has
 * none yet.
 */
export function verifyDraw({
  draw,
  round,
  receipt,
}: {
  readonly draw: PlayDraw
  readonly round: SeedRound | null
  readonly receipt: unknown
}): boolean | null {
  const told = (receipt as { readonly draw?: Json } | null)?.draw
  if (told !== undefined && !isSame(told, { ...drawReceiptOf(draw) })) return false
  if (!round || round.commitment !== draw.commitment || draw.nonce > round.plays) return false
  if (commitmentOf(round.serverSeed) !== round.commitment) return false
  const table = readTable(draw)
  if ((findRow(table, draw.ticket)?.id ?? null) !== draw.result) return false
  if (round.revealedAt === null || draw.clientSeed === null) return null
  const { clientSeed, nonce } = draw
  const { serverSeed } = round
  const drawn = drawTicket({ serverSeed, clientSeed, nonce, tickets: table.tickets })
  return drawn.digest === draw.digest && drawn.ticket === draw.ticket
}

function isSame(told: Json, draw: Readonly<Record<string, Json>>): boolean {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return false
  const kept = told as Readonly<Record<string, Json>>
  const names = new Set([...Object.keys(kept), ...Object.keys(draw)])
  return [...names].every((name) => kept[name] === draw[name])
}
