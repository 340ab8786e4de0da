import {
  findDifference,
  isRefusal,
  type Json,
  type Refusal,
  refuse,
  type SqlConnection,
} from '@pointwell/ledger'
import { parseInput } from '../input/parse-input.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { type NewMember, registerMemberSchema } from './member-input.js'
import {
  type Identity,
  identityKey,
  insertIdentities,
  insertMembers,
  type Member,
  selectIdentities,
  selectMembers,
  selectOwners,
  type WrittenMember,
  writeFormer,
} from './member-rows.js'

export interface Registered {
  readonly refused?: undefined
  readonly member: Member
  /** False: it was registered before, with the same content. */
  readonly created: boolean
}

/** Checks what can be checked without the database: INVALID_INPUT, IDENTITY_LIMIT. */
export function checkNewMember(
  input: unknown,
  { policy, now }: { policy: Pick<PolicyDocument, 'identities' | 'events'>; now: number },
): { readonly value: NewMember; readonly refused?: undefined } | Refusal {
  const parsed = parseInput(registerMemberSchema, input)
  if (isRefusal(parsed)) return parsed
  const { joinedAt, identities } = parsed.value
  const aheadMs = policy.events.maxFutureMinutes * 60_000
  if (joinedAt && joinedAt > now + aheadMs) {
    return refuse('EVENT_IN_FUTURE', { field: 'joinedAt', when: joinedAt - aheadMs })
  }
  return checkIdentities(identities ?? [], policy) ?? parsed
}

/** Refuses INVALID_INPUT for a kind the programme does not have, IDENTITY_LIMIT (`limit`). */
export function checkIdentities(
  identities: readonly Identity[],
  { identities: { limits } }: Pick<PolicyDocument, 'identities'>,
): Refusal | null {
  const counts = new Map<string, number>()
  const seen = new Set<string>()
  for (const [place, identity] of identities.entries()) {
    const { kind } = identity
    const limit = Object.hasOwn(limits, kind) ? limits[kind]! : undefined
    if (limit === undefined) {
      const detail = `The policy has no identities of the kind ${kind}.`
      return refuse('INVALID_INPUT', { field: `identities.${place}.kind`, detail })
    }
    if (seen.has(identityKey(identity))) {
      return refuse('INVALID_INPUT', {
        field: `identities.${place}`,
        detail: 'Expected each identity once.',
      })
    }
    seen.add(identityKey(identity))
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    if (counts.get(kind)! > limit) {
      return refuse('IDENTITY_LIMIT', { field: `identities.${place}`, limit })
    }
  }
  return null
}

interface Judged {
  /** Of each input in order; null: it goes in, or is in already. */
  readonly verdicts: readonly (Refusal | null)[]
  readonly known: ReadonlyMap<string, Member>
  readonly fresh: ReadonlyMap<string, NewMember>
}

/** What registering these members would come to: refuses MEMBER_EXISTS (registered with other content,
 * `field`) and IDENTITY_TAKEN. Reads only. */
export async function judgeNewMembers(
  connection: SqlConnection,
  inputs: readonly NewMember[],
): Promise<Judged> {
  const ids = [...new Set(inputs.flatMap((input) => [input.id, ...formerIdsOf(input)]))]
  // Owners before members: whoever another server registers in between is known by then, and is not
  // taken for somebody else who has the identity.
  const owners = new Map<string, number | string>(
    await selectOwners(
      connection,
      inputs.flatMap(({ identities }) => identities ?? []),
    ),
  )
  const known = await selectMembers(connection, ids, { erased: true })
  const linked = await selectIdentities(
    connection,
    [...known.values()].map(({ wallet }) => wallet),
  )
  const fresh = new Map<string, NewMember>()
  const former = new Set<string>()
  const verdicts = inputs.map((input): Refusal | null => {
    const twin = fresh.get(input.id)
    if (twin) return exists(findDifference(content(twin), content(input)))
    const member = known.get(input.id)
    // Its id is free as soon as nothing is left of it.
    if (member && member.erasedAt !== null) return refuse('TRY_AGAIN_LATER', { field: 'id' })
    if ((member && member.id !== input.id) || former.has(input.id)) {
      return refuse('MEMBER_EXISTS', { field: 'id' })
    }
    if (member) return exists(findOtherContent(input, member, linked.get(member.wallet) ?? []))
    const taken = (input.identities ?? []).findIndex((it) => owners.has(identityKey(it)))
    if (taken >= 0) return refuse('IDENTITY_TAKEN', { field: `identities.${taken}` })
    const isAnothers = (id: string) =>
      id === input.id || known.has(id) || fresh.has(id) || former.has(id)
    const other = formerIdsOf(input).findIndex(isAnothers)
    if (other >= 0) return refuse('MEMBER_EXISTS', { field: `formerIds.${other}` })
    for (const id of formerIdsOf(input)) former.add(id)
    for (const identity of input.identities ?? []) owners.set(identityKey(identity), input.id)
    fresh.set(input.id, input)
    return null
  })
  return { verdicts, known, fresh }
}

