import {
  type Earned,
  isRefusal,
  type Refusal,
  type RequestContext,
  refuse,
} from '@pointwell/plugin'
import { findReferralCode } from '../code/referral-code.js'
import { markOrNull } from '../event/mark-of.js'
import { type ReferralAct, referralOnce } from '../event/referral-event.js'
import { PLUGIN_ID } from '../plugin-id.js'
import { clearFriend, findCodeOwner, removeFriend, writeFriend } from '../store/referral-table.js'
import { referralOf, walkLine } from './walk-line.js'

/** How often somebody up the line may be brought by somebody at this very moment. */
const MOST_CHANGES = 3

/**
 * A member accepts a code. Who brought whom is written to the table first, so that a server that dies
 * half-way leaves nothing that cannot be found; what holds is what the wallet says.
 */
export async function acceptCode(
  context: Pick<RequestContext, 'program' | 'now'>,
  asked: {
    readonly memberId: string
    readonly code: string
    readonly deviceId: string | null
    readonly paymentId: string | null
  },
): Promise<Earned | Refusal> {
  const { program } = context
  const [memberId = asked.memberId] = await program.idsOf(asked.memberId)
  const store = program.store(PLUGIN_ID)
  const memory = await referralOf(program, memberId)
  if (!memory) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
  const code = findReferralCode(asked.code)
  const owner = code === undefined ? undefined : await findCodeOwner(store, code)
  if (owner === undefined) return refuse('REFERRAL_CODE_NOT_FOUND', { field: 'code' })
  const [referrerId = owner] = await program.idsOf(owner)

  const now = context.now()
  // Sent again, it is what was sent before, whatever has changed up the line since.
  const accepted = memory.accepted?.referrer
  const known =
    accepted !== undefined &&
    (accepted === referrerId || (await program.idsOf(referrerId)).includes(accepted))
  if (memory.accepted && !known) {
    return refuse('REFERRAL_ALREADY_ACCEPTED', { field: 'code' })
  }
  const acceptedAt = memory.accepted?.at ?? now
  // A member who was merged is written by the name that it had when it accepted.
  const friendId = memory.accepted?.friend ?? memberId
  if (!known) await writeFriend(store, { friendId: memberId, referrerId, acceptedAt, state: 'new' })
  const answer = known
    ? await sendAgain(context, { memberId, referrerId: accepted })
    : await sendFresh(context, {
        memberId,
        referrerId,
        marks: { device: markOrNull(asked.deviceId), payment: markOrNull(asked.paymentId) },
      })
  if (isRefusal(answer)) {
    // While earning is paused the acceptance is kept, and goes in later.
    const isKept = answer.code === 'EARNING_PAUSED'
    if (!known && !isKept && !(await referralOf(program, memberId))?.accepted) {
      await removeFriend(store, memberId)
    }
    return answer
  }
  const after = await referralOf(program, memberId)
  if (after?.held && after.ruling === null) {
    const written = { friendId, referrerId: accepted ?? referrerId, acceptedAt }
    await writeFriend(store, { ...written, state: 'held' })
  } else await clearFriend(store, friendId)
  return answer
}

async function sendFresh(
  { program, now }: Pick<RequestContext, 'program' | 'now'>,
  {
    memberId,
    referrerId,
    marks,
  }: {
    memberId: string
    referrerId: string
    marks: Pick<ReferralAct<'accept'>, 'device' | 'payment'>
  },
): Promise<Earned | Refusal> {
  const at = now()
  for (let change = 0; ; change += 1) {
    const line = await walkLine(program, referrerId)
    const event: ReferralAct<'accept'> = { act: 'accept', line, ...marks, at }
    const answer = await program.earn({ source: PLUGIN_ID, memberId, event })
    const isStale = isRefusal(answer) && answer.code === 'REFERRAL_CHANGED'
    if (!isStale || change === MOST_CHANGES) return answer
  }
}

async function sendAgain(
  { program }: Pick<RequestContext, 'program'>,
  { memberId, referrerId }: { memberId: string; referrerId: string },
): Promise<Earned | Refusal> {
  const once = referralOnce({
    act: 'accept',
    line: [referrerId],
    device: null,
    payment: null,
    at: 0,
  })
  const kept = await program.findEarned({ source: PLUGIN_ID, memberId, once })
  if (!kept) throw new Error(`What ${memberId} accepted is not kept.`)
  return program.earn({ source: PLUGIN_ID, memberId, event: kept.event })
}
