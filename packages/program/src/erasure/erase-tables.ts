import type { Json, SqlConnection, SqlRow } from '@pointwell/ledger'
import type { ErasureSubject } from './erasure-rows.js'
import { type OtherWords, withoutTexts } from './other-words.js'
import { pseudonymOf } from './pseudonym-of.js'

interface Terms {
  readonly subject: ErasureSubject
  readonly words: OtherWords
  readonly now: number
}

/** From now on nobody finds the member, and nobody can be registered by its id yet. */
export async function markErased(
  connection: SqlConnection,
  { wallets }: Pick<ErasureSubject, 'wallets'>,
  now: number,
): Promise<void> {
  await connection.run('UPDATE member SET erased_at = ? WHERE id IN (?) AND erased_at IS NULL', [
    now,
    wallets,
  ])
}

/** Everything about the member in the programme's own tables. With the last of it the ids are free. */
export async function eraseTables(
  connection: SqlConnection,
  pseudonym: string,
  terms: Terms,
): Promise<void> {
  const { namedBy, wallets, ids } = terms.subject
  for (const wallet of wallets) await eraseIdentities(connection, wallet, pseudonym)
  for (const table of ['quote', 'member_standing', 'missed_redemption']) {
    await connection.run(`DELETE FROM ${table} WHERE member IN (?)`, [wallets])
  }
  await connection.run(
    'DELETE FROM message_delivery WHERE message IN (SELECT id FROM message WHERE wallet IN (?))',
    [wallets],
  )
  await connection.run('DELETE FROM message WHERE wallet IN (?)', [wallets])
  // A score says nothing of whose it was.
  await connection.run('UPDATE survey_answer SET comment = NULL WHERE wallet IN (?)', [wallets])
  await eraseMerges(connection, wallets, pseudonym)
  for (const [place, id] of ids.entries()) {
    await eraseKept(connection, { id, pseudonym: pseudonymOf(pseudonym, place) }, terms)
  }
  await retellKept(connection, terms)
  const { words } = terms
  for (const wallet of wallets) await eraseAudit(connection, wallet, { words, isOwn: true })
  await erasePluginActs(connection, wallets)
  for (const wallet of namedBy) await eraseAudit(connection, wallet, { words, isOwn: false })
  for (const [place, wallet] of wallets.entries()) {
    await eraseMemberRow(connection, { wallet, name: pseudonymOf(pseudonym, place) }, terms.now)
  }
}

async function eraseMemberRow(
  connection: SqlConnection,
  { wallet, name }: { wallet: number; name: string },
  now: number,
): Promise<void> {
  await connection.run(
    `UPDATE member SET external_id = ?, joined_at = ?, birthday_month = NULL, birthday_day = NULL,
       region = NULL, staff = 0, over_linked = 0, consents = '[]', merged_from = NULL WHERE id = ?`,
    [name, now, wallet],
  )
}

/** That two were found to be one stays, and who found it. */
async function eraseMerges(
  connection: SqlConnection,
  wallets: readonly number[],
  pseudonym: string,
): Promise<void> {
  for (const [place, wallet] of wallets.entries()) {
    const name = pseudonymOf(pseudonym, place)
    await connection.run("UPDATE member_merge SET from_id = ?, reason = '' WHERE from_member = ?", [
      name,
      wallet,
    ])
    await connection.run("UPDATE member_merge SET into_id = ?, reason = '' WHERE into_member = ?", [
      name,
      wallet,
    ])
  }
}

/** Of what is seen with others too, only that it was seen with this one. */
async function eraseIdentities(
  connection: SqlConnection,
  wallet: number,
  pseudonym: string,
): Promise<void> {
  const cases = await connection.select(
    'SELECT case_id FROM identity_case_member WHERE member = ?',
    [wallet],
  )
  for (const table of ['member_identity', 'identity_sighting', 'identity_case_member']) {
    await connection.run(`DELETE FROM ${table} WHERE member = ?`, [wallet])
  }
  for (const { case_id: id } of cases) {
    const others = await connection.select(
      'SELECT 1 AS there FROM identity_case_member WHERE case_id = ? LIMIT 1',
      [Number(id)],
    )
    if (others.length > 0) continue
    await connection.run('UPDATE identity_case SET value = ? WHERE id = ?', [
      `${pseudonym}/${Number(id)}`,
      Number(id),
    ])
  }
}

