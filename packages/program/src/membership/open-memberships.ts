import {
  isRefusal,
  type Ledger,
  type LedgerTransaction,
  type Refusal,
  refuse,
} from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { Member } from '../member/member-rows.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type MembershipRequest, membershipCommand } from './membership-commands.js'

/** Terms of memberships (M2). */
export interface Memberships {
  /** Sets an end, or renews. Refuses MEMBER_NOT_FOUND, INVALID_INPUT, and what the command does. */
  change(
    request: MembershipRequest & { readonly memberId: string },
    acting?: Acting | null,
  ): Promise<{ readonly member: Member; readonly transaction: LedgerTransaction } | Refusal>
}

export function openMemberships({
  ledger,
  policies,
  findMember,
}: {
  ledger: Ledger
  policies: PolicyReads
  findMember: (id: string) => Promise<Member | undefined>
}): Memberships {
  return {
    async change({ memberId, ...asked }, acting = null) {
      const wrong = checkIdempotencyKey(asked.idempotencyKey) ?? checkReason(asked.reason)
      if (wrong) return wrong
      const member = await findMember(memberId)
      if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
      const command = membershipCommand(member, asked, { policies, acting })
      const posted = await postOrOpen(ledger, command)
      return isRefusal(posted) ? posted : { member, transaction: posted.transaction }
    },
  }
}
