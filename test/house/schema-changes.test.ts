import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { findUnannounced } from '../../scripts/schema/find-breaking-changes.mjs'
import { lintSchema } from '../../scripts/schema/lint-schema.mjs'

const BEFORE = `
  type Query { member(id: ID!): Member! members(first: Int = 20, tier: ID): [Member!]! }
  type Mutation { join(input: JoinInput!): JoinResult! }
  type Member { id: ID! tier: Tier note: String old: Old }
  type Old { at: String }
  type Joined { member: Member! }
  type Refused { code: Code! }
  union JoinResult = Joined | Refused
  enum Tier { GOLD SILVER }
  enum Code { FULL }
  input JoinInput { id: ID! note: String }
`
const changeset = (bump: string, text: string) => `---
'@pointwell/gateway': ${bump}
'@pointwell/server': patch
---

${text}
`
const placesOf = async (after: string, changesets: string[] = [], version = '0.3.1') =>
  (await findUnannounced({ before: BEFORE, after, version, changesets })).map(({ place }) => place)

describe('A1: what breaks clients of the schema', () => {
  it.each<[what: string, from: string, to: string, place: string]>([
    ['a field that is gone', 'note: String old', 'old', 'Member.note'],
    ['a field of another type', 'note: String old', 'note: Int old', 'Member.note'],
    [
      'an answer that may be null now',
      'member(id: ID!): Member!',
      'member(id: ID!): Member',
      'Query.member',
    ],
    ['a type that is gone', 'type Old { at: String }', '', 'Old'],
    ['an argument that is gone', ', tier: ID', '', 'Query.members.tier'],
    ['an argument that must be given now', 'tier: ID', 'tier: ID!', 'Query.members.tier'],
    [
      'a new argument that must be given',
      'member(id: ID!',
      'member(id: ID! at: Int!',
      'Query.member.at',
    ],
    ['a value that is gone', 'GOLD SILVER', 'GOLD', 'Tier.SILVER'],
    ['an answer that is gone', 'Joined | Refused', 'Refused', 'JoinResult'],
    [
      'an input that must be given now',
      'id: ID! note: String }',
      'id: ID! note: String! }',
      'JoinInput.note',
    ],
    [
      'a new input that must be given',
      'input JoinInput {',
      'input JoinInput { at: String!',
      'JoinInput.at',
    ],
    [
      'a root field that is gone',
      'type Query { member(id: ID!): Member!',
      'type Query {',
      'Query.member',
    ],
  ])('%s', async (_what, from, to, place) => {
    expect(BEFORE).toContain(from)
    let after = BEFORE.replace(from, to)
    if (place === 'Old') after = after.replace(' old: Old', '')
    const places = await placesOf(after)
    expect(places).toContain(place)
    // Announced, it is nobody's fault; by too little, or of another place, it is.
    const named = `Gone: ${places.map((it) => `\`${it}\``).join(', ')}.`
    expect(await placesOf(after, [changeset('minor', named)])).toEqual([])
    expect(await placesOf(after, [changeset('patch', named)])).toEqual(places)
    expect(await placesOf(after, [changeset('minor', 'Some things changed.')])).toEqual(places)
    // From 1.0 on it takes a major version.
    expect(await placesOf(after, [changeset('minor', named)], '1.0.0')).toEqual(places)
    expect(await placesOf(after, [changeset('major', named)], '1.0.0')).toEqual([])
  })

  it.each<[what: string, from: string, to: string]>([
    ['a new field', 'note: String old', 'note: String since: String old'],
    ['a new type', 'type Old', 'type New { at: String } type Old'],
    ['an answer that is never null any more', 'note: String old', 'note: String! old'],
    ['an argument that may be left out', 'tier: ID', 'tier: ID at: Int'],
    ['an input that need not be given any more', 'id: ID! note: String }', 'id: ID note: String }'],
    ['a new code', '{ FULL }', '{ FULL CLOSED }'],
    ['a description', 'type Old', '"Before." type Old'],
    ['a field that is to go', 'note: String old', 'note: String @deprecated(reason: "x") old'],
  ])('is not %s', async (_what, from, to) => {
    expect(BEFORE).toContain(from)
    expect(await placesOf(BEFORE.replace(from, to))).toEqual([])
  })

  it('is looked for from the schema that was released last', async () => {
    const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
    const [released, today] = [
      await read('scripts/schema/released.graphql'),
      await read('schema.graphql'),
    ]
    const gone = today.replace(/^ {2}version: ID!$/gm, '  edition: ID!')
    const change = { version: '0.1.0', changesets: [] }
    const places = (await findUnannounced({ before: released, after: gone, ...change })).map(
      ({ place }) => place,
    )
    expect(places).toContain('Wallet.version')
  })
})

const WELL = `
  """A member."""
  type Member {
    """Which."""
    id: ID!
  }
  """A member and its place."""
  type MemberEdge {
    """Where."""
    cursor: String!
    """Who."""
    node: Member!
  }
  """A page of members."""
  type MemberConnection {
    """With cursors."""
    edges: [MemberEdge!]!
    """Without."""
    nodes: [Member!]!
    """Where it lies."""
    pageInfo: PageInfo!
  }
  """Where a page lies."""
  type PageInfo {
    """More after it."""
    hasNextPage: Boolean!
    """Something before it."""
    hasPreviousPage: Boolean!
    """Of the first."""
    startCursor: String
    """Of the last."""
    endCursor: String
  }
  """How a member is sorted."""
  enum Tier {
    """The first."""
    GOLD
  }
  """Who."""
  input MemberInput {
    """Which."""
    id: ID!
  }
  type Query {
    """All members."""
    members(
      """How many."""
      first: Int! = 20
      """Behind this one."""
      after: String
      """Only these."""
      tier: Tier
    ): MemberConnection!
  }
  type Mutation {
    """Takes one in."""
    join(
      """Who."""
      input: MemberInput!
    ): Member!
  }
`

describe('A1: what is not by the conventions of schemas', () => {
  it('is nothing, where all is well', async () => {
    expect(await lintSchema(WELL)).toEqual([])
  })

  it.each<[what: string, from: string, to: string, rule: string]>([
    ['a type without a description', '"""A member."""\n  type', 'type', 'require-description'],
    [
      'a field without one',
      '"""Which."""\n    id: ID!\n  }\n  """A member and',
      'id: ID!\n  }\n  """A member and',
      'require-description',
    ],
    ['an argument without one', '"""How many."""', '', 'require-description'],
    ['a value without one', '"""The first."""', '', 'require-description'],
    ['a comment in its stead', '"""The first."""', '# The first.', 'require-description'],
    ['a small type', 'MemberEdge', 'memberEdge', 'naming-convention'],
    ['a large field', 'cursor: String!', 'Cursor: String!', 'naming-convention'],
    ['words with dashes', 'hasNextPage', 'has_next_page', 'naming-convention'],
    ['a small value', 'GOLD', 'gold', 'naming-convention'],
    ['a field that begins with a dash', 'tier: Tier', '_tier: Tier', 'no-restricted-syntax'],
    ['an input that does not say so', 'MemberInput', 'MemberData', 'naming-convention'],
    ['a query that says that it gets', 'members(', 'getMembers(', 'naming-convention'],
    [
      'a type that says that it is one',
      '"""A member."""',
      '"""More."""\n  type MoreType {\n    """Who."""\n    of: Member\n  }\n  """A member."""',
      'naming-convention',
    ],
    [
      'a change that answers with nothing',
      '): Member!\n',
      '): Boolean!\n',
      'no-scalar-result-type-on-mutation',
    ],
    [
      'a page without edges',
      '"""With cursors."""\n    edges: [MemberEdge!]!',
      '',
      'relay-connection-types',
    ],
    ['an edge without a cursor', '"""Where."""\n    cursor: String!', '', 'relay-edge-types'],
    [
      'a page that does not say whether there is more',
      'hasNextPage: Boolean!',
      'hasNextPage: Boolean',
      'relay-page-info',
    ],
    [
      'a list that cannot be asked for by page',
      '"""Behind this one."""\n      after: String',
      '',
      'relay-arguments',
    ],
    [
      'a type that nobody can reach',
      '"""How a',
      '"""Left over."""\n  scalar Left\n  """How a',
      'no-unreachable-types',
    ],
  ])('%s', async (_what, from, to, rule) => {
    expect(WELL).toContain(from)
    const faults = await lintSchema(WELL.replaceAll(from, to))
    expect(faults.map((fault) => /\(([\w-]+)\)$/.exec(fault)?.[1])).toContain(rule)
  })

  it('says the line', async () => {
    const line = WELL.split('\n').findIndex((text) => text.includes('GOLD')) + 1
    expect(await lintSchema(WELL.replace('GOLD', 'gold'))).toEqual([
      expect.stringMatching(new RegExp(`^${line}: `)),
    ])
  })
})
