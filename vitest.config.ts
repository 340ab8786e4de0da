import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const require = createRequire(import.meta.url)
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
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
  test: {
    include: ['{packages,plugins,apps}/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: [fileURLToPath(new URL('test/support/setup.ts', import.meta.url))],
    globalSetup: [fileURLToPath(new URL('test/support/global-setup.ts', import.meta.url))],
    // Files of one worker share what they load: to load TypeORM, Apollo and type-graphql for each of some
    // two hundred files took longer than half of the tests. Nothing may hang on being alone in a process.
    isolate: false,
    // On two cores Vitest would take one worker, and much of the time here is waiting for others.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { TZ: 'UTC' },
  },
})
