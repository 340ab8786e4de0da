import type { Play, PlayDraw, PlayStake, WonPrize } from '../play/play.js'
import type { GamePlayEntity } from './game-play.entity.js'

type Row = { [Name in keyof GamePlayEntity]: GamePlayEntity[Name] }

export function rowOf(play: Play): Row {
  const { draw, prize, use, stake } = play
  return {
    id: play.id,
    offerId: play.offerId,
    memberId: play.memberId,
    type: play.type,
    refusedWith: play.refusedWith,
    spent: play.spent,
    at: play.at,
    pick: play.pick,
    round: draw?.round ?? null,
    nonce: draw?.nonce ?? null,
    commitment: draw?.commitment ?? null,
    clientSeed: draw?.clientSeed ?? null,
    prizeTable: draw?.table ?? null,
    digest: draw?.digest ?? null,
    ticket: draw?.ticket ?? null,
    result: draw?.result ?? null,
    prizeId: prize?.id ?? null,
    prizeTitle: prize?.title ?? null,
    wonPoints: prize?.points ?? 0,
    wonCost: prize?.costMinor ?? 0,
    item: prize?.isItem ? (prize.handedAt === null ? 'open' : 'handed') : null,
    handedAt: prize?.handedAt ?? null,
    usedBy: use?.sessionId ?? null,
    usedAt: use?.at ?? null,
    stakeRound: stake?.round ?? null,
    outcome: stake?.outcome ?? null,
    payout: stake?.payout ?? null,
    paidAt: stake?.paidAt ?? null,
    forfeited: stake?.isForfeited ? 1 : 0,
  }
}

export function playOf(row: Row): Play {
  const { id, offerId, memberId, type, refusedWith, spent, at, pick } = row
  const { usedBy, usedAt } = row
  return {
    id,
    offerId,
    memberId,
    type,
    refusedWith,
    spent,
    at,
    pick,
    draw: drawOf(row),
    prize: prizeOf(row),
    use: usedBy === null || usedAt === null ? null : { sessionId: usedBy, at: usedAt },
    stake: stakeOf(row),
  }
}

function drawOf(row: Row): PlayDraw | null {
  const { round, nonce, commitment, clientSeed, prizeTable: table, digest, ticket, result } = row
  const isDrawn = round !== null && nonce !== null && commitment !== null
  if (!isDrawn || table === null || digest === null || ticket === null) return null
  return { round, nonce, commitment, clientSeed, table, digest, ticket, result }
}

function prizeOf(row: Row): WonPrize | null {
  const { prizeId, prizeTitle, wonPoints, wonCost, item, handedAt } = row
  if (wonPoints === 0 && item === null) return null
  return {
    id: prizeId,
    title: prizeTitle,
    points: wonPoints,
    costMinor: wonCost,
    isItem: item !== null,
    handedAt,
  }
}

function stakeOf(row: Row): PlayStake | null {
  const { stakeRound, outcome, payout, paidAt, forfeited } = row
  if (stakeRound === null || outcome === null) return null
  return { round: stakeRound, outcome, payout, paidAt, isForfeited: forfeited === 1 }
}
