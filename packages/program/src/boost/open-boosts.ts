import { isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import { decimal, type EarningBoost, identifier, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import { parseInput } from '../input/parse-input.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { boostCommand } from './boost-command.js'

const asked = z.strictObject({
  factor: decimal({ places: 6, min: '1', max: '10' }).refine((factor) => Number(factor) > 1, {
    error: 'Expected more than 1.',
  }),
  days: wholeNumber({ min: 1, max: 3_660 }),
  orders: wholeNumber({ min: 1, max: 1_000 }).nullable(),
  sources: z.array(identifier()).min(1).max(50).nullable(),
})

/** A plugin raises what a member earns (R9). Refuses MEMBER_NOT_FOUND, INVALID_INPUT,
 * IDEMPOTENCY_MISMATCH. Answers with the end of it, epoch milliseconds. */
export function openBoosts({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): (request: EarningBoost) => Promise<{ readonly until: number } | Refusal> {
  return async ({ memberId, source, idempotencyKey, factor, days, ...limits }) => {
    const wrong = checkIdempotencyKey(idempotencyKey)
    if (wrong) return wrong
    const { orders = null, sources = null } = limits
    const parsed = parseInput(asked, { factor, days, orders, sources })
    if (isRefusal(parsed)) return parsed
    const member = await findProfile(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const request = { ...parsed.value, source, key: idempotencyKey }
    const posted = await postOrOpen(ledger, boostCommand(member, request, policies))
    if (isRefusal(posted)) return posted
    return { until: (posted.transaction.result as { until: number }).until }
  }
}
