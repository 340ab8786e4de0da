// Runs Stryker over the checks of the conformance kit, one file after the other:
// `npm run mutate`, or `npm run mutate -- earn-source/grant-checks.ts … [--force]`.
// What it means, and what came of it: docs/decisions/conformance-mutants.md.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const kit = join(root, 'packages/plugin/src/testing')
/** They only put lists of other files together. */
const LISTS = ['earn-source-checks.ts', 'every-plugin-checks.ts', 'redemption-channel-checks.ts']

const known = readdirSync(kit, { withFileTypes: true })
  .filter((it) => it.isDirectory())
  .flatMap(({ name: folder }) => readdirSync(join(kit, folder)).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith('-checks.ts') && !LISTS.some((list) => file.endsWith(`/${list}`)))

const given = process.argv.slice(2)
const flags = given.filter((it) => it.startsWith('--'))
const files = given.filter((it) => !it.startsWith('--'))
const strange = [
  ...files.filter((it) => !known.includes(it)),
  ...flags.filter((it) => it !== '--force' && it !== '--table'),
]
if (strange.length > 0) {
  process.stderr.write(`Unknown: ${strange.join(', ')}. There are ${known.join(', ')}, --force.\n`)
  process.exit(1)
}

const wanted = files.length > 0 ? files : known
const failed = flags.includes('--table') ? [] : wanted.filter((file) => !mutate(file))
process.stdout.write(`${tableOf(wanted)}\n`)
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(', ')}.\n`)
  process.exitCode = 1
}

/** Whether nothing survived that is to be killed. */
function mutate(file) {
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const force = flags.includes('--force') ? ['--force'] : []
  const done = spawnSync(process.execPath, [stryker, 'run', 'stryker.config.mjs', ...force], {
    cwd: root,
    env: { ...process.env, POINTWELL_MUTATE: file },
    stdio: 'inherit',
  })
  if (done.error) throw done.error
  return done.status === 0
}

/** What came of the last run of each file. */
function tableOf(these) {
  const rows = these.flatMap((file) => {
    const path = join(root, 'reports/mutation', `${nameOf(file)}.json`)
    if (!existsSync(path)) return []
    const [{ mutants, source }] = Object.values(JSON.parse(readFileSync(path, 'utf8')).files)
    const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length
    const killed = count('Killed', 'Timeout')
    const left = count('Survived', 'NoCoverage')
    const ignored = mutants.filter(
      ({ status, mutatorName }) => status === 'Ignored' && mutatorName !== 'StringLiteral',
    ).length
    const score = ((100 * killed) / (killed + left)).toFixed(1)
    const emptied = emptiedIn(mutants, source)
    const empty = `${emptied.filter(({ isKilled }) => isKilled).length} of ${emptied.length}`
    return [[`\`${file}\``, killed, left, ignored, score, empty]]
  })
  const head = ['File', 'Killed', 'Survived', 'Ignored', 'Score', 'Checks killed when emptied']
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Each check of a file, and whether it was noticed that it finds nothing any more. */
function emptiedIn(mutants, source) {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const name = /^\s+name: '([a-z-]+)',$/.exec(line)?.[1]
    if (name === undefined || !/^\s+means: /.test(lines[index + 1] ?? '')) return []
    const find = lines.findIndex((it, place) => place > index && /^\s+(async )?find[(:]/.test(it))
    const emptying = mutants.filter(
      ({ mutatorName, location: { start } }) =>
        start.line === find + 1 &&
        (mutatorName === 'ArrowFunction' || mutatorName === 'BlockStatement'),
    )
    const isKilled =
      emptying.length > 0 &&
      emptying.every(({ status }) => status === 'Killed' || status === 'Timeout')
    return [{ name, isKilled }]
  })
}

function nameOf(file) {
  return file.replace('.ts', '').replaceAll('/', '-')
}
