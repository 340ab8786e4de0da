import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { hasOwnStaffRate } from './staff-points.js'

/** A rate for a source that there is not, or that has one of its own, would do nothing. */
export function* checkStaff({
  staff,
  sources,
}: Partial<Pick<PolicyDocument, 'staff' | 'sources'>>): Generator<PolicyFault> {
  if (!staff || !sources) return
  for (const source of Object.keys(staff.bySource)) {
    const path = ['staff', 'bySource', source]
    if (!Object.hasOwn(sources, source)) {
      yield { path, message: `There is no source ${source}.` }
    } else if (hasOwnStaffRate(sources[source]!.settings)) {
      const own = `sources.${source}.settings.staffRate`
      yield { path, message: `This source has a rate of its own: \`${own}\`.` }
    }
  }
}
