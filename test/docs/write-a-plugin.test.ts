import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { atEndOfFile } from '../support/end-of-file.js'
import {
  installLinked,
  packPackages,
  temporaryFolder,
  unpackGenerator,
} from '../support/packed-packages.js'
import { cleanEnv, npm } from '../support/run-npm.js'
import { blur, type Example, readExamples } from './read-examples.js'

const run = promisify(execFile)
const PAGE = fileURLToPath(new URL('../../docs/guides/write-a-plugin.md', import.meta.url))
/** Rewrites the answers on the page with what the server says; read the difference before you commit. */
const REWRITE = process.env.REWRITE_REFERENCE === '1'
const page = await readFile(PAGE, 'utf8')

/** The day on which the page is read: its requests have dates. */
const TODAY = '2026-05-03T04:00:00Z'
const SERVE = `
import { DEMO_SECRET, makeDemo, openDemoClock, signToken, startServer } from '@pointwell/server'
import config from './pointwell.config.js'

const today = Date.parse('${TODAY}')
const clock = openDemoClock(() => today)
const server = await startServer({
  databaseUrl: 'sqlite://data/guide.db',
  tokens: { secret: DEMO_SECRET },
  plugins: config.plugins,
  clock: clock.now,
  jobs: false,
  durable: false,
  beforeListen: (parts) => makeDemo(parts, clock),
})
const terms = { secret: DEMO_SECRET, expiresAt: today + 3_600_000 }
console.log(JSON.stringify({
  url: server.url,
  member: await signToken({ ...terms, kind: 'member', subject: 'm-1001' }),
  storefront: await signToken({ ...terms, kind: 'storefront', subject: 'shop' }),
  operator: await signToken({ ...terms, kind: 'operator', subject: 'ada', roles: ['admin'] }),
}))
`

it('G7: the guide leads from nothing to points earned and spent on a server', async () => {
  const folder = await temporaryFolder('guide')
  const archives = await packPackages(['@pointwell/create-plugin'])
  const generator = await unpackGenerator(archives.get('@pointwell/create-plugin')!)
  const commands = [...page.matchAll(/^npm create @pointwell\/plugin (\w+) (\w+) -- (.+)$/gm)]
  expect(commands.map(([, kind, name]) => `${kind}-${name}`)).toEqual([
    'earn-reading',
    'redeem-parking',
    'risk-velocity',
  ])
  for (const [, kind = '', name = '', options = ''] of commands) {
    const titles = [...options.matchAll(/(--[\w-]+) "(.+?)"/g)].flatMap(([, it, text]) => [
      it!,
      text!,
    ])
    await run(process.execPath, [generator, kind, name, ...titles], { cwd: folder })
    await installLinked(join(folder, `${kind}-${name}`))
  }
  const reading = join(folder, 'earn-reading')
  const parking = join(folder, 'redeem-parking')
  const velocity = join(folder, 'risk-velocity')
  for (const { path, text } of filesOf(page)) {
    const file = join(reading, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(
      file,
      path === 'README.md'
        ? withRows(await readFile(file, 'utf8'), text)
        : path.endsWith('/README.md')
          ? `${await readFile(file, 'utf8')}\n${text}`
          : text,
    )
  }
  await symlink(parking, join(reading, 'node_modules/redeem-parking'), 'dir')
  await symlink(velocity, join(reading, 'node_modules/risk-velocity'), 'dir')

  await npm(parking, 'run', 'build')
  await npm(velocity, 'run', 'build')
  await npm(reading, 'run', 'build')
  // Without the test that starts a server: one is started below.
  const tests = ['src/every-fifth.test.ts', 'src/earn-reading.test.ts']
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=verbose']
  const testsOf = async (cwd: string, files: readonly string[]) =>
    (await run(process.execPath, [...vitest, ...files], { cwd, env: cleanEnv() })).stdout
  const told = await testsOf(reading, tests)
  expect(told).toContain('gives more for every fifth article')
  expect(told).toContain('the contract, kept by reading')
  const ofRule = await testsOf(velocity, ['src/large.test.ts', 'src/risk-velocity.test.ts'])
  expect(ofRule).toContain('holds large redemptions')
  expect(ofRule).toContain('the contract, kept by velocity')
  const server = await serve(reading)

  const answers = new Map<string, unknown>()
  const rewritten: { at: Example['answerAt']; text: string }[] = []
  const examples = readExamples(page)
  expect(examples.length).toBeGreaterThan(4)
  for (const { role, query, answer, answerAt } of examples) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server[role]}` },
      body: JSON.stringify({ query: filled(query, answers) }),
    })
    const found = (await response.json()) as { data?: Record<string, unknown> }
    for (const [field, value] of Object.entries(found.data ?? {})) answers.set(field, value)
    if (REWRITE) {
      const shown = answer === undefined ? found : blur(found, answer)
      rewritten.push({ at: answerAt, text: `${JSON.stringify(shown, null, 2)}\n` })
    } else expect(blur(found, answer)).toEqual(answer)
  }
  if (!REWRITE) return
  let text = page
  for (const { at, text: answer } of rewritten.reverse()) {
    text = text.slice(0, at.from) + answer + text.slice(at.to)
  }
  await writeFile(PAGE, text)
})

/** Whole files that the page shows: a fence with a language and a path. */
function filesOf(text: string): { path: string; text: string }[] {
  const fences = text.matchAll(/^```(?:ts|js|md) ([\w./-]+)\n([\s\S]*?)^```$/gm)
  const files = [...fences].map(([, path = '', inside = '']) => ({ path, text: inside }))
  expect(files.length).toBeGreaterThan(6)
  return files
}

/** Where the page says that they go. */
function withRows(readme: string, rows: string): string {
  const [above] = readme.match(/^\| `reportWithinDays` .*\n/m) ?? []
  if (above === undefined) throw new Error('the README has no row of `reportWithinDays`')
  return readme.replace(above, above + rows)
}

/** `{{redeem.receipt.code}}` is what an answer before said there. */
function filled(query: string, answers: ReadonlyMap<string, unknown>): string {
  return query.replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
    const [field = '', ...rest] = path.split('.')
    let value = answers.get(field)
    for (const key of rest) value = (value as Record<string, unknown>)?.[key]
    return String(value)
  })
}

/** The project's server in a process of its own, ended with this file. */
async function serve(project: string): Promise<Record<string, string>> {
  await writeFile(join(project, 'serve.mjs'), SERVE)
  await mkdir(join(project, 'data'))
  const server = spawn(process.execPath, ['serve.mjs'], {
    cwd: project,
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  server.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  atEndOfFile(async () => {
    if (server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  })
  for await (const line of createInterface({ input: server.stdout })) return JSON.parse(line)
  throw new Error(`the server ended: ${said.join('')}`)
}
