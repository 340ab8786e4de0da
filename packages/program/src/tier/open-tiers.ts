import { type Command, isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import { checkReason, decimal, type TierAcceleration, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import type { Acting } from '../audit/acting.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import { parseInput } from '../input/parse-input.js'
import type { Member } from '../member/member-rows.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { accelerateCommand, setTierCommand } from './tier-commands.js'

/** What moves a member's tier besides what it spends. */
export interface Tiers {
  /** An operator's own tier for a member (M3). Refuses MEMBER_NOT_FOUND, INVALID_INPUT (`reason`,
   * `idempotencyKey`, and what the command does). */
  set(request: {
    memberId: string
    /** Null: what was given ends now. */
    given: { tier: string; until: number } | null
    idempotencyKey: string
    acting: Acting
  }): Promise<Member | Refusal>
  /** An operator's gift of an accelerator (M4). Refuses MEMBER_NOT_FOUND, INVALID_INPUT. */
  grantAccelerator(
    request: Omit<TierAcceleration, 'source'> & { acting: Acting },
  ): Promise<Member | Refusal>
  /** The same by a plugin: a card that was redeemed. Answers with its end, epoch milliseconds. */
  accelerate(request: TierAcceleration): Promise<{ readonly until: number } | Refusal>
}

const accelerator = z.strictObject({
  factor: decimal({ places: 6, min: '1', max: '10' }).refine((factor) => Number(factor) > 1, {
    error: 'Expected more than 1.',
  }),
  days: wholeNumber({ min: 1, max: 3_660 }),
})

export function openTiers({
  ledger,
  policies,
  findMember,
}: {
  /** The one of which acts are audited. */
  ledger: Ledger
  policies: PolicyReads
  findMember: (id: string) => Promise<Member | undefined>
}): Tiers {
  const post = async (
    { memberId, idempotencyKey }: { memberId: string; idempotencyKey: string },
    commandOf: (member: Member) => Command,
  ) => {
    const wrong = checkIdempotencyKey(idempotencyKey)
    if (wrong) return wrong
    const member = await findMember(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const posted = await postOrOpen(ledger, commandOf(member))
    return isRefusal(posted) ? posted : { member, result: posted.transaction.result }
  }

  const accelerate = async (
    { factor, days, ...request }: TierAcceleration,
    acting: Acting | null,
  ) => {
    const parsed = parseInput(accelerator, { factor, days })
    if (isRefusal(parsed)) return parsed
    const idempotencyKey = request.idempotencyKey
    return post(request, (member) =>
      accelerateCommand(member, {
        ...parsed.value,
        // An operator's keys and each plugin's are their own.
        idempotencyKey: JSON.stringify([acting ? null : request.source, idempotencyKey]),
        policies,
        acting,
      }),
    )
  }

  return {
    async set({ acting, given, ...request }) {
      const wrong = checkReason(acting.reason ?? '')
      if (wrong) return wrong
      const { idempotencyKey } = request
      const posted = await post(request, (member) =>
        setTierCommand(member, { given, idempotencyKey, policies, acting }),
      )
      return isRefusal(posted) ? posted : posted.member
    },
    async grantAccelerator({ acting, ...request }) {
      const wrong = checkReason(acting.reason ?? '')
      if (wrong) return wrong
      const posted = await accelerate({ ...request, source: 'operator' }, acting)
      return isRefusal(posted) ? posted : posted.member
    },
    async accelerate(request) {
      const posted = await accelerate(request, null)
      return isRefusal(posted) ? posted : { until: (posted.result as { until: number }).until }
    },
  }
}
