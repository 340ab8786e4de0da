import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.js'
import { readSeed } from './test/support/seed.js'

const require = createRequire(import.meta.url)
const conditions = ['source', 'module', 'node', 'development|production']

/** What runs in a page is tested in one: a document, without a server. */
const IN_A_PAGE = ['packages/client/src/react/**/*.test.ts']

/** Files that look at all that a process knows: of others in it, they would see what those brought along. */
const ALONE = ['test/e2e/federation.test.ts', 'test/e2e/schema.test.ts']

export const everyFile = {
  resolve: {
    // Packages of this house are read from their sources: a test never sees a stale build.
    conditions,
    // type-graphql loads graphql as CommonJS; a second copy as a module would be "another realm".
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql/index.js') }],
  },
  ssr: { resolve: { conditions } },
  // The same as tsconfig.base.json says to the compiler, said to Vite.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
}

// Once for all workers, and said where it is not the one of always: with it, whatever failed fails again.
const seed = readSeed(process.env.POINTWELL_SEED)
if (process.env.POINTWELL_SEED === 'random') console.warn(`POINTWELL_SEED=${seed}`)

export const everyTest = {
  setupFiles: [fileURLToPath(new URL('test/support/setup.ts', import.meta.url))],
  testTimeout: 1_200_000,
  hookTimeout: 1_200_000,
  env: { TZ: 'UTC', POINTWELL_SEED: `${seed}` },
  // A poll ends when what it waits for is there: its limit is for machines that are slow or busy.
  expect: { poll: { timeout: 60_000 } },
}

export default defineConfig({
  test: {
    // Once for the whole run.
    globalSetup: [fileURLToPath(new URL('test/support/global-setup.ts', import.meta.url))],
    // On two cores Vitest would take one worker, and much of the time here is waiting for others. With
    // three it is shorter than with two.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...everyFile,
        test: {
          ...everyTest,
          name: 'together',
          include: ['{packages,plugins,apps}/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...ALONE, ...IN_A_PAGE],
          // Files of one worker share what they load: to load TypeORM, Apollo and type-graphql for each
          // of some two hundred files took longer than half of the tests.
          isolate: false,
        },
      },
      { ...everyFile, test: { ...everyTest, name: 'alone', include: ALONE } },
      {
        ...everyFile,
        test: { ...everyTest, name: 'page', include: IN_A_PAGE, environment: 'happy-dom' },
      },
    ],
  },
})
