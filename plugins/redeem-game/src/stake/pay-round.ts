import { isRefusal, type ProgramFacade, step } from '@pointwell/plugin'
import { GAME_PLUGIN_ID } from '../plugin-id.js'
import { findStakes, markDue, markPaid, type StakedPlay } from '../store/game-stake-table.js'
import { decidePayouts, type Payouts } from './decide-payouts.js'
import type { StakeRound } from './stake-round.js'

/** Stakes that one call pays at most; the next call goes on. */
const MOST_AT_ONCE = 5_000
/** Stakes that are paid side by side: each is one posting of its own member's. */
const SIDE_BY_SIDE = 64

/** Payments that were refused are tried again so much later. */
const TRIED_AGAIN_AFTER_MS = 600_000
/** What a server that died left in the middle of its redemption is soon at its end. */
const NOT_YET: ReadonlySet<string> = new Set(['REDEMPTION_NOT_FULFILLED', 'OUTCOME_UNKNOWN'])
const NOT_YET_MS = 10_000

export interface Paid {
  /** Stakes that are still to be paid. */
  readonly left: number
  /** Why a payment did not go through, where one did not. */
  readonly refusedWith: string | null
}

/**
 * Pays the stakes of a round that has ended. A share is an award that is keyed by its play, and a stake that comes
 * back is its redemption taken back, to the lots that it was paid from: wherever a server dies, the next call pays
 * the rest, and nobody twice. Who is erased has nobody to pay to: the points are forfeited.
 */
export async function payRound(
  program: Pick<ProgramFacade, 'award' | 'cancelRedemption' | 'store'>,
  {
    round,
    now,
    most = MOST_AT_ONCE,
  }: { readonly round: StakeRound; readonly now: number; readonly most?: number },
): Promise<Paid> {
  const store = program.store(GAME_PLUGIN_ID)
  const stakes = await findStakes(store, round.id)
  const payouts = decidePayouts(round, stakes)
  const due = stakes.filter(({ isPaid }) => !isPaid)
  const nothing = due.filter(({ id }) => !payouts.points.get(id)).slice(0, most)
  const owed = due.filter(({ id }) => payouts.points.get(id)).slice(0, most)

  const lost = { payout: 0, paidAt: now, forfeited: 0 } as const
  for (const part of partsOf(nothing, 500)) {
    await markPaid(store, { ids: part.map(({ id }) => id), ...lost })
  }
  let refusedWith: string | null = null
  let failed = 0
  for (const part of partsOf(owed, SIDE_BY_SIDE)) {
    const answers = await Promise.allSettled(
      part.map((stake) => payStake(program, { stake, round, payouts, now })),
    )
    // All of them come to their end before a fault goes on: none is left on its way.
    const thrown = answers.find((answer) => answer.status === 'rejected')
    if (thrown) throw thrown.reason
    for (const answer of answers) {
      if (answer.status === 'rejected' || answer.value === null) continue
      refusedWith ??= answer.value
      failed += 1
    }
  }
  const rest = due.length - nothing.length - owed.length
  // What a member cannot be paid now is tried again, and holds up no other round.
  const wait = refusedWith !== null && NOT_YET.has(refusedWith) ? NOT_YET_MS : TRIED_AGAIN_AFTER_MS
  const dueAt = failed > 0 ? now + wait : rest > 0 ? now : null
  await markDue(store, { id: round.id, dueAt })
  return { left: rest + failed, refusedWith }
}

/** There is nobody any more to pay to. */
const GONE: ReadonlySet<string> = new Set(['MEMBER_NOT_FOUND', 'WALLET_ENDED'])

/** Null: it is paid. Else the code that it was refused with. */
async function payStake(
  program: Pick<ProgramFacade, 'award' | 'cancelRedemption' | 'store'>,
  {
    stake,
    round,
    payouts,
    now,
  }: {
    readonly stake: StakedPlay
    readonly round: StakeRound
    readonly payouts: Payouts
    readonly now: number
  },
): Promise<string | null> {
  const points = payouts.points.get(stake.id) ?? 0
  const code =
    payouts.why === 'back'
      ? await giveBack(program, stake)
      : await giveShare(program, { stake, round, points })
  const isGone = code !== null && GONE.has(code)
  if (code !== null && !isGone) return code
  const store = program.store(GAME_PLUGIN_ID)
  await markPaid(store, { ids: [stake.id], payout: points, paidAt: now, forfeited: isGone ? 1 : 0 })
  return null
}

/** All that the redemption took goes back, money that was paid besides among it. */
async function giveBack(
  program: Pick<ProgramFacade, 'cancelRedemption'>,
  { id }: StakedPlay,
): Promise<string | null> {
  const answer = await program.cancelRedemption(id)
  if (isRefusal(answer)) return answer.code
  return answer.status === 'cancelled' ? null : 'OUTCOME_UNKNOWN'
}

async function giveShare(
  program: Pick<ProgramFacade, 'award'>,
  {
    stake: { id, memberId, points: staked, outcome },
    round,
    points,
  }: { readonly stake: StakedPlay; readonly round: StakeRound; readonly points: number },
): Promise<string | null> {
  const answer = await program.award({
    memberId,
    plugin: GAME_PLUGIN_ID,
    idempotencyKey: `stake:${id}`,
    points,
    because: [step('stake-share', points, { round: round.id, stake: staked, outcome })],
  })
  return isRefusal(answer) ? answer.code : null
}

function partsOf<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < all.length; from += size) parts.push(all.slice(from, from + size))
  return parts
}
