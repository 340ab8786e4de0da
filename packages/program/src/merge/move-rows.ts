import type { SqlConnection } from '@pointwell/ledger'
import { type Consent, type Member, updateMemberRow } from '../member/member-rows.js'
import { moveMissed } from '../playbook/missed-rows.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { deleteStanding } from '../review/review-rows.js'
import { moveCases } from './move-cases.js'

/**
 * What the programme's own tables say of a member becomes the other's (M8), in one transaction: who
 * answers for whom, identities, messages, promised prices, cases. Of what there can be one only, that of
 * `into` stays. Done again it changes nothing. Both rows are locked, and `from` answers for itself yet.
 */
export async function moveRows(
  connection: SqlConnection,
  {
    from,
    into,
    policy,
    now,
  }: { from: Member; into: Member; policy: PolicyDocument['identities']; now: number },
): Promise<void> {
  const [gone, stays] = [from.wallet, into.wallet]
  await updateMemberRow(connection, joined(from, into))
  await updateMemberRow(connection, { ...from, birthday: null, region: null, consent: [] })
  await connection.run('UPDATE member SET merged_from = ? WHERE id = ?', [
    JSON.stringify([
      ...(into.formerly ?? []),
      ...(from.formerly ?? []),
      { wallet: gone, id: from.id, at: now },
    ]),
    stays,
  ])
  await connection.run('UPDATE member SET merged_from = NULL WHERE id = ?', [gone])
  await connection.run('UPDATE member SET merged_into = ? WHERE id = ? OR merged_into = ?', [
    stays,
    gone,
    gone,
  ])
  await connection.run('UPDATE member_identity SET member = ? WHERE member = ?', [stays, gone])
  await moveMessages(connection, gone, stays)
  await connection.run('UPDATE quote SET member = ? WHERE member = ?', [stays, gone])
  await deleteStanding(connection, gone)
  await moveMissed(connection, { gone, stays })
  await moveCases(connection, { gone, stays, policy, now })
}

/** Of the two the one that tells more; staff is who is staff by any id. */
function joined(from: Member, into: Member): Member {
  return {
    ...into,
    joinedAt: Math.min(from.joinedAt, into.joinedAt),
    birthday: into.birthday ?? from.birthday,
    region: into.region ?? from.region,
    staff: into.staff || from.staff,
    consent: joinConsents(from.consent, into.consent),
  }
}

function joinConsents(from: readonly Consent[], into: readonly Consent[]): readonly Consent[] {
  const said = new Set(into.map(({ channel }) => channel))
  return [...into, ...from.filter(({ channel }) => !said.has(channel))]
}

/** Both have been told what both have been told: a name that is taken gets the wallet's number. */
async function moveMessages(connection: SqlConnection, gone: number, stays: number): Promise<void> {
  const taken = await connection.select(
    `SELECT a.id, a.name FROM message a JOIN message b ON b.name = a.name AND b.wallet = ?
     WHERE a.wallet = ?`,
    [stays, gone],
  )
  for (const { id, name } of taken) {
    const renamed = `${String(name).slice(0, 80)}#${gone}`
    await connection.run('UPDATE message SET name = ? WHERE id = ?', [renamed, Number(id)])
  }
  await connection.run('UPDATE message SET wallet = ? WHERE wallet = ?', [stays, gone])
}
