import { readdir, readFile } from 'node:fs/promises'
import { buildSchema, loadConfig } from '@pointwell/server'
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  print,
  typeFromAST,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { everythingOf } from '../support/everything-of.js'
import { openFullShop } from '../support/full-shop.js'
import type { TestServer } from '../support/test-server.js'

/*
 * Queries are run by plans of our own. One that also asks something about the schema is run by graphql's
 * own executor: so the same query with and without such a question is answered by both, over the same
 * schema, resolvers and store, and must be answered the same.
 */

const schema = buildSchema((await loadConfig(undefined)).plugins)
const ABOUT_THE_SCHEMA = ' asked: __schema { __typename } '
const DOCUMENTS = new URL('../../packages/client/src/documents/operations/', import.meta.url)

interface Operation {
  readonly name: string
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Values for arguments of these names, where the type alone would not find anything. */
const NAMED: Record<string, unknown> = {
  representations: [
    { __typename: 'Member', id: 'm-0' },
    { __typename: 'Member', id: 'nobody' },
  ],
  offerId: 'match',
  channel: null,
}
const OF_TYPE: Record<string, unknown> = {
  ID: 'm-0',
  String: 'm-0',
  Int: 5,
  Boolean: false,
  DateTime: '2026-01-05T04:00:00.000Z',
  LocalDate: '2026-01-05',
  JSON: {},
}

/** Undefined: no value can be thought of for it. */
function valueFor(name: string, type: GraphQLInputType): unknown {
  if (Object.hasOwn(NAMED, name)) return NAMED[name]
  const named = getNamedType(type)
  if (isInputObjectType(named)) return undefined
  const value = isEnumType(named) ? named.getValues()[0]!.name : OF_TYPE[named.name]
  return isListType(getNullableType(type)) && value !== undefined ? [value] : value
}

/** Everything that a field of the root leads to, or undefined when it wants an input made for it. */
function everythingUnder(field: GraphQLField<unknown, unknown>): Operation | undefined {
  const variables: Record<string, unknown> = {}
  for (const { name, type, defaultValue } of field.args) {
    const isAsked = name === 'first' || (isNonNullType(type) && defaultValue === undefined)
    if (!isAsked && name !== 'memberId') continue
    variables[name] = valueFor(name, type)
    if (variables[name] === undefined) return undefined
  }
  const given = field.args.filter(({ name }) => name in variables)
  const head = given.map(({ name, type }) => `$${name}: ${type}`).join(' ')
  const call = given.map(({ name }) => `${name}: $${name}`).join(' ')
  const query = `query ${head && `(${head})`} { ${field.name}${call && `(${call})`} ${everythingOf(field.type)} }`
  return { name: field.name, query, variables }
}

/** The queries that our client sends, with the fragments that they spread. */
async function queriesOfTheClient(): Promise<Operation[]> {
  const files = (await readdir(DOCUMENTS)).sort()
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, DOCUMENTS), 'utf8')))
  const { definitions } = parse(texts.join('\n'))
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'query') return []
    const variables = (definition.variableDefinitions ?? []).map(({ variable, type }) => {
      const name = variable.name.value
      return [name, valueFor(name, typeFromAST(schema, type) as GraphQLInputType)] as const
    })
    // One that is not spread would be refused, so each goes along only where it is.
    const needed = new Set<string>()
    const need = (text: string) => {
      for (const [, name] of text.matchAll(/\.\.\.\s*(\w+)/g)) {
        const fragment = fragments.find((it) => 'name' in it && it.name?.value === name)
        if (!fragment || needed.has(print(fragment))) continue
        needed.add(print(fragment))
        need(print(fragment))
      }
    }
    const query = print(definition)
    need(query)
    return [
      {
        name: `the client's ${definition.name?.value}`,
        query: [query, ...needed].join('\n'),
        variables: Object.fromEntries(variables),
      },
    ]
  })
}

const fields = Object.values(schema.getQueryType()!.getFields())
const generated = fields.flatMap((field) => everythingUnder(field) ?? [])

it('all that can be asked for is asked for, but for what wants an input made for it', () => {
  const asked = generated.map(({ name }) => name)
  expect(fields.map(({ name }) => name).filter((name) => !asked.includes(name))).toEqual([
    'earnPreview',
    'pointsAtCheckout',
    'previewPlaybook',
  ])
})

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A4: real operations, on %s',
  (store) => {
    it('are answered by plans as graphql answers them, letter by letter', async () => {
      const server = await openFullShop(store as 'sqlite', { introspection: true })
      try {
        const tokens = {
          operator: await server.token('operator', { subject: 'ada', roles: ['admin'] }),
          member: await server.token('member', { subject: 'm-0' }),
        }
        const operations = [...generated, ...(await queriesOfTheClient())]
        let answered = 0
        for (const [who, token] of Object.entries(tokens)) {
          for (const operation of operations) {
            const ours = await answerOf(server, operation, token)
            const query = alsoAboutTheSchema(operation.query)
            const theirs = await answerOf(server, { ...operation, query }, token)
            expect([who, operation.name, ours]).toEqual([who, operation.name, theirs])
            if (ours.hasData) answered++
          }
        }
        // Refusals alone would say little; a member is refused most of it, and some ids name nothing.
        expect(answered).toBeGreaterThan(70)
      } finally {
        await server.close()
      }
    })
  },
)

/** Asked for last, so that nothing else of the operation stands elsewhere; what is below are fragments. */
function alsoAboutTheSchema(query: string): string {
  const end = parse(query).definitions[0]!.loc!.end - 1
  return `${query.slice(0, end)}${ABOUT_THE_SCHEMA}${query.slice(end)}`
}

async function answerOf(server: TestServer, { query, variables }: Operation, token: string) {
  const { status, data, errors = [] } = await server.ask(query, { token, variables })
  const { asked, ...rest } = data ?? {}
  return {
    status,
    // As it was sent: in which order too.
    data: data && JSON.stringify(rest),
    hasData: Object.values(rest).some((it) => it !== null),
    // Of several that come at different times the order is a matter of turns.
    errors: errors.map((error) => JSON.stringify(error)).sort(),
  }
}
