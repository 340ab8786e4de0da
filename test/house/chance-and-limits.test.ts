import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Of a test or a hook: what comes behind its function, or among its options. */
const OWN_LIMIT = /^\s*\}, \d[\d_]{4,}\)$|^\s+\d{2,}[\d_]*_000,\n\s*\)$|[{\s]timeout: \d/m
const BY_HAND = /Math\.random\(/
/** It is about what touches `Math.random`. */
const ABOUT_CHANCE = ['packages/plugin/src/testing/watch/watch-impurity.test.ts']

const files = ['packages', 'plugins', 'apps', 'test']
  .flatMap((folder) => filesUnder(join(root, folder)))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))

describe('test/README.md: `npm test` stays the same', () => {
  it('no test draws by hand what no seed makes', () => {
    const ours = files.filter(({ path }) => isTest(path) || path.startsWith('test/support/'))
    expect(ours.length).toBeGreaterThan(300)
    const named = ours.filter(({ path }) => !ABOUT_CHANCE.includes(path))
    expect(named.filter(({ text }) => BY_HAND.test(text)).map(({ path }) => path)).toEqual([])
    expect('pick(Math.random() * 2)').toMatch(BY_HAND)
  })

  it('no test has a limit of its own, which some machine is too slow for', () => {
    const tests = files.filter(({ path }) => isTest(path))
    expect(tests.filter(({ text }) => OWN_LIMIT.test(text)).map(({ path }) => path)).toEqual([])
    for (const text of ['  }, 60_000)', '    120_000,\n  )', 'it(a, { timeout: 9 }, b)']) {
      expect(text).toMatch(OWN_LIMIT)
    }
  })
})

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') && path !== 'test/house/chance-and-limits.test.ts'
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'templates'].includes(entry.name) ? [] : filesUnder(path)
    }
    return entry.name.endsWith('.ts') ? [path] : []
  })
}
