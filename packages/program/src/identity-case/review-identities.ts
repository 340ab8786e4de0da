import type { SqlConnection } from '@pointwell/ledger'
import type { Identity } from '../member/member-rows.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import {
  type CaseSubject,
  countLinked,
  findCase,
  putCase,
  putCaseMembers,
  selectCaseMembers,
  selectSeenWith,
  updateStatus,
} from './case-rows.js'

const DAY_MS = 86_400_000

type Identities = PolicyDocument['identities']

/** How many identities of a kind a member who earns may have; undefined: the policy does not say. */
export function linkedLimit(
  { limits, earningLimits }: Identities,
  kind: string,
): number | undefined {
  if (Object.hasOwn(earningLimits, kind)) return earningLimits[kind]
  return Object.hasOwn(limits, kind) ? limits[kind] : undefined
}

/** How many members one identity of a kind may be seen with; undefined: such ones do not count. */
export function sharedLimit({ shared }: Identities, kind: string): number | undefined {
  return Object.hasOwn(shared, kind) ? shared[kind] : undefined
}

/** Since when sightings count, epoch milliseconds. */
export function seenSince({ sharedDays }: Identities, now: number): number {
  return now - sharedDays * DAY_MS
}

/** Opens, goes on with, or lets lapse the case of an identity that members were seen with. */
export async function reviewShared(
  connection: SqlConnection,
  { kind, value, policy, now }: Identity & { policy: Identities; now: number },
): Promise<void> {
  const members = await selectSeenWith(connection, {
    kind,
    value,
    since: seenSince(policy, now),
  })
  const subject = { evidence: 'shared', kind, value, member: 0 } as const
  await review(connection, {
    subject,
    members,
    found: members.length,
    allowed: sharedLimit(policy, kind),
    now,
  })
}

/** The same of a member's own identities of a kind. */
export async function reviewLinked(
  connection: SqlConnection,
  { member, kind, policy, now }: { member: number; kind: string; policy: Identities; now: number },
): Promise<void> {
  const subject = { evidence: 'linked', kind, value: '', member } as const
  await review(connection, {
    subject,
    members: [member],
    found: await countLinked(connection, { member, kind }),
    allowed: linkedLimit(policy, kind),
    now,
  })
}

/** After a member's identities were written: those kinds of which it has too many, and where it is in a
 * case, all. Who has as many as the policy allows costs no statement. */
export async function reviewOwn(
  connection: SqlConnection,
  {
    member,
    identities,
    ...terms
  }: {
    member: { readonly wallet: number; readonly overLinked: boolean }
    identities: readonly Identity[]
    policy: Identities
    now: number
  },
): Promise<void> {
  for (const kind of Object.keys(terms.policy.limits)) {
    const found = identities.filter((identity) => identity.kind === kind).length
    const isOver = found > (linkedLimit(terms.policy, kind) ?? found)
    if (isOver || member.overLinked) {
      await reviewLinked(connection, { member: member.wallet, kind, ...terms })
    }
  }
}

interface Finding {
  readonly subject: CaseSubject
  readonly members: readonly number[]
  readonly found: number
  readonly allowed: number | undefined
  readonly now: number
}

async function review(
  connection: SqlConnection,
  { subject, members, found, allowed, now }: Finding,
): Promise<void> {
  const isOver = allowed !== undefined && found > allowed
  const known = await findCase(connection, subject)
  if (!isOver) {
    if (known?.status !== 'open') return
    const decision = { decidedAt: null, decidedBy: null, decisionReason: null }
    await updateStatus(connection, { id: known.id, status: 'lapsed', ...decision })
    const all = (await selectCaseMembers(connection, [known.id])).get(known.id)!
    const freed = all.map(({ member }) => member)
    await putCaseMembers(connection, { id: known.id, members: freed, stops: false })
    return
  }
  if (!known || known.status === 'lapsed') {
    await putCase(connection, { ...subject, found, allowed, openedAt: now })
  }
  const { id, status } =
    known && known.status !== 'lapsed' ? known : (await findCase(connection, subject))!
  // An operator has looked at it and found it right: whoever comes to it is right too.
  await putCaseMembers(connection, { id, members, stops: status !== 'cleared' })
}
