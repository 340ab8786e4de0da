import {
  type Command,
  groupReads,
  isRefusal,
  type Ledger,
  type Refusal,
  refuse,
} from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import {
  type AdjustmentRequest,
  approveCommand,
  declineCommand,
  requestCommand,
} from './adjustment-commands.js'
import { type Adjustment, adjustmentRecordId, readAdjustment } from './adjustment-record.js'

/** An operator's credits and debits (L6). `by` is the login of who acts. */
export interface Adjustments {
  /** Refuses MEMBER_NOT_FOUND, INVALID_INPUT, AMOUNT_NOT_POSITIVE (0 and fractions), and what the
   * command does. */
  request(
    request: AdjustmentRequest & { readonly memberId: string },
    acting?: Acting | null,
  ): Promise<Adjustment | Refusal>
  /** Refuses ADJUSTMENT_NOT_FOUND, and what the command does. */
  approve(
    decision: { id: string; by: string },
    acting?: Acting | null,
  ): Promise<Adjustment | Refusal>
  /** Refuses ADJUSTMENT_NOT_FOUND, INVALID_INPUT (`reason`), ADJUSTMENT_DECIDED. */
  decline(
    decision: { id: string; by: string; reason: string },
    acting?: Acting | null,
  ): Promise<Adjustment | Refusal>
  find(id: string): Promise<Adjustment | undefined>
  /** Those that wait for a second operator, the longest waiting first. */
  findWaiting(limit: number): Promise<readonly Adjustment[]>
}

export function openAdjustments({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): Adjustments {
  const findRecord = groupReads(async (ids: readonly string[]) => {
    const found = await ledger.store.findRecords(ids.map(adjustmentRecordId))
    const byRef = new Map(found.map((record) => [record.ref, record]))
    return (id) => byRef.get(id)
  })
  const find = async (id: string): Promise<Adjustment | undefined> => {
    const record = await findRecord(id)
    return record && readAdjustment(record)
  }

  /** Posts what decides about an adjustment, and answers with it as it is then. */
  const post = async (command: Command): Promise<Adjustment | Refusal> => {
    const posted = await postOrOpen(ledger, command)
    if (isRefusal(posted)) return posted
    const { adjustment } = posted.transaction.result as { adjustment: string }
    const found = await find(adjustment)
    if (!found) throw new Error(`the adjustment ${adjustment} was posted and is not there`)
    return found
  }

  const decide = async (
    id: string,
    commandOf: (adjustment: Adjustment) => Command,
  ): Promise<Adjustment | Refusal> => {
    const adjustment = await find(id)
    return adjustment
      ? post(commandOf(adjustment))
      : refuse('ADJUSTMENT_NOT_FOUND', { field: 'id' })
  }

  return {
    async request({ memberId, ...asked }, acting = null) {
      const wrong = checkIdempotencyKey(asked.idempotencyKey) ?? checkReason(asked.reason)
      if (wrong) return wrong
      if (!Number.isSafeInteger(asked.points) || asked.points === 0) {
        return refuse('AMOUNT_NOT_POSITIVE', { field: 'points' })
      }
      const member = await findProfile(memberId)
      if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
      return post(requestCommand(member, asked, { policies, acting }))
    },
    approve: ({ id, by }, acting = null) =>
      decide(id, (it) => approveCommand(it, { by, policies, acting })),
    async decline({ id, by, reason }, acting = null) {
      const wrong = checkReason(reason)
      if (wrong) return wrong
      return decide(id, (it) => declineCommand(it, { by, reason, policies, acting }))
    },
    find,
    async findWaiting(limit) {
      const records = await ledger.store.findDueRecords('adjustment', ledger.clock(), limit)
      return records.map(readAdjustment)
    },
  }
}
