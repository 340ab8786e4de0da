import {
  buildSchema,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  parse,
  responsePathAsArray,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { openExecutor } from './open-executor.js'

const SDL = `
  type Query { list: [Thing!] thing(id: ID): Thing! echo(text: String, of: [Int!]): String }
  type Mutation { first: Int second: Int! third: Int }
  type Subscription { thing: Thing }
  type Thing { name: String! friend: Thing value(plus: Int = 1): Int }
`

function open(resolvers: Record<string, GraphQLFieldResolver<never, never>> = {}) {
  const schema = buildSchema(SDL)
  for (const [name, resolve] of Object.entries(resolvers)) {
    const [type, field] = name.split('.') as [string, string]
    ;(schema.getType(type) as GraphQLObjectType).getFields()[field]!.resolve = resolve as never
  }
  const executor = openExecutor(schema)
  const documents = new Map<string, ReturnType<typeof parse>>()
  return {
    schema,
    async ask(text: string, terms: Partial<Parameters<typeof executor>[0]> = {}) {
      const document = documents.get(text) ?? parse(text)
      documents.set(text, document)
      const result = await executor({ document, ...terms })
      expect(plain(result)).toEqual(plain(await execute({ schema, document, ...terms })))
      return plain(result)
    },
    executor,
  }
}

/** As it is sent. */
const plain = (result: ExecutionResult) => JSON.parse(JSON.stringify(result))

const rejected = (message: string) =>
  new Promise((_, reject) => setImmediate(reject, new Error(message)))

describe('openExecutor', () => {
  it('tells a resolver what graphql tells it', async () => {
    const infos: GraphQLResolveInfo[] = []
    const { ask } = open({
      'Query.thing': () => ({ friend: {} }),
      'Thing.name': (_source, _args, _context, info) => {
        infos.push(info)
        return 'it'
      },
    })
    await ask(
      'query Q($on: Boolean!) { it: thing { friend { called: name @include(if: $on) } name } }',
      {
        variableValues: { on: true },
        rootValue: 'root',
      },
    )
    const [ours, , theirs] = infos
    expect(responsePathAsArray(ours!.path)).toEqual(['it', 'friend', 'called'])
    expect(typenames(ours!.path)).toEqual(typenames(theirs!.path))
    expect({ ...ours, path: null }).toEqual({ ...theirs, path: null })
  })

  it('remembers of an operation what hangs on its text, and nothing else', async () => {
    const { ask } = open({
      'Query.echo': (_source, { text, of }: { text?: string; of?: number[] }, context) =>
        `${text} ${of} ${context}`,
    })
    const text = `query ($text: String, $of: [Int!], $on: Boolean = true) {
      echo(text: $text, of: $of) @include(if: $on) list { name } }`
    const answers = []
    for (const variableValues of [
      { text: 'a' },
      { of: 3 },
      { on: false },
      { text: 'b', on: true },
    ]) {
      answers.push((await ask(text, { variableValues, contextValue: answers.length })).data.echo)
    }
    expect(answers).toEqual(['a undefined 0', 'undefined 3 1', undefined, 'b undefined 3'])
  })

  it('goes on being right when there are more switches than it remembers ways', async () => {
    const { ask } = open({ 'Query.thing': () => ({ name: 'it' }) })
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const text = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) {
      __typename ${names.map((name) => `${name}: thing @skip(if: $${name}) { name }`).join(' ')} }`
    for (let round = 0; round < 2; round++) {
      for (let bits = 0; bits < 64; bits++) {
        const on = names.map((name, place) => [name, (bits >> place) % 2 === 1] as const)
        const { data } = await ask(text, { variableValues: Object.fromEntries(on) })
        expect(Object.keys(data)).toEqual([
          '__typename',
          ...on.filter(([, skipped]) => !skipped).map(([name]) => name),
        ])
      }
    }
  })

  it('takes an answer named __proto__ for what it is', async () => {
    const { ask } = open({ 'Query.thing': () => ({ name: 'it' }) })
    const { data } = await ask('{ __proto__: thing { name } thing { __proto__: name } }')
    expect(Object.keys(data)).toEqual(['__proto__', 'thing'])
  })

  it.each([
    ['{ __schema { queryType { name } } __type(name: "Thing") { kind } thing { name } }', {}],
    ['query A { list { name } } query B { thing { name } }', {}],
    ['query A { list { name } } query B { thing { name } }', { operationName: 'C' }],
    [
      'query ($on: Boolean!) { list @skip(if: $on) { name } }',
      { variableValues: { on: 'perhaps' } },
    ],
    [
      'query ($on: Boolean = true) { list @skip(if: $on) { name } }',
      { variableValues: { on: null } },
    ],
    ['fragment F on Query { __typename }', {}],
  ])('leaves to graphql what is no plain question: %s %j', async (text, terms) => {
    const { ask } = open({ 'Query.thing': () => ({ name: 'it' }) })
    await ask(text, terms)
  })

  it('makes changes one after the other, and none after one that failed and must not', async () => {
    const made: string[] = []
    const { executor } = open({
      'Mutation.first': async () => {
        await new Promise(setImmediate)
        made.push('first')
        return 1
      },
      'Mutation.second': async () => {
        made.push('second')
        throw new GraphQLError('no')
      },
      'Mutation.third': () => made.push('third'),
    })
    const { data, errors } = await executor({ document: parse('mutation { first second third }') })
    expect(made).toEqual(['first', 'second'])
    expect(data).toBeNull()
    expect(errors?.map(({ path }) => path)).toEqual([['second']])
  })

  it('answers an event of a subscription', async () => {
    const { ask } = open()
    const rootValue = { thing: { name: 'it', value: () => Promise.resolve(2) } }
    const { data } = await ask('subscription { thing { name value } }', { rootValue })
    expect(data).toEqual({ thing: { name: 'it', value: 2 } })
  })

  it('lets no error go astray: a server would end by it', async () => {
    const { executor } = open({
      'Query.list': () => [{ name: rejected('late') }, { name: rejected('too') }, { name: null }],
    })
    const { data, errors } = await executor({ document: parse('{ list { name } }') })
    expect(data).toEqual({ list: null })
    expect(errors?.map(({ path }) => path)).toEqual([['list', 2, 'name']])
    await new Promise(setImmediate)
  })

  it('asks nothing more for a place that an error has made null', async () => {
    const asked: string[] = []
    const { executor } = open({
      'Query.list': () => [
        {
          name: 'it',
          friend: new Promise((resolve) => setImmediate(() => setImmediate(resolve, {}))),
        },
        { name: rejected('no') },
      ],
      'Thing.value': () => asked.push('value'),
    })
    const text = '{ list { friend { value } name } }'
    const { data } = await executor({ document: parse(text) })
    expect(data).toEqual({ list: null })
    expect(asked).toEqual([])
  })
})

function typenames(path: GraphQLResolveInfo['path'] | undefined): (string | undefined)[] {
  return path ? [...typenames(path.prev), path.typename] : []
}
