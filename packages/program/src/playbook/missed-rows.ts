import type { SqlConnection } from '@pointwell/ledger'
import type { Missed } from './rank-missed.js'

export interface NewMissed {
  readonly offer: string
  readonly member: number
  readonly points: number
  readonly at: number
}

/** Of who missed an offer before, only when it was last. */
export async function insertMissed(
  connection: SqlConnection,
  missed: readonly NewMissed[],
): Promise<void> {
  await connection.insert(
    {
      table: 'missed_redemption',
      columns: ['offer', 'member', 'points', 'first_at', 'last_at'],
      key: ['offer', 'member'],
      onConflict: 'update',
      update: ['last_at'],
    },
    missed.map(({ offer, member, points, at }) => [offer, member, points, at, at]),
  )
}

export async function selectMissed(connection: SqlConnection, offer: string): Promise<Missed[]> {
  const rows = await connection.select(
    'SELECT member, points, first_at FROM missed_redemption WHERE offer = ?',
    [offer],
  )
  return rows.map((row) => ({
    member: Number(row.member),
    points: Number(row.points),
    firstAt: Number(row.first_at),
  }))
}

export async function deleteMissed(
  connection: SqlConnection,
  { offer, members }: { offer: string; members: readonly number[] },
): Promise<void> {
  for (let from = 0; from < members.length; from += 1_000) {
    await connection.run('DELETE FROM missed_redemption WHERE offer = ? AND member IN (?)', [
      offer,
      members.slice(from, from + 1_000),
    ])
  }
}

/** What `gone` missed, and is owed, is the other's from now on (M8). */
export async function moveMissed(
  connection: SqlConnection,
  { gone, stays }: { gone: number; stays: number },
): Promise<void> {
  await connection.run(
    `DELETE FROM missed_redemption WHERE member = ? AND offer IN
       (SELECT offer FROM (SELECT offer FROM missed_redemption WHERE member = ?) AS own)`,
    [gone, stays],
  )
  await connection.run('UPDATE missed_redemption SET member = ? WHERE member = ?', [stays, gone])
  await connection.run('UPDATE playbook_share SET member = ? WHERE member = ?', [stays, gone])
}
