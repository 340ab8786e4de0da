import { isRefusal, type Refusal, type RequestContext, refuse } from '@pointwell/plugin'
import { makeReferralCode } from '../code/referral-code.js'
import { markOrNull } from '../event/mark-of.js'
import type { ReferralEvent } from '../event/referral-event.js'
import { PLUGIN_ID } from '../plugin-id.js'
import { findOrMakeCode } from '../store/referral-table.js'
import { referralOf } from './walk-line.js'

/** A member's code, and in the member's wallet what the member is known by. */
export async function createCode(
  { program, now }: Pick<RequestContext, 'program' | 'now'>,
  asked: {
    readonly memberId: string
    readonly deviceId: string | null
    readonly paymentId: string | null
  },
): Promise<string | Refusal> {
  const [memberId = asked.memberId] = await program.idsOf(asked.memberId)
  if ((await referralOf(program, memberId)) === null) {
    return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
  }
  const device = markOrNull(asked.deviceId)
  const payment = markOrNull(asked.paymentId)
  if (device !== null || payment !== null) {
    const event: ReferralEvent = { act: 'mark', device, payment }
    const seen = await program.earn({ source: PLUGIN_ID, memberId, event })
    if (isRefusal(seen)) return seen
  }
  return findOrMakeCode(program.store(PLUGIN_ID), {
    memberId,
    now: now(),
    make: makeReferralCode,
  })
}
