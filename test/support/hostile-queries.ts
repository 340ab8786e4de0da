/** An operation made to cost much, and how it is turned away: the limit, or else the code. */
export interface HostileQuery {
  readonly name: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly refusedBy: string
}

const times = (count: number, part: (n: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, n) => part(n)).join(between)

/** Each as large as a body and its words may be: 50,000 characters, 5,000 words. */
export const HOSTILE_QUERIES: readonly HostileQuery[] = [
  {
    name: 'fields within fields, as deep as it goes round',
    query: `{ me ${'{ redemptions { nodes { offer '.repeat(300)}{ id }${' } } }'.repeat(300)} }`,
    refusedBy: 'depth',
  },
  {
    name: 'fields within fields, sixteen hundred of them',
    query: `{ me ${'{ a '.repeat(1_600)}${' }'.repeat(1_600)} }`,
    refusedBy: 'depth',
  },
  {
    name: 'one field 4,900 times',
    query: `{ me { ${times(4_900, () => 'id')} } }`,
    refusedBy: 'fields',
  },
  {
    name: 'one object 1,200 times, to be merged',
    query: `{ ${times(1_200, () => 'me { id }')} }`,
    refusedBy: 'fields',
  },
  {
    name: 'a field under a thousand names',
    query: `{ ${times(1_000, (n) => `a${n}: __typename`)} }`,
    refusedBy: 'fields',
  },
  {
    name: 'a field under a hundred names',
    query: `{ ${times(100, (n) => `a${n}: refusalCodes { code }`)} }`,
    refusedBy: 'aliases',
  },
  {
    name: '4,200 fields in objects that are to be merged, each with each',
    query: `{ ${times(60, () => `me { ${times(70, (n) => (n % 2 ? 'id' : 'joinedAt'))} }`)} }`,
    refusedBy: 'fields',
  },
  {
    name: 'a fragment of 4,900 fields that nothing spreads',
    query: `{ __typename } fragment a on Member { ${times(4_900, () => 'id')} }`,
    refusedBy: 'fields',
  },
  {
    name: 'fragments that spread two others each, twenty times over',
    query: `{ ...f0 } ${times(20, (n) => `fragment f${n} on Query { ${n === 19 ? 'me { id }' : `...f${n + 1} ...f${n + 1}`} }`)}`,
    refusedBy: 'fields',
  },
  {
    name: 'fragments in a circle',
    query:
      '{ ...a } fragment a on Query { me { id } ...b } fragment b on Query { ...c } fragment c on Query { ...a }',
    refusedBy: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: '490 fragments, each of which spreads the next, in a circle',
    query: `{ ...f0 } ${times(490, (n) => `fragment f${n} on Query { ...f${(n + 1) % 490} }`)}`,
    refusedBy: 'definitions',
  },
  {
    name: 'sixty fragments, each of which spreads all others',
    query: `{ ...f0 } ${times(60, (n) => `fragment f${n} on Query { __typename ${times(60, (to) => (to > n ? `...f${to}` : ''), '')} }`)}`,
    refusedBy: 'fields',
  },
  {
    name: '330 operations that spread 330 fragments',
    query: `${times(330, (n) => `query q${n} { ...f${n} }`)} ${times(330, (n) => `fragment f${n} on Query { __typename }`)}`,
    refusedBy: 'definitions',
  },
  {
    name: 'a thousand operations',
    query: times(1_000, (n) => `query q${n} { x }`, ''),
    refusedBy: 'definitions',
  },
  {
    name: 'pages of pages of pages',
    query:
      '{ members(first: 100) { nodes { redemptions(first: 100) { nodes { offer { id } } } wallet { transactions(first: 100) { nodes { explanation { step } } } } } } }',
    refusedBy: 'cost',
  },
  {
    name: 'the same, with sizes in variables',
    query:
      'query ($n: Int!) { members(first: $n) { nodes { wallet { lots(first: $n) { nodes { id } } transactions(first: $n) { nodes { explanation { step } } } } } } }',
    variables: { n: 2_147_483_647 },
    refusedBy: 'cost',
  },
  {
    name: 'all that the schema says of itself',
    query:
      '{ __schema { types { name fields { name type { name ofType { name ofType { name } } } } } } }',
    refusedBy: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'five hundred times what the schema says of itself',
    query: `{ ${times(500, (n) => `a${n}: __schema { types { name } }`)} }`,
    refusedBy: 'fields',
  },
  {
    name: 'a directive 1,600 times on one field',
    query: `{ me ${times(1_600, () => '@a')} { id } }`,
    refusedBy: 'directives',
  },
  {
    name: 'a directive with an argument 600 times on one field',
    query: `{ me ${times(600, () => '@skip(if: false)')} { id } }`,
    refusedBy: 'directives',
  },
  {
    name: 'nine hundred variables',
    query: `query (${times(900, (n) => `$v${n}: Int`)}) { __typename }`,
    refusedBy: 'variables',
  },
  {
    name: '1,500 arguments',
    query: `{ member(${times(1_500, (n) => `a${n}: 1`)}) { id } }`,
    refusedBy: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'lists in lists',
    query: `{ member(id: ${'['.repeat(2_400)}${']'.repeat(2_400)}) { id } }`,
    refusedBy: 'depth',
  },
  {
    name: 'an object of 1,200 fields written into the operation',
    query: `{ earnPreview(input: { ${times(1_200, (n) => `a${n}: 1`)} }) { __typename } }`,
    refusedBy: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a list of 60,000 in the variables',
    query:
      'mutation ($input: [RegisterMemberInput!]!) { registerMembers(input: $input) { __typename } }',
    variables: { input: Array.from({ length: 60_000 }, () => ({ id: 'm' })) },
    refusedBy: 'listItems',
  },
  {
    name: 'variables nested 3,000 deep',
    query:
      'mutation ($document: JSON!) { updatePolicy(input: { document: $document }) { __typename } }',
    variables: { document: JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`) },
    refusedBy: 'BAD_USER_INPUT',
  },
  {
    name: 'a million letters in a variable',
    query: 'query ($id: ID!) { member(id: $id) { id } }',
    variables: { id: 'x'.repeat(1_000_000) },
    refusedBy: 'textCharacters',
  },
  {
    name: 'unknown words that look like many known ones',
    query: `{ ${times(280, (n) => `membe${n} { i }`)} }`,
    refusedBy: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'marks that pile up, right to left',
    query: 'query ($id: ID!) { member(id: $id) { id } }',
    variables: { id: `${'a\u0301\u202e'.repeat(3_000)}\u0000` },
    refusedBy: 'BAD_USER_INPUT',
  },
  {
    name: 'a text made for a backtracking pattern',
    query: 'query ($amount: Money!) { pointsAtCheckout(orderAmount: $amount) { __typename } }',
    variables: { amount: `${'1'.repeat(9_000)}.${'0 '.repeat(400)}` },
    refusedBy: 'BAD_USER_INPUT',
  },
]
