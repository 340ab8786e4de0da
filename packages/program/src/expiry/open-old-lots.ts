import type { Ledger } from '@pointwell/ledger'
import type { ProgramDatabase } from '../database/program-database.js'
import type { Members } from '../member/open-members.js'
import type { PolicyBook, PolicyUpdate } from '../policy/open-policy-book.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { DocumentFault } from '../policy/read-policy.js'
import { findRun } from './expiry-run-rows.js'
import { graceOf } from './grace.js'
import { type OldLotsPreview, previewOldLots } from './preview-old-lots.js'

export type OldLotsPreviewed =
  | {
      readonly policy: PolicyInForce
      readonly preview: OldLotsPreview
      readonly faults?: undefined
    }
  | { readonly faults: readonly DocumentFault[] }

export interface OldLots {
  /** What a new version of the policy would do to the points that are there; nothing is written.
   * Answers with every fault of a document that an update would not take. */
  preview(change: Pick<PolicyUpdate, 'document' | 'effectiveFrom'>): Promise<OldLotsPreviewed>
}

export function openOldLots(parts: {
  ledger: Ledger
  database: ProgramDatabase
  members: Pick<Members, 'page'>
  policies: Pick<PolicyBook, 'check'>
}): OldLots {
  const { database, ledger, policies } = parts
  return {
    async preview(change) {
      const { checked: policy, faults } = await policies.check(change)
      if (faults) return { faults }
      const grace = graceOf(policy)
      const run =
        grace && (await database.read((manager) => findRun(database.connection(manager), grace.id)))
      const preview = await previewOldLots(
        {
          policy,
          from: Math.max(policy.effectiveFrom, ledger.clock()),
          doneUntil: run ? (run.finishedAt === null ? run.afterMember : Infinity) : 0,
        },
        parts,
      )
      return { policy, preview }
    },
  }
}
