import { isRefusal, type JsonObject, type Refusal } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import { differing } from '../audit/differing.js'
import type { NewMember } from './member-input.js'
import type { Identity, Member } from './member-rows.js'
import type { Registered } from './register-members.js'
import type { MemberChanged } from './update-member.js'

interface Act {
  readonly acting: Acting
  /** Epoch milliseconds. */
  readonly now: number
}

/** Entries of the members that are new, not of those that were there. */
export function auditRegistered(
  results: readonly (Registered | Refusal)[],
  inputs: readonly NewMember[],
  { acting, now }: Act,
): NewAuditEntry[] {
  return results.flatMap((result, place) => {
    if (isRefusal(result) || !result.created) return []
    const { member } = result
    return {
      ...acting,
      at: now,
      act: 'registerMember',
      target: { kind: 'member', id: String(member.wallet) },
      before: null,
      after: { ...shown(member), ...kindsOf(inputs[place]!.identities ?? []) },
      key: `member:${member.wallet}:registered`,
    }
  })
}

export function auditUpdated(
  { before, after, identities }: MemberChanged,
  { acting, now }: Act,
): NewAuditEntry {
  return {
    ...acting,
    at: now,
    act: 'updateMember',
    target: { kind: 'member', id: String(after.wallet) },
    ...differing(
      { ...shown(before), ...(identities && kindsOf(identities.before)) },
      { ...shown(after), ...(identities && kindsOf(identities.after)) },
    ),
    key: null,
  }
}

/** Without what names the person: an entry outlives a member who asks to be forgotten. */
function shown({ joinedAt, birthday, region, staff, consent }: Member): JsonObject {
  return {
    joinedAt,
    birthday: birthday && { ...birthday },
    region,
    staff,
    consent: Object.fromEntries(consent.map(({ channel, granted }) => [channel, granted])),
  }
}

/** How many of each kind are linked: their numbers are the person's own. */
function kindsOf(identities: readonly Identity[]): JsonObject {
  const counts: Record<string, number> = {}
  for (const { kind } of identities) counts[kind] = (counts[kind] ?? 0) + 1
  return { identities: counts }
}
