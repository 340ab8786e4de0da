// Files that the program writes about itself are current: makes each anew and compares.
// With `--write` it puts the new text in place instead. Wants the packages built.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const write = process.argv.includes('--write')

/** Each file, and the Node program whose output it is. A new generator is a new line here. */
const generated = [
  { file: 'schema.graphql', by: ['apps/server/dist/cli/main.js', 'schema'] },
  {
    file: 'packages/client/src/documents/documents.ts',
    by: ['scripts/write-client-documents.mjs'],
  },
]

const stale = generated.filter(({ file, by }) => {
  const made = spawnSync(process.execPath, by, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (made.status !== 0 || made.stdout === '') {
    console.error(`node ${by.join(' ')} wrote nothing (exit ${made.status}).\n${made.stderr}`)
    return true
  }
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === made.stdout) return false
  if (write) {
    writeFileSync(path, made.stdout)
    console.error(`Wrote ${file}.`)
    return false
  }
  console.error(`${file} is not what the program writes today: npm run check -- --fix`)
  return true
})

process.exitCode = stale.length === 0 ? 0 : 1
