// schema.graphql keeps to the conventions, and breaks no client without a changeset that says so.
// With `--released` it keeps today's schema as the one that was released: a step of every release.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, print, visit } from 'graphql'
import { findUnannounced } from './schema/find-breaking-changes.mjs'
import { lintSchema } from './schema/lint-schema.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const read = (file) => readFileSync(join(root, file), 'utf8')
const RELEASED = 'scripts/schema/released.graphql'
const schema = read('schema.graphql')

if (process.argv.includes('--released')) {
  writeFileSync(join(root, RELEASED), withoutDescriptions(schema))
  console.error(`Wrote ${RELEASED}.`)
} else {
  const faults = [...(await lintSchema(schema)).map((it) => `schema.graphql:${it}`)]
  const changesets = readdirSync(join(root, '.changeset'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => read(join('.changeset', name)))
  const { version } = JSON.parse(read('packages/gateway/package.json'))
  const unannounced = await findUnannounced({
    before: read(RELEASED),
    after: schema,
    version,
    changesets,
  })
  for (const { place, message, needed } of unannounced) {
    faults.push(
      `${message} This breaks clients. If it must be, a changeset with \`${needed}\` names \`${place}\`.`,
    )
  }
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length === 0 ? 0 : 1
}

/** Nothing that is compared: they would make every change of a word a change of this file. */
function withoutDescriptions(text) {
  const bare = visit(parse(text, { noLocation: true }), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  })
  return `# Written by \`node scripts/check-schema.mjs --released\`; do not edit.\n\n${print(bare)}\n`
}
