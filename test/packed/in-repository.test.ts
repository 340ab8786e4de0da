import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createPlugin, readArguments } from '@pointwell/create-plugin'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { installLinked, temporaryFolder } from '../support/packed-packages.js'
import { cleanEnv } from '../support/run-npm.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['package.json', 'pnpm-workspace.yaml', 'tsconfig.json', 'tsconfig.base.json']
const CREATED = ['earn-daily-quiz', 'redeem-free-parking', 'risk-velocity', 'notify-pigeon-post']

/** The repository as far as a new plugin needs it: what is built is taken from here. */
async function openHouse(): Promise<string> {
  const house = await temporaryFolder('house')
  for (const file of [...COPIED, 'schema.graphql', 'biome.json'])
    cpSync(join(root, file), join(house, file))
  for (const folder of ['packages', 'node_modules'])
    symlinkSync(join(root, folder), join(house, folder))
  for (const folder of ['plugins', 'apps/server/node_modules/@pointwell']) {
    mkdirSync(join(house, folder), { recursive: true })
    for (const name of readdirSync(join(root, folder))) {
      symlinkSync(join(root, folder, name), join(house, folder, name))
    }
  }
  const server = join(root, 'apps/server')
  for (const name of readdirSync(join(server, 'node_modules'))) {
    if (name === '@pointwell') continue
    symlinkSync(join(server, 'node_modules', name), join(house, 'apps/server/node_modules', name))
  }
  for (const name of ['package.json', 'tsconfig.json', 'src', 'dist']) {
    cpSync(join(server, name), join(house, 'apps/server', name), { recursive: true })
  }
  return house
}

describe('G6: in the repository', () => {
  let house: string
  beforeAll(async () => {
    house = await openHouse()
    for (const [place, name] of CREATED.entries()) {
      const [kind = '', ...words] = name.split('-')
      const given = readArguments([kind, words.join('-')])
      createPlugin(given, { cwd: house, now: 1_780_000_000_000 + place })
      const folder = join(house, 'plugins', name)
      await installLinked(folder)
      symlinkSync(folder, join(house, 'apps/server/node_modules/@pointwell', name))
    }
  })

  const node = (args: readonly string[], cwd = house) =>
    run(process.execPath, [...args], { cwd, env: cleanEnv(), maxBuffer: 2 ** 28 }).then(
      ({ stdout }) => stdout,
      (fault: { stdout: string; stderr: string }) => {
        throw new Error(`${args.join(' ')}:\n${fault.stdout}\n${fault.stderr}`)
      },
    )

  it('they are in the style of the house, formatted as the command does it', async () => {
    const biome = 'node_modules/@biomejs/biome/bin/biome'
    const folders = CREATED.map((name) => `plugins/${name}`)
    const check = [biome, 'check', '--vcs-enabled=false', '--error-on-warnings']
    await node([...check, '--write', ...folders])
    await node([...check, ...folders])
  })

  it('they build', async () => {
    // All at once: most of the time goes into the types of what they import.
    const together = {
      extends: './tsconfig.base.json',
      compilerOptions: { composite: false, incremental: true, rootDir: 'plugins', outDir: 'built' },
      include: CREATED.map((name) => `plugins/${name}/src/**/*.ts`),
      exclude: [],
    }
    writeFileSync(join(house, 'tsconfig.new.json'), JSON.stringify(together))
    await node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json'])
    for (const name of CREATED) {
      renameSync(join(house, 'built', name, 'src'), join(house, 'plugins', name, 'dist'))
    }
  })

  it('they are in the schema of a server, which starts with all of them', async () => {
    const config = 'apps/server/src/pointwell.config.ts'
    // The list of plugins is all that is new in the server.
    const { outputText } = ts.transpileModule(readFileSync(join(house, config), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    writeFileSync(join(house, 'apps/server/dist/pointwell.config.js'), outputText)
    const schema = await node([join(house, 'apps/server/dist/cli/main.js'), 'schema'])
    for (const field of ['recordDailyQuiz', 'useFreeParkingVoucher']) {
      expect(schema).toMatch(new RegExp(`^  ${field}\\($`, 'm'))
    }
    const before = readFileSync(join(house, 'schema.graphql'), 'utf8')
    expect(before).not.toContain('DailyQuiz')
  })
})