const KEPT = 'id, event_key, once, event, content, changes, status'

/** The member's own events that came while earning was paused go in no more. */
async function eraseKept(
  connection: SqlConnection,
  { id: memberId, pseudonym }: { id: string; pseudonym: string },
  { words, now }: Terms,
): Promise<void> {
  const own = await connection.select(`SELECT ${KEPT} FROM kept_event WHERE member_id = ?`, [
    memberId,
  ])
  for (const row of own) {
    const { id, key, once, event, changes } = retoldKept(row, words)
    await connection.run(
      `UPDATE kept_event SET event_key = ?, member_id = ?, once = ?, event = ?, content = '{}',
         changes = ? WHERE id = ?`,
      [
        key,
        pseudonym,
        once,
        JSON.stringify(withoutTexts(event)),
        JSON.stringify(withoutTexts(changes)),
        id,
      ],
    )
    if (row.status !== 'kept') continue
    await connection.run(
      "UPDATE kept_event SET status = 'refused', refusal = 'MEMBER_NOT_FOUND', settled_at = ? WHERE id = ?",
      [now, id],
    )
  }
}

/** What others' events say of the member is said otherwise. */
async function retellKept(connection: SqlConnection, { subject, words }: Terms): Promise<void> {
  if (subject.namedBy.length === 0) return
  const others = await connection.select(
    `SELECT ${KEPT} FROM kept_event
     WHERE member_id IN (SELECT external_id FROM member WHERE id IN (?))`,
    [subject.namedBy],
  )
  for (const row of others) {
    const { id, key, once, event, content, changes } = retoldKept(row, words)
    await connection.run(
      'UPDATE kept_event SET event_key = ?, once = ?, event = ?, content = ?, changes = ? WHERE id = ?',
      [key, once, JSON.stringify(event), JSON.stringify(content), JSON.stringify(changes), id],
    )
  }
}

function retoldKept(row: SqlRow, words: OtherWords) {
  const id = Number(row.id)
  const json = (value: unknown) => words.json(JSON.parse(String(value)) as Json)
  return {
    id,
    key: words.names(String(row.event_key)) ? `erased/${id}` : String(row.event_key),
    once: words.text(String(row.once)).slice(0, 128),
    event: json(row.event),
    content: json(row.content),
    changes: json(row.changes),
  }
}

/** Who did what and when stays; whom it was about is a number already. Why, somebody wrote freely: of what was
 * done about the member itself it goes. */
async function eraseAudit(
  connection: SqlConnection,
  wallet: number,
  { words, isOwn }: { words: OtherWords; isOwn: boolean },
): Promise<void> {
  const columns = 'id, act, reason, state_before, state_after'
  const rows = await connection.select(
    `SELECT ${columns} FROM audit_entry WHERE target_kind = 'member' AND target_id = ?`,
    [String(wallet)],
  )
  for (const row of rows) {
    const reason = row.reason === null ? null : words.text(String(row.reason)).slice(0, 500)
    const state = (value: unknown) => {
      const said = words.json(JSON.parse(String(value)) as Json)
      return JSON.stringify(isOwn ? withoutPerson(withoutTexts(said)) : said)
    }
    const told = [
      isOwn && row.act !== 'eraseMember' ? null : reason,
      state(row.state_before),
      state(row.state_after),
    ]
    if (told[0] === row.reason && told[1] === row.state_before && told[2] === row.state_after) {
      continue
    }
    await connection.run(
      'UPDATE audit_entry SET reason = ?, state_before = ?, state_after = ? WHERE id = ?',
      [...told, Number(row.id)],
    )
  }
}

/** The same of acts on what is the member's in tables of plugins: what they were on says nothing of a person. */
async function erasePluginActs(
  connection: SqlConnection,
  wallets: readonly number[],
): Promise<void> {
  await connection.run('UPDATE audit_entry SET reason = NULL WHERE member IN (?)', [wallets])
}

/** What an entry says of a member's own figures. */
function withoutPerson(state: Json): Json {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return state
  const { birthday: _, region: __, ...rest } = state as Record<string, Json>
  return rest
}
