import type { ProgramDatabase } from '../database/program-database.js'

/** What the programme's database is told apart from others by; made with its tables. */
export async function getProgrammeId(
  database: Pick<ProgramDatabase, 'read' | 'connection'>,
): Promise<string> {
  const [row] = await database.read((manager) =>
    database.connection(manager).select('SELECT id FROM programme_identity', []),
  )
  if (!row) throw new Error('The row of programme_identity is gone.')
  return String(row.id)
}
