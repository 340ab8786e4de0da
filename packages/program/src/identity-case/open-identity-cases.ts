import { groupReads, isRefusal, type Refusal, refuse, type SqlConnection } from '@pointwell/ledger'
import { checkReason, identifier, instant, text } from '@pointwell/plugin'
import { z } from 'zod'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { checkEventTime } from '../earning/event-time.js'
import { parseInput } from '../input/parse-input.js'
import { selectMembers } from '../member/member-rows.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { word } from '../policy/word.js'
import {
  type CaseStatus,
  type IdentityCase,
  putCaseMembers,
  putSightings,
  selectCase,
  selectCaseMembers,
  selectCases,
  selectUncasedLinked,
  selectUncasedShared,
  updateStatus,
} from './case-rows.js'
import {
  linkedLimit,
  reviewLinked,
  reviewShared,
  seenSince,
  sharedLimit,
} from './review-identities.js'

/** Cases that one turn of a review opens. */
const AT_ONCE = 200

const sighting = z.strictObject({
  memberId: identifier(),
  at: instant().nullish(),
  identities: z
    .array(
      z.strictObject({
        kind: word(),
        // Databases compare text without the spaces it ends in.
        value: text({ max: 128 }).refine((value) => value.trim() === value, {
          error: 'Expected no spaces around it.',
        }),
      }),
    )
    .min(1)
    .max(20),
})

export type ReportIdentities = z.input<typeof sighting>

export interface CaseDecision {
  readonly id: number
  readonly decision: 'confirmed' | 'cleared'
  readonly reason: string
  readonly by: string
}

/** Over-linked identities (E12): the cases, and what operators make of them. */
export interface IdentityCases {
  /** That identities (a device, what was paid with) were seen with a member; the same again is the same.
   * Refuses INVALID_INPUT, MEMBER_NOT_FOUND, EVENT_TOO_OLD, EVENT_IN_FUTURE. */
  report(
    input: ReportIdentities,
  ): Promise<{ readonly reported: number; readonly refused?: undefined } | Refusal>
  /** Confirmed: its members go on earning nothing. Cleared: they earn again. An operator may come back to
   * it; the last word counts. Refuses IDENTITY_CASE_NOT_FOUND, INVALID_INPUT (`reason`). */
  decide(decision: CaseDecision, acting?: Acting | null): Promise<IdentityCase | Refusal>
  page(page: {
    status: CaseStatus | null
    after: number
    limit: number
  }): Promise<readonly IdentityCase[]>
  /** The shop's own ids of those in a case. */
  membersOf(id: number): Promise<readonly string[]>
  /** Looks at everything anew, as the policy is now; answers with how many it looked at. */
  reviewAll(signal: AbortSignal): Promise<number>
}

export function openIdentityCases({
  database,
  policies,
  clock,
  record,
}: {
  database: ProgramDatabase
  policies: PolicyReads
  clock: () => number
  record: Audit['record']
}): IdentityCases {
  const write = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    database.write((manager) => work(database.connection(manager)))
  const read = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    database.read((manager) => work(database.connection(manager)))

  const membersOf = groupReads(async (cases: readonly number[]) => {
    const found = await read((connection) => selectCaseMembers(connection, cases))
    return (id) => (found.get(id) ?? []).map((member) => member.id)
  })

  /** Opens what should have a case and has none, then lets lapse what should have none any more. */
  const reviewAll = async (signal: AbortSignal): Promise<number> => {
    const now = clock()
    const policy = policies.at(now).document.identities
    let reviewed = 0
    for (const kind of Object.keys(policy.shared)) {
      const terms = { kind, allowed: sharedLimit(policy, kind)!, since: seenSince(policy, now) }
      while (!signal.aborted) {
        const found = await read((connection) =>
          selectUncasedShared(connection, { ...terms, limit: AT_ONCE }),
        )
        for (const value of found) {
          await write((connection) => reviewShared(connection, { kind, value, policy, now }))
        }
        reviewed += found.length
        if (found.length < AT_ONCE) break
      }
    }
    for (const kind of Object.keys(policy.limits)) {
      const terms = { kind, allowed: linkedLimit(policy, kind)! }
      while (!signal.aborted) {
        const found = await read((connection) =>
          selectUncasedLinked(connection, { ...terms, limit: AT_ONCE }),
        )
        for (const { member } of found) {
          await write((connection) => reviewLinked(connection, { member, kind, policy, now }))
        }
        reviewed += found.length
        if (found.length < AT_ONCE) break
      }
    }
    for (let after = 0; !signal.aborted; ) {
      const open = await read((connection) =>
        selectCases(connection, { status: 'open', after, limit: AT_ONCE }),
      )
      for (const { evidence, kind, value, member } of open) {
        await write((connection) =>
          evidence === 'shared'
            ? reviewShared(connection, { kind, value, policy, now })
            : reviewLinked(connection, { member, kind, policy, now }),
        )
      }
      reviewed += open.length
      if (open.length < AT_ONCE) break
      after = open.at(-1)!.id
    }
    return reviewed
  }

  return {
    async report(input) {
      const parsed = parseInput(sighting, input)
      if (isRefusal(parsed)) return parsed
      const now = clock()
      const policy = policies.at(now)
      const { memberId, identities } = parsed.value
      const at = parsed.value.at ?? now
      const outOfTime = checkEventTime(at, { now, policy })
      if (outOfTime) return outOfTime
      const rules = policy.document.identities
      const strange = identities.findIndex(({ kind }) => sharedLimit(rules, kind) === undefined)
      if (strange >= 0) {
        const detail = `The policy counts no identities of the kind ${identities[strange]!.kind}.`
        return refuse('INVALID_INPUT', { field: `identities.${strange}.kind`, detail })
      }
      return write(async (connection) => {
        const member = (await selectMembers(connection, [memberId])).get(memberId)
        if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
        await putSightings(connection, { member: member.wallet, identities, at })
        for (const identity of identities) {
          await reviewShared(connection, { ...identity, policy: rules, now })
        }
        return { reported: identities.length }
      })
    },

    async decide({ id, decision, reason, by }, acting) {
      const wrong = checkReason(reason)
      if (wrong) return wrong
      return write(async (connection) => {
        const before = await selectCase(connection, id, { lock: true })
        if (!before) return refuse('IDENTITY_CASE_NOT_FOUND', { field: 'id' })
        const same = before.status === decision && before.decidedBy === by
        if (same && before.decisionReason === reason) return before
        const decided = { decidedAt: clock(), decidedBy: by, decisionReason: reason }
        await updateStatus(connection, { id, status: decision, ...decided })
        const all = (await selectCaseMembers(connection, [id])).get(id)!
        const members = all.map(({ member }) => member)
        await putCaseMembers(connection, { id, members, stops: decision === 'confirmed' })
        if (acting) {
          await record(connection, [
            {
              ...acting,
              at: decided.decidedAt,
              act: 'decideIdentityCase',
              target: { kind: 'identity-case', id: `${id}` },
              before: { status: before.status },
              after: { status: decision },
              key: null,
            },
          ])
        }
        return { ...before, status: decision, ...decided }
      })
    },
    page: (page) => read((connection) => selectCases(connection, page)),
    membersOf,
    reviewAll,
  }
}
