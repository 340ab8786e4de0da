import type { Plugin } from '../../contract/plugin.js'
import type { Check } from './finding.js'
import { runCheck } from './run-checks.js'
import { showFinding } from './show-finding.js'

/** What registers tests: vitest's own `describe` and `it`, or another runner's that are called alike. */
export interface TestRunner {
  describe(name: string, suite: () => void): unknown
  it(name: string, test: () => Promise<void>): unknown
}

const vitest: TestRunner | undefined = await import('vitest').then(
  ({ describe, it }) => ({
    describe: (name, suite) => describe(name, suite),
    it: (name, test) => it(name, test),
  }),
  () => undefined,
)

/** Registers one test for each check. Throws where there is nothing to register it with. */
export function registerSuite<S extends { readonly plugin: Plugin }>(
  { session, checks }: { readonly session: S; readonly checks: readonly Check<S>[] },
  runner: TestRunner | undefined = vitest,
): void {
  if (!runner) {
    throw new Error('There is no vitest here: give the kit `describe` and `it` of another runner.')
  }
  const { id } = session.plugin
  runner.describe(`the contract, kept by ${id}`, () => {
    for (const check of checks) {
      runner.it(`${check.name}: ${check.means.en}`, async () => {
        const [finding] = await runCheck(check, session)
        if (finding) throw new Error(showFinding(id, finding))
      })
    }
  })
}
