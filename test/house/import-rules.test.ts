import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = join(root, '.dependency-cruiser.mjs')
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

interface Breach {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

describe('the sources', () => {
  it('import only what they may', async () => {
    const breaches = await findBreaches(root)
    expect(breaches.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  })
})

/** Each rule once, as one file that breaks it: `from` imports `to` by the line given. */
const breaches: Array<{ rule: string; from: string; line: string }> = [
  {
    rule: 'ledger-imports-only-its-own',
    from: 'packages/ledger/src/a.ts',
    line: "import '../../economy/src/index.js'",
  },
  {
    rule: 'ledger-tests-import-only-its-own',
    from: 'packages/ledger/src/a.test.ts',
    line: "import '../../program/src/index.js'",
  },
  {
    rule: 'economy-imports-only-its-own',
    from: 'packages/economy/src/a.ts',
    line: "import type { T } from '../../ledger/src/index.js'",
  },
  {
    rule: 'client-imports-only-its-own',
    from: 'packages/client/src/a.ts',
    line: "import type { T } from '../../ledger/src/index.js'",
  },
  {
    rule: 'client-runs-in-a-page',
    from: 'packages/client/src/b.ts',
    line: "import 'node:fs'",
  },
  {
    rule: 'react-in-hooks-alone',
    from: 'packages/client/src/c.ts',
    line: "import './react/index.js'",
  },
  {
    rule: 'web-apps-import-client-alone',
    from: 'apps/console/src/a.ts',
    line: "import type { T } from '../../../packages/program/src/index.js'",
  },
  {
    rule: 'plugin-imports-only-its-own',
    from: 'packages/plugin/src/a.ts',
    line: "import '../../program/src/index.js'",
  },
  {
    rule: 'plugin-imports-types-only',
    from: 'packages/plugin/src/b.ts',
    line: "import { v } from '../../ledger/src/index.js'",
  },
  {
    rule: 'plugin-imports-types-only',
    from: 'packages/plugin/src/graphql/a.ts',
    line: "import { v } from '../../../ledger/src/index.js'",
  },
  {
    rule: 'plugin-contract-loads-no-ledger',
    from: 'packages/plugin/src/c.ts',
    line: "import { v } from '../../ledger/src/graphql/index.js'",
  },
  {
    rule: 'conformance-kit-in-tests-alone',
    from: 'packages/plugin/src/d.ts',
    line: "import './testing/index.js'",
  },
  {
    rule: 'program-imports-only-its-own',
    from: 'packages/program/src/a.ts',
    line: "import '../../../plugins/earn-purchase/src/index.js'",
  },
  {
    rule: 'gateway-imports-only-its-own',
    from: 'packages/gateway/src/a.ts',
    line: "import '../../economy/src/index.js'",
  },
  {
    rule: 'gateway-imports-types-only',
    from: 'packages/gateway/src/b.ts',
    line: "import { v } from '../../plugin/src/index.js'",
  },
  {
    rule: 'plugins-imports-only-its-own',
    from: 'plugins/earn-purchase/src/a.ts',
    line: "import '../../redeem-coupon/src/index.js'",
  },
  {
    rule: 'plugins-imports-only-its-own',
    from: 'plugins/earn-purchase/src/b.ts',
    line: "import type { T } from '../../../packages/ledger/src/index.js'",
  },
  {
    rule: 'no-import-of-an-app',
    from: 'packages/program/src/b.ts',
    line: "import '../../../apps/server/src/index.js'",
  },
  {
    rule: 'no-deep-import',
    from: 'apps/server/src/a.ts',
    line: "import '../../../packages/ledger/src/inside.js'",
  },
  {
    rule: 'no-deep-import-from-test',
    from: 'test/e2e/a.test.ts',
    line: "import '../../packages/ledger/src/inside.js'",
  },
  { rule: 'no-cycle', from: 'packages/ledger/src/egg.ts', line: "import './hen.js'" },
  { rule: 'no-unknown', from: 'packages/ledger/src/c.ts', line: "import './nowhere.js'" },
]

const allowed: Array<{ from: string; line: string }> = [
  { from: 'packages/client/src/react/ok.ts', line: "import '../index.js'" },
  { from: 'apps/console/src/ok.ts', line: "import '../../../packages/client/src/index.js'" },
  { from: 'test/e2e/client.test.ts', line: "import '../../packages/client/src/index.js'" },
  { from: 'packages/plugin/src/ok.ts', line: "import type { T } from '../../ledger/src/index.js'" },
  {
    from: 'packages/plugin/src/graphql/ok.ts',
    line: "import { v } from '../../../ledger/src/graphql/index.js'",
  },
  {
    from: 'plugins/earn-purchase/src/ok.test.ts',
    line: "import '../../../packages/plugin/src/testing/index.js'",
  },
  { from: 'packages/program/src/ok.ts', line: "import '../../ledger/src/index.js'" },
  { from: 'packages/ledger/src/ok.ts', line: "import './inside.js'" },
  {
    from: 'packages/ledger/src/ok.test.ts',
    line: "import '../../../test/support/databases.js'",
  },
  {
    from: 'plugins/earn-purchase/src/ok.ts',
    line: "import '../../../packages/plugin/src/index.js'",
  },
  { from: 'apps/server/src/ok.ts', line: "import '../../../plugins/redeem-coupon/src/index.js'" },
  { from: 'test/e2e/ok.test.ts', line: "import '../../apps/server/src/index.js'" },
]

describe('the rules', () => {
  let house: string
  let found: Breach[]

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'pointwell-house-'))
    const folders = [
      ...['ledger', 'economy', 'plugin', 'program', 'gateway', 'client'].map(
        (name) => `packages/${name}`,
      ),
      ...['earn-purchase', 'redeem-coupon'].map((name) => `plugins/${name}`),
      'apps/server',
    ]
    for (const folder of folders) {
      const exports = {
        '.': { source: './src/index.ts' },
        './graphql': { source: './src/graphql/index.ts' },
        './testing': { source: './src/testing/index.ts' },
      }
      await put(`${folder}/package.json`, JSON.stringify({ exports }))
      for (const door of ['index', 'graphql/index', 'testing/index']) {
        await put(`${folder}/src/${door}.ts`, 'export type T = 1\nexport const v = 1')
      }
    }
    await put('packages/client/src/react/index.ts', 'export const v = 1')
    await put('packages/ledger/src/inside.ts', 'export const inside = 1')
    await put('packages/ledger/src/hen.ts', "import './egg.js'")
    await put('test/support/databases.ts', 'export {}')
    for (const { from, line } of [...breaches, ...allowed]) await put(from, line)
    found = await findBreaches(house)

    async function put(file: string, text: string) {
      await mkdir(dirname(join(house, file)), { recursive: true })
      await writeFile(join(house, file), `${text}\n`)
    }
  })

  afterAll(() => rm(house, { recursive: true, force: true }))

  it.each(breaches)('$rule is broken by $from', ({ rule, from }) => {
    expect(
      found.filter((breach) => breach.from === from).map((breach) => breach.rule.name),
    ).toContain(rule)
  })

  it.each(allowed)('$from may: $line', ({ from }) => {
    expect(found.filter((breach) => breach.from === from)).toEqual([])
  })
})

async function findBreaches(folder: string): Promise<Breach[]> {
  // The rules read the doors of the packages from the folder they run in.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cruiser, '--config', config, '--output-type', 'json', 'packages', 'plugins', 'apps', 'test'],
    { cwd: folder, maxBuffer: 2 ** 28 },
  ).catch((failed: { stdout: string }) => failed)
  return (JSON.parse(stdout) as { summary: { violations: Breach[] } }).summary.violations
}
