import type { ProgramDatabase } from '../database/program-database.js'
import { fingerprint } from '../opening/fingerprints.js'
import { insertPolicy, selectBroughtPolicies } from './policy-rows.js'

const MOST_RACES = 5

/**
 * Keeps a policy of the system that orders were brought from (O3); again is the same. It is in force nowhere
 * and never here, but what comes back of an order is decided as its points were. Its number is below zero, so
 * no version of the programme's own ever has it, or comes after it.
 */
export async function keepBroughtPolicy(
  database: ProgramDatabase,
  { document, now }: { readonly document: unknown; readonly now: number },
): Promise<void> {
  for (let race = 1; ; race++) {
    try {
      return await database.write(async (manager) => {
        const connection = database.connection(manager)
        const known = await selectBroughtPolicies(connection)
        const id = fingerprint(document)
        if (known.some((row) => fingerprint(row.document) === id)) return
        const version = Math.min(0, ...known.map((row) => row.version)) - 1
        const by = { createdBy: 'import', createdAt: now, note: null }
        await insertPolicy(connection, { version, effectiveFrom: now, document, ...by })
      })
    } catch (fault) {
      if (!database.sql.isDuplicateKey(fault) || race === MOST_RACES) throw fault
    }
  }
}
