import fc from 'fast-check'
import { buildSchema, GraphQLObjectType, type OperationDefinitionNode, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { openCostMemo } from './cost-memo.js'
import { costOf } from './cost-of.js'

const SDL = `
  type Query { members(first: Int = 20, last: Int): Members! many(ids: [ID!]!, note: String): [Member!]! }
  type Mutation { record(lines: [Line!]!, more: Line): [Member!]! }
  type Members { nodes: [Member!]! }
  type Member { id: ID! friends: [Member!]! }
  input Line { id: ID! quantity: Int }
`
const DOCUMENT = parse(`
  query Page($first: Int, $last: Int, $ids: [ID!]! = ["a", "b"], $note: String, $deep: Boolean = true) {
    members(first: $first) { nodes { id friends @include(if: $deep) { friends { id } } } }
    back: members(last: $last) { nodes { id } }
    many(ids: $ids, note: $note) { friends @skip(if: $deep) { id } }
  }
  mutation Record($lines: [Line!]!, $more: Line) {
    record(lines: $lines, more: $more) { id friends { id } }
  }
`)
const operations = new Map(
  (DOCUMENT.definitions as OperationDefinitionNode[]).map((it) => [it.name!.value, it]),
)
const line = fc.record({ id: fc.string(), quantity: fc.integer({ min: 0, max: 9 }) })
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const asked = fc.oneof(
  fc.record({
    name: fc.constant('Page'),
    variables: fc.record(
      {
        first: maybe(fc.integer({ min: -3, max: 300 })),
        last: maybe(fc.integer({ min: -3, max: 300 })),
        ids: fc.oneof(fc.array(fc.string(), { maxLength: 6 }), fc.string()),
        note: maybe(fc.string()),
        deep: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    name: fc.constant('Record'),
    variables: fc.record(
      { lines: fc.oneof(fc.array(line, { maxLength: 6 }), line), more: maybe(line) },
      { requiredKeys: ['lines'] },
    ),
  }),
)

describe('A7: openCostMemo', () => {
  it('remembers of any variables what counting anew would say', () => {
    const schema = buildSchema(SDL)
    const memo = openCostMemo(schema)
    fc.assert(
      fc.property(asked, ({ name, variables }) => {
        const operation = operations.get(name)!
        expect(memo.costOf({ document: DOCUMENT, operation, variables })).toBe(
          costOf({ schema, document: DOCUMENT, operationName: name, variables }),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('counts anew each time where a field counts for itself', () => {
    const schema = buildSchema(SDL)
    const { many } = (schema.getQueryType() as GraphQLObjectType).getFields()
    many!.extensions = {
      complexity: ({ args }: { args: { note: string } }) => args.note.length * 1_000,
    }
    const document = parse('query ($note: String) { many(ids: [], note: $note) { id } }')
    const operation = document.definitions[0] as OperationDefinitionNode
    const memo = openCostMemo(schema)
    const costs = ['a', 'abc'].map((note) =>
      memo.costOf({ document, operation, variables: { note } }),
    )
    expect(costs).toEqual([1_000, 3_000])
  })

  it('remembers what is not asked of such a field, whatever else the schema has', () => {
    const schema = buildSchema(SDL)
    const { members, many } = (schema.getQueryType() as GraphQLObjectType).getFields()
    many!.extensions = { complexity: () => 1 }
    let counted = 0
    members!.extensions = {
      get complexity() {
        counted++
        return 7
      },
    }
    const document = parse('query ($first: Int) { members(first: $first) { nodes { id } } }')
    const operation = document.definitions[0] as OperationDefinitionNode
    const memo = openCostMemo(schema)
    const cost = () => memo.costOf({ document, operation, variables: { first: 3 } })
    expect(cost()).toBe(7)
    expect(counted).toBeGreaterThan(0)
    const before = counted
    expect(cost()).toBe(7)
    expect(counted).toBe(before)
  })
})
