import { groupReads } from '@pointwell/ledger'
import type { ProgramDatabase } from '../database/program-database.js'
import { insertMissed, type NewMissed } from './missed-rows.js'

/** Writes down who came too late for an offer, before that member has its answer (R14). Of many who come
 * too late side by side, all in one statement: they must not hold up who sells. */
export function openMissed(database: ProgramDatabase): (missed: NewMissed) => Promise<void> {
  return groupReads(
    async (missed: readonly NewMissed[]) => {
      await database.write((manager) => insertMissed(database.connection(manager), missed))
      return () => undefined
    },
    ({ offer, member }) => JSON.stringify([offer, member]),
  )
}
