import type { SqlConnection } from '@pointwell/ledger'
import { putSightings } from '../identity-case/case-rows.js'
import { reviewLinked, reviewShared } from '../identity-case/review-identities.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/**
 * Identities that were seen with either were seen with one (E12): cases that were about the two of them
 * lapse, and who was stopped by any case stays stopped by it.
 */
export async function moveCases(
  connection: SqlConnection,
  {
    gone,
    stays,
    policy,
    now,
  }: { gone: number; stays: number; policy: PolicyDocument['identities']; now: number },
): Promise<void> {
  const sightings = await connection.select(
    'SELECT kind, value, first_seen_at, last_seen_at FROM identity_sighting WHERE member = ?',
    [gone],
  )
  const seen = sightings.map((row) => ({
    identity: { kind: String(row.kind), value: String(row.value) },
    times: [Number(row.first_seen_at), Number(row.last_seen_at)],
  }))
  for (const { identity, times } of seen) {
    for (const at of times) {
      await putSightings(connection, { member: stays, identities: [identity], at })
    }
  }
  await connection.run('DELETE FROM identity_sighting WHERE member = ?', [gone])
  const cases = await connection.select(
    'SELECT case_id, stops FROM identity_case_member WHERE member = ?',
    [gone],
  )
  for (const { case_id: id, stops } of cases) {
    await connection.insert(
      {
        table: 'identity_case_member',
        columns: ['case_id', 'member', 'stops'],
        key: ['case_id', 'member'],
        onConflict: 'ignore',
      },
      [[Number(id), stays, Number(stops)]],
    )
  }
  await connection.run('DELETE FROM identity_case_member WHERE member = ?', [gone])
  await connection.run(
    `UPDATE member SET over_linked = CASE WHEN EXISTS (
       SELECT 1 FROM identity_case_member c WHERE c.member = member.id AND c.stops = 1
     ) THEN 1 ELSE 0 END WHERE id IN (?)`,
    [[gone, stays]],
  )
  for (const { identity } of seen) await reviewShared(connection, { ...identity, policy, now })
  for (const kind of Object.keys(policy.limits)) {
    await reviewLinked(connection, { member: stays, kind, policy, now })
  }
}
