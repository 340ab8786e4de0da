import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import { PAUSES_SEEN, readPausesSeen } from '../pause/pauses-seen.js'
import type { Standing } from '../review/review-rows.js'
import type { MemberProfile, MergedMember } from './member-facts.js'

export interface Identity {
  readonly kind: string
  readonly value: string
}

/** Consent to messages, by channel. */
export interface Consent {
  readonly channel: string
  readonly granted: boolean
}

/** A member as the programme keeps it (M1): no other personal data. */
export interface Member extends MemberProfile, Standing {
  readonly consent: readonly Consent[]
  /** Since when it is no more (M8), epoch milliseconds; null: it is. */
  readonly erasedAt: number | null
}

const COLUMNS = 'id, external_id, joined_at, birthday_month, birthday_day, region, staff, consents'
const READ_COLUMNS = `${COLUMNS}, merged_from, over_linked, erased_at`
  .split(', ')
  .map((column) => `member.${column}`)
  .join(', ')
/** With what the last review found, cases of over-linked identities and pauses of earning, so that a
 * decision needs no statement more. Who was merged is answered for by the member it went into. */
const READ = `SELECT ${READ_COLUMNS}, asked.id AS asked_id, asked.external_id AS asked_external_id,
    recency, frequency, monetary, segments, pauses.*
  FROM member asked JOIN member ON member.id = COALESCE(asked.merged_into, asked.id)
  LEFT JOIN member_standing ON member_standing.member = member.id
  CROSS JOIN ${PAUSES_SEEN}`

/** Longer texts are nobody's id; asking a database for them would only cost. */
const MAX_ID_LENGTH = 64

/** Those of the members that there are, by the shop's own ids as they were asked for: one that was merged
 * is found by its former id, too. `lock`: nobody else changes them until
 * the transaction ends. `erased`: also those that are about to be no more. */
export async function selectMembers(
  connection: SqlConnection,
  ids: readonly string[],
  { lock = false, erased = false }: { lock?: boolean; erased?: boolean } = {},
): Promise<Map<string, Member>> {
  const asked = ids.filter((id) => id.length > 0 && id.length <= MAX_ID_LENGTH)
  if (asked.length === 0) return new Map()
  // SQLite has one writer at a time, and no word for this.
  const locked = lock && connection.dialect === 'mysql' ? ' FOR UPDATE' : ''
  const there = erased ? '' : ' AND member.erased_at IS NULL'
  const rows = await connection.select(`${READ} WHERE asked.external_id IN (?)${there}${locked}`, [
    asked,
  ])
  return new Map(rows.map((row) => [String(row.asked_external_id), readMember(row)]))
}

/** By their wallets, and those they had before; also those that were erased: their history stays. */
export async function selectMembersByWallet(
  connection: SqlConnection,
  wallets: readonly number[],
): Promise<Map<number, Member>> {
  if (wallets.length === 0) return new Map()
  const rows = await connection.select(`${READ} WHERE asked.id IN (?)`, [wallets])
  return new Map(rows.map((row) => [Number(row.asked_id), readMember(row)]))
}

/** Those that there are, in the order in which they came, after the one with the number `after`. */
export async function selectMemberPage(
  connection: SqlConnection,
  { after, limit }: { after: number; limit: number },
): Promise<Member[]> {
  const rows = await connection.select(
    `${READ} WHERE asked.id > ? AND asked.merged_into IS NULL AND asked.erased_at IS NULL
     ORDER BY asked.id LIMIT ?`,
    [after, limit],
  )
  return rows.map(readMember)
}

/** Identities of each of the members, in the order of kind and value. */
export async function selectIdentities(
  connection: SqlConnection,
  wallets: readonly number[],
): Promise<Map<number, Identity[]>> {
  const found = new Map<number, Identity[]>(wallets.map((wallet) => [wallet, []]))
  if (wallets.length === 0) return found
  const rows = await connection.select(
    'SELECT member, kind, value FROM member_identity WHERE member IN (?) ORDER BY kind, value',
    [wallets],
  )
  for (const row of rows) {
    found.get(Number(row.member))?.push({ kind: String(row.kind), value: String(row.value) })
  }
  return found
}