/**
 * Registers members inside one transaction, in a fixed number of statements; each with its own
 * result, in order. Refuses as `judgeNewMembers` does. A race with another server on the same member
 * ends in a duplicate key, and the whole runs again.
 */
export async function registerInTransaction(
  connection: SqlConnection,
  inputs: readonly NewMember[],
  now: number,
): Promise<(Registered | Refusal)[]> {
  const { verdicts, known, fresh } = await judgeNewMembers(connection, inputs)
  const added = [...fresh.values()]
  await insertMembers(
    connection,
    added.map((input) => newMember(input, now)),
  )
  await insertFormer(connection, added)
  const stored = await selectMembers(
    connection,
    added.map(({ id }) => id),
  )
  await insertIdentities(
    connection,
    added.flatMap((input) =>
      (input.identities ?? []).map((it) => ({ ...it, member: stored.get(input.id)!.wallet })),
    ),
  )
  return inputs.map((input, place) => {
    const refusal = verdicts[place]
    if (refusal) return refusal
    const member = stored.get(input.id) ?? known.get(input.id)!
    return { member, created: fresh.get(input.id) === input }
  })
}

function formerIdsOf({ formerIds }: NewMember): string[] {
  return (formerIds ?? []).map(({ id }) => id)
}

/** Other names of new members, each with a row and an empty wallet of its own, as after a merge here. */
async function insertFormer(connection: SqlConnection, added: readonly NewMember[]): Promise<void> {
  const merged = added.filter((input) => formerIdsOf(input).length > 0)
  if (merged.length === 0) return
  await insertMembers(
    connection,
    merged.flatMap(({ formerIds }) =>
      (formerIds ?? []).map(({ id, mergedAt }) => newMember({ id }, mergedAt)),
    ),
  )
  const rows = await selectMembers(
    connection,
    merged.flatMap((input) => [input.id, ...formerIdsOf(input)]),
  )
  for (const { id: into, formerIds } of merged) {
    const former = (formerIds ?? []).map(({ id, mergedAt }) => ({
      wallet: rows.get(id)!.wallet,
      id,
      at: mergedAt,
    }))
    await writeFormer(connection, { into: rows.get(into)!.wallet, former })
  }
}

function newMember(input: NewMember, now: number): WrittenMember {
  return {
    id: input.id,
    joinedAt: input.joinedAt ?? now,
    birthday: input.birthday ?? null,
    region: input.region ?? null,
    staff: input.staff ?? false,
    consent: input.consent ?? [],
  }
}

function exists(field: string | undefined): Refusal | null {
  if (field === undefined) return null
  return refuse('MEMBER_EXISTS', field === '' ? {} : { field })
}

/** The first field that was given and that the member has otherwise. */
function findOtherContent(
  input: NewMember,
  member: Member,
  identities: readonly Identity[],
): string | undefined {
  const given = content(input)
  const formerIds = member.formerly?.map(({ id, at }) => ({ id, mergedAt: at }))
  const { consent } = member
  const has = content({ ...member, consent: [...consent], identities: [...identities], formerIds })
  const compared = Object.fromEntries(
    Object.keys(given).map((field) => [field, has[field] ?? null]),
  )
  return findDifference(compared, given)
}

/** What was given, with lists in one order: the order says nothing. */
function content(input: NewMember): Record<string, Json> {
  const { id, joinedAt, birthday, region, staff, consent, identities, formerIds } = input
  const by = (a: string, b: string) => (a < b ? -1 : 1)
  const fields = {
    id,
    joinedAt,
    birthday,
    region,
    staff,
    consent: consent?.toSorted((a, b) => by(a.channel, b.channel)),
    identities: identities?.toSorted((a, b) => by(identityKey(a), identityKey(b))),
    formerIds: formerIds?.toSorted((a, b) => by(a.id, b.id)),
  }
  return JSON.parse(JSON.stringify(fields, (_, value) => value ?? undefined))
}
