import { defineConfig } from 'vitest/config'
import { everyFile, everyTest } from './vitest.config.js'

/** For Stryker alone, whose runner takes every project that a configuration has: this has one. */
export default defineConfig({
  ...everyFile,
  test: { ...everyTest, include: ['packages/plugin/src/testing/broken/each-check.mutation.ts'] },
})
