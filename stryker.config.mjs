// Changes the checks of the conformance kit, one thing at a time, and looks whether a plugin notices:
// docs/decisions/conformance-mutants.md. `npm run mutate` runs it for one file of checks after the other.
const KIT = 'packages/plugin/src/testing/'
/** `npm run mutate` names each file of checks in turn. */
const file = process.env.POINTWELL_MUTATE ?? 'every-plugin/shape-checks.ts'
/** What was reached, percent: less is a failure. A file that is not here has yet to be gone through. */
const REACHED = {
  'decision/pure-checks.ts': 94,
  'earn-source/grant-checks.ts': 98,
  'earn-source/leak-checks.ts': 100,
  'earn-source/memory-checks.ts': 100,
  'earn-source/once-checks.ts': 97,
  'earn-source/return-checks.ts': 98,
  'earn-source/task-checks.ts': 100,
  'every-plugin/file-checks.ts': 95,
  'every-plugin/graphql-checks.ts': 100,
  'every-plugin/input-checks.ts': 92,
  'every-plugin/member-checks.ts': 87,
  'every-plugin/shape-checks.ts': 100,
  'every-plugin/table-checks.ts': 95,
  'notifier/notifier-checks.ts': 98,
  'redemption-channel/answer-checks.ts': 100,
  'redemption-channel/member-checks.ts': 100,
  'redemption-channel/once-checks.ts': 100,
  'redemption-channel/unknown-checks.ts': 100,
  'risk-rule/risk-rule-checks.ts': 100,
}
const name = file.replace('.ts', '').replaceAll('/', '-')

export default {
  testRunner: 'vitest',
  // Under pnpm Stryker does not find it by itself.
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: [`${KIT}${file}`],
  mutator: {
    // Texts are what a finding says and what a check is called. What is compared with them is changed by
    // other mutators, and where a check has many reasons, the broken plugins say which it has to be.
    excludedMutations: ['StringLiteral'],
  },
  thresholds: { high: 95, low: 80, break: REACHED[file] ?? null },
  concurrency: 1,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: `reports/mutation/${name}.incremental.json`,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false, logTests: false },
  ignorePatterns: ['docs', '**/dist'],
  tempDirName: '.stryker-tmp',
  allowEmpty: false,
  checkers: [],
}
