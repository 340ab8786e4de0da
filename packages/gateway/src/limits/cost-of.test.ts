import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { costOf } from './cost-of.js'

const schema = buildSchema(`
  type Query { me: Member members(first: Int = 20): MemberConnection! name: String many(ids: [ID!]!): [Member!]! }
  type Mutation { record(inputs: [ID!]!): [Member!]! one(id: ID!): Member }
  type MemberConnection { edges: [MemberEdge!]! nodes: [Member!]! }
  type MemberEdge { node: Member! }
  type Member { id: ID! wallet: Wallet friends: [Member!]! }
  type Wallet { points: Int lots(first: Int = 20): LotConnection! }
  type LotConnection { nodes: [Lot!]! }
  type Lot { id: ID! }
`)
const cost = (query: string, variables: Record<string, unknown> = {}) =>
  costOf({ schema, document: parse(query), variables })

describe('A7: costOf', () => {
  it.each<[string, number]>([
    ['{ name }', 1],
    ['{ me { id } }', 1],
    ['{ me { wallet { points } } }', 2],
    ['{ me { friends { wallet { points } } } }', 1 + 5 + 5],
    // Nodes once for each of the page, edges and nodes not again.
    ['{ members(first: 10) { nodes { id } } }', 1 + 10],
    ['{ members { nodes { id } } }', 1 + 20],
    ['{ members(first: 10) { edges { node { id } } } }', 1 + 10 * 2],
    [
      '{ members(first: 10) { nodes { wallet { lots(first: 5) { nodes { id } } } } } }',
      1 + 10 * (1 + 1 + 5 + 5),
    ],
    ['{ members(first: -5) { nodes { id } } }', 1 + 1],
    ['mutation { one(id: "a") { id } }', 10],
    ['mutation { record(inputs: ["a", "b", "c"]) { wallet { points } } }', 3 * 10 + 3],
    ['{ many(ids: ["a", "b"]) { wallet { points } } }', 2 + 2],
  ])('%s costs %i', (query, expected) => {
    expect(cost(query)).toBe(expected)
  })

  it('counts what variables ask for', () => {
    expect(cost('query ($n: Int) { members(first: $n) { nodes { id } } }', { n: 50 })).toBe(51)
    const record = 'mutation ($i: [ID!]!) { record(inputs: $i) { id } }'
    expect(cost(record, { i: ['a', 'b'] })).toBe(20)
  })
})
