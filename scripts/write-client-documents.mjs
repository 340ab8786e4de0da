// Writes the typed documents of packages/client to stdout: one string for each operation under
// src/documents/operations, with the types of what it asks and answers, from schema.graphql.
// An operation that the schema no longer has is an error.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'packages/client/src/documents/operations')

/** What the scalars are in JSON, as docs/reference and the descriptions in the schema say. */
const SCALARS = {
  Points: 'number',
  Decimal: 'string',
  Money: 'string',
  DateTime: 'string',
  LocalDate: 'string',
  CurrencyCode: 'string',
  JSON: 'unknown',
  ID: 'string',
  _Any: 'unknown',
}

const documents = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .toSorted()
  .map((name) => ({ location: name, document: parse(readFileSync(join(folder, name), 'utf8')) }))

const definitions = documents.flatMap(({ document }) => document.definitions)
const fragments = new Map(
  definitions
    .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => [fragment.name.value, fragment]),
)
const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)

const types = await codegen({
  filename: 'documents.ts',
  schema: parse(readFileSync(join(root, 'schema.graphql'), 'utf8')),
  documents,
  config: {
    scalars: SCALARS,
    strictScalars: true,
    skipTypename: true,
    useTypeImports: true,
    enumType: 'string-literal',
    mergeFragmentTypes: true,
    inlineFragmentTypes: 'combine',
    immutableTypes: true,
  },
  plugins: [{ typescript: {} }],
  pluginMap: { typescript: typescriptOperations },
})

/** Each as one string that stands by itself: a bundle keeps only those that a page uses. */
const texts = operations.map((operation) => {
  const name = operation.name.value
  const parts = [operation, ...fragmentsOf(operation)]
  const text = stripIgnoredCharacters(parts.map(print).join('\n'))
  const kind = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }
  const type = `${name}${kind[operation.operation]}`
  return `export const ${name}Document = ${JSON.stringify(text)} as TypedDocument<${type}, ${type}Variables>\n`
})

process.stdout.write(`// Written by scripts/write-client-documents.mjs from the operations beside it; do not edit.
import type { TypedDocument } from './typed-document.js'

${types.trim()}

${texts.join('\n')}`)

/** The fragments that an operation spreads, and those that they spread, each once. */
function fragmentsOf(operation) {
  const found = new Set()
  const search = (node) =>
    visit(node, {
      FragmentSpread({ name: { value } }) {
        const fragment = fragments.get(value)
        if (!fragment) throw new Error(`There is no fragment ${value}.`)
        if (found.has(fragment)) return
        found.add(fragment)
        search(fragment)
      },
    })
  search(operation)
  return [...found]
}
