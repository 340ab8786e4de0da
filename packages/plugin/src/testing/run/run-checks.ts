import { CannotMake } from '../arbitrary/cannot-make.js'
import type { Check, Finding } from './finding.js'

/** What one check says. Where no values can be made for a schema, there is a check that says so, and the
 * others have nothing to look at. */
export async function runCheck<S>(check: Check<S>, session: S): Promise<Finding[]> {
  try {
    const found = await check.find(session)
    // What a plugin threw may end with a full stop of its own.
    return found ? [{ check: check.name, ...found, fault: found.fault.replace(/\.$/, '') }] : []
  } catch (error) {
    if (error instanceof CannotMake) return []
    throw error
  }
}

/** What all checks say, in their order. */
export async function runChecks<S>(checks: readonly Check<S>[], session: S): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const check of checks) findings.push(...(await runCheck(check, session)))
  return findings
}
