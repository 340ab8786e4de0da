// Looks for what the seed of `npm test` does not show: `npm run explore`, for an hour, or
// `npm run explore -- [--minutes 10] [file or folder …]`. Why that is not a part of `npm test`:
// docs/decisions/seeds.md. Ends at the first seed that something fails with, and says how to have it again.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
/** What a test of random cases takes them from: fast-check, the conformance kit, the support of tests. */
const DRAWS =
  /from '(fast-check|@pointwell\/plugin\/testing|[./]+\/support\/(chance|model-run)\.js)'/
/** It kills and waits for most of its time, and has a command of its own. */
const APART = ['test/chaos']

const { minutes, wanted } = readArguments(process.argv.slice(2))
const files = ['packages', 'plugins', 'apps', 'test']
  .flatMap((folder) => testsUnder(join(root, folder)))
  .map((file) => relative(root, file))
  .filter((file) => !APART.some((folder) => file.startsWith(`${folder}/`)))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .filter((file) => DRAWS.test(readFileSync(join(root, file), 'utf8')))
if (files.length === 0) stop('None of these has a test of random cases.')

say(`${files.length} files, for ${minutes} minutes.`)
const until = Date.now() + minutes * 60_000
for (let round = 1; round === 1 || Date.now() < until; round++) {
  const seed = randomInt(2 ** 31)
  say(`Round ${round}: POINTWELL_SEED=${seed}`)
  const done = spawnSync(process.execPath, [vitest, 'run', '--reporter=dot', ...files], {
    cwd: root,
    env: { ...process.env, POINTWELL_SEED: `${seed}` },
    stdio: 'inherit',
  })
  if (done.error) throw done.error
  if (done.status !== 0) {
    stop(`What failed fails again by: POINTWELL_SEED=${seed} npx vitest run FILE`)
  }
}

function readArguments(given) {
  const rest = [...given]
  const at = rest.indexOf('--minutes')
  const [, told = '60'] = at < 0 ? [] : rest.splice(at, 2)
  if (!/^\d{1,5}$/.test(told) || rest.some((it) => it.startsWith('-'))) {
    stop('Usage: npm run explore -- [--minutes 60] [file or folder …]')
  }
  return { minutes: Number(told), wanted: rest }
}

function testsUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'templates'].includes(entry.name) ? [] : testsUnder(path)
    }
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function stop(text) {
  say(text)
  process.exit(1)
}
