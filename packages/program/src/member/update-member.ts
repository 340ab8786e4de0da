import { isRefusal, type Refusal, refuse, type SqlConnection } from '@pointwell/ledger'
import { parseInput } from '../input/parse-input.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { type MemberChange, updateMemberSchema } from './member-input.js'
import {
  deleteIdentities,
  type Identity,
  identityKey,
  insertIdentities,
  type Member,
  selectIdentities,
  selectMembers,
  selectOwners,
  updateMemberRow,
} from './member-rows.js'
import { checkIdentities } from './register-members.js'

/** Refuses INVALID_INPUT, IDENTITY_LIMIT. */
export function checkMemberChange(
  input: unknown,
  policy: Pick<PolicyDocument, 'identities'>,
): { readonly value: MemberChange; readonly refused?: undefined } | Refusal {
  const parsed = parseInput(updateMemberSchema, input)
  if (isRefusal(parsed)) return parsed
  return checkIdentities(parsed.value.identities ?? [], policy) ?? parsed
}

/** A member before and after a change; its identities only where they were replaced. */
export interface MemberChanged {
  readonly refused?: undefined
  readonly before: Member
  readonly after: Member
  readonly identities: {
    readonly before: readonly Identity[]
    readonly after: readonly Identity[]
  } | null
}

/**
 * Changes what was given, inside one transaction; null clears, what is left out stays. Identities
 * and consents are replaced as a whole. Refuses MEMBER_NOT_FOUND, IDENTITY_TAKEN.
 */
export async function updateInTransaction(
  connection: SqlConnection,
  change: MemberChange,
): Promise<MemberChanged | Refusal> {
  const before = (await selectMembers(connection, [change.id], { lock: true })).get(change.id)
  if (!before) return refuse('MEMBER_NOT_FOUND', { field: 'id' })
  const identities = change.identities === undefined ? undefined : (change.identities ?? [])
  if (identities) {
    const owners = await selectOwners(connection, identities)
    const taken = identities.findIndex((identity) => {
      const owner = owners.get(identityKey(identity))
      return owner !== undefined && owner !== before.wallet
    })
    if (taken >= 0) return refuse('IDENTITY_TAKEN', { field: `identities.${taken}` })
  }
  const after: Member = {
    ...before,
    ...(change.birthday !== undefined && { birthday: change.birthday }),
    ...(change.region !== undefined && { region: change.region }),
    ...(change.staff !== undefined && { staff: change.staff ?? false }),
    ...(change.consent !== undefined && { consent: change.consent ?? [] }),
  }
  await updateMemberRow(connection, after)
  if (!identities) return { before, after, identities: null }
  const linked = await selectIdentities(connection, [before.wallet])
  await deleteIdentities(connection, before.wallet)
  await insertIdentities(
    connection,
    identities.map((identity) => ({ ...identity, member: before.wallet })),
  )
  return {
    before,
    after,
    identities: { before: linked.get(before.wallet) ?? [], after: identities },
  }
}