/** Most identities of one statement: 500 registrations may bring 50,000. */
const IDENTITIES = 5_000

/** Whose these identities are already: the member's number by `identityKey`. */
export async function selectOwners(
  connection: SqlConnection,
  identities: readonly Identity[],
): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (let start = 0; start < identities.length; start += IDENTITIES) {
    const some = identities.slice(start, start + IDENTITIES)
    const rows = await connection.select(
      'SELECT kind, value, member FROM member_identity WHERE kind IN (?) AND value IN (?)',
      [[...new Set(some.map(({ kind }) => kind))], [...new Set(some.map(({ value }) => value))]],
    )
    for (const row of rows) {
      const key = identityKey({ kind: String(row.kind), value: String(row.value) })
      owners.set(key, Number(row.member))
    }
  }
  return owners
}

export function identityKey({ kind, value }: Identity): string {
  return `${kind} ${value}`
}

/** What the table of members itself keeps. */
export type WrittenMember = Omit<
  Member,
  'wallet' | 'overLinked' | 'pauses' | 'formerly' | 'erasedAt' | keyof Standing
>

export async function insertMembers(
  connection: SqlConnection,
  members: readonly WrittenMember[],
): Promise<void> {
  if (members.length === 0) return
  await connection.insert(
    {
      table: 'member',
      columns: COLUMNS.split(', ').slice(1),
      key: ['external_id'],
      onConflict: 'fail',
    },
    members.map(writeMember),
  )
}

/** From now on the members with these numbers are other names of `into`. */
export async function writeFormer(
  connection: SqlConnection,
  { into, former }: { into: number; former: readonly MergedMember[] },
): Promise<void> {
  await connection.run('UPDATE member SET merged_from = ? WHERE id = ?', [
    JSON.stringify(former),
    into,
  ])
  await connection.run('UPDATE member SET merged_into = ? WHERE id IN (?)', [
    into,
    former.map(({ wallet }) => wallet),
  ])
}

export async function updateMemberRow(connection: SqlConnection, member: Member): Promise<void> {
  const [, ...values] = writeMember(member)
  const [, , ...columns] = COLUMNS.split(', ')
  const set = columns.map((column) => `${column} = ?`).join(', ')
  await connection.run(`UPDATE member SET ${set} WHERE id = ?`, [...values, member.wallet])
}

export async function insertIdentities(
  connection: SqlConnection,
  identities: readonly (Identity & { readonly member: number })[],
): Promise<void> {
  if (identities.length === 0) return
  await connection.insert(
    {
      table: 'member_identity',
      columns: ['kind', 'value', 'member'],
      key: ['kind', 'value'],
      onConflict: 'fail',
    },
    identities.map(({ kind, value, member }) => [kind, value, member]),
  )
}

export async function deleteIdentities(connection: SqlConnection, member: number): Promise<void> {
  await connection.run('DELETE FROM member_identity WHERE member = ?', [member])
}

function writeMember(member: WrittenMember) {
  return [
    member.id,
    member.joinedAt,
    member.birthday?.month ?? null,
    member.birthday?.day ?? null,
    member.region,
    member.staff ? 1 : 0,
    JSON.stringify(member.consent),
  ]
}

function readMember(row: SqlRow): Member {
  return {
    wallet: Number(row.id),
    id: String(row.external_id),
    joinedAt: Number(row.joined_at),
    birthday:
      row.birthday_month === null
        ? null
        : { month: Number(row.birthday_month), day: Number(row.birthday_day) },
    region: row.region === null ? null : String(row.region),
    staff: Number(row.staff) === 1,
    overLinked: Number(row.over_linked) === 1,
    pauses: readPausesSeen(row),
    consent: JSON.parse(String(row.consents)) as Consent[],
    erasedAt: row.erased_at === null ? null : Number(row.erased_at),
    // Nobody has looked at a new member yet.
    segments: row.segments === null ? [] : (JSON.parse(String(row.segments)) as string[]),
    rfm:
      row.recency === null
        ? null
        : {
            recency: Number(row.recency),
            frequency: Number(row.frequency),
            monetary: Number(row.monetary),
          },
    ...(row.merged_from !== null && {
      formerly: JSON.parse(String(row.merged_from)) as MergedMember[],
    }),
  }
}
