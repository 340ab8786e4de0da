import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take the longest by far, the longest first: many of them start commands and servers as processes
 * of their own. Begun last, as their size would have it, one of them runs on when all others are done.
 */
export const LONGEST = [
  'test/chaos/steps/steps.test.ts',
  'test/e2e/import-cdnow.test.ts',
  'test/e2e/export-import-commands.test.ts',
  'test/e2e/import-online-retail.test.ts',
  'packages/plugin/src/testing/earn-source/check-earn-source.test.ts',
  'test/e2e/command-line.test.ts',
  'test/e2e/stock-on-four-servers.test.ts',
  'test/store/ledger-model.test.ts',
  'test/chaos/chaos.test.ts',
  'test/packed/packages.test.ts',
  'test/e2e/budget-on-four-servers.test.ts',
  'test/bench/bench.test.ts',
]

/** The order of Vitest, but the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    // One project runs after the other: what stands first among them stays first.
    const projects = [...new Set(sorted.map(({ project }) => project.name))]
    const placeOf = ({ project, moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`))
      const within = place < 0 ? LONGEST.length : place
      return projects.indexOf(project.name) * (LONGEST.length + 1) + within
    }
    return sorted.sort((one, other) => placeOf(one) - placeOf(other))
  }
}
