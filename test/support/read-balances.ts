/** A member's points, and how many transactions made them. */
export interface MemberBalance {
  readonly available: number
  /** Everything else: pending, claimable, held, frozen, debt. */
  readonly others: number
  readonly version: string
}

interface Page {
  readonly nodes: readonly {
    readonly id: string
    readonly wallet: {
      readonly version: string
      readonly balance: Record<'available' | (typeof OTHERS)[number], number>
    }
  }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const OTHERS = ['pending', 'claimable', 'held', 'frozen', 'debt'] as const

const QUERY = `query Balances($after: String) {
  members(first: 100, after: $after) {
    nodes { id wallet { version balance { available ${OTHERS.join(' ')} } } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** Reads the balance of every member through the public API, as an operator. */
export async function readBalances(
  serverUrl: string,
  token: string,
): Promise<Map<string, MemberBalance>> {
  const balances = new Map<string, MemberBalance>()
  for (let after: string | null = null, more = true; more; ) {
    const response = await fetch(`${serverUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: QUERY, variables: { after } }),
    })
    const answer = (await response.json()) as { data?: { members: Page }; errors?: unknown }
    if (!answer.data || answer.errors) throw new Error(JSON.stringify(answer))
    const { nodes, pageInfo } = answer.data.members
    for (const { id, wallet } of nodes) {
      const { available, ...rest } = wallet.balance
      const others = OTHERS.reduce((sum, state) => sum + rest[state], 0)
      balances.set(id, { available, others, version: wallet.version })
    }
    after = pageInfo.endCursor
    more = pageInfo.hasNextPage
  }
  return balances
}
