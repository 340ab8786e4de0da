import { type ApiClient, ApiFault } from './api-client.js'

const STATES = ['available', 'pending', 'claimable', 'held', 'frozen', 'debt'] as const

/** Sums over members; whole points. `members`: how many the server knows. */
export type BalanceTotals = Record<(typeof STATES)[number] | 'members', number>

type Answer = Record<string, { wallet: { balance: Record<string, number> } } | null>

const FIRST_PAGE = 25

/** Every document that is sent: for one member, for two, and so on. */
export const BALANCE_DOCUMENTS: readonly string[] = Array.from({ length: FIRST_PAGE }, (_, n) =>
  makeDocument(n + 1),
)

/** Adds up the balances of members, asking for some at a time. */
export async function readBalances(
  client: ApiClient,
  memberIds: readonly string[],
  { parallel, onProgress }: { parallel: number; onProgress: (done: number) => void },
): Promise<BalanceTotals> {
  const totals = { members: 0, available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
  let page = FIRST_PAGE
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < memberIds.length) {
      const ids = memberIds.slice(next, next + page)
      next += ids.length
      await readPage(ids)
      done += ids.length
      onProgress(done)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return totals

  async function readPage(ids: readonly string[]): Promise<void> {
    try {
      add(await client.request<Answer>(makeDocument(ids.length), makeVariables(ids)))
    } catch (error) {
      // The server counts what a query costs, and its operator sets the limit.
      const smaller = error instanceof ApiFault && error.kind === 'too-large' && ids.length > 1
      if (!smaller) throw error
      const half = Math.ceil(ids.length / 2)
      page = Math.min(page, half)
      await readPage(ids.slice(0, half))
      await readPage(ids.slice(half))
    }
  }

  function add(answer: Answer) {
    for (const member of Object.values(answer)) {
      if (member === null) continue
      totals.members += 1
      for (const state of STATES) totals[state] += member.wallet.balance[state] as number
    }
  }
}

function makeDocument(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const variables = numbers.map((index) => `$m${index}: ID!`).join(', ')
  const fields = numbers.map(
    (index) => `m${index}: member(id: $m${index}) { wallet { balance { ...Points } } }`,
  )
  return `query ImportBalances(${variables}) { ${fields.join(' ')} }
    fragment Points on Balance { ${STATES.join(' ')} }`
}

function makeVariables(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id, index) => [`m${index}`, id]))
}
