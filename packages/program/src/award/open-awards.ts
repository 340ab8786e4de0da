import { isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import { type Awarded, type AwardRequest, findAwardFault } from '@pointwell/plugin'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { awardCommand } from './award-command.js'

/**
 * What channels owe members (R12). Refuses INVALID_INPUT (`idempotencyKey`, `points`), MEMBER_NOT_FOUND, and
 * what the command does.
 */
export function openAwards({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): (request: AwardRequest) => Promise<Awarded | Refusal> {
  return async ({ memberId, ...request }) => {
    const wrong = checkIdempotencyKey(request.idempotencyKey)
    if (wrong) return wrong
    const detail = findAwardFault(request)
    if (detail) return refuse('INVALID_INPUT', { field: 'points', detail })
    const member = await findProfile(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const posted = await postOrOpen(ledger, awardCommand(member, request, { policies }))
    if (isRefusal(posted)) return posted
    const { transaction, replayed } = posted
    return { memberId, points: request.points, transaction, replayed }
  }
}
