import type { Balance, LedgerTransaction, PostedListener } from '@pointwell/ledger'

const EMPTY: Balance = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

/**
 * A journal of wallets that several servers write, one point at a time. `openServer` is what one of
 * them knows of it: told at once what itself posts, and of the rest only what it reads.
 */
export function openTestJournal() {
  const wallets = new Map<number, LedgerTransaction[]>()
  const reads: { wallet: number; after: number; limit: number }[] = []
  const looks: (readonly number[])[] = []
  const finds: string[][] = []
  let fails = false

  return {
    /** Every page that was read, every look at versions, and all that were asked for by name. */
    reads,
    looks,
    finds,
    openServer,
    fail(on: boolean) {
      fails = on
    },
    elsewhere(...ids: number[]) {
      ids.map(write)
    },
  }

  function openServer() {
    const listeners = new Set<PostedListener>()
    return {
      ledger: {
        store: { findVersions, findTransactions, findTransactionsAt },
        onPosted(listener: PostedListener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      post(...ids: number[]) {
        const transactions = ids.map(write)
        for (const listener of listeners) listener(transactions)
      },
    }
  }

  async function findVersions(ids: readonly number[]) {
    looks.push(ids)
    assertThere()
    const known = ids.filter((id) => wallets.has(id))
    return new Map(known.map((id) => [id, wallets.get(id)!.length]))
  }

  async function findTransactions(
    wallet: number,
    page:
      | { readonly after: number; readonly limit: number }
      | { readonly before: number | null; readonly limit: number },
  ): Promise<readonly LedgerTransaction[]> {
    if (!('after' in page)) throw new Error('a feed reads forwards')
    reads.push({ wallet, ...page })
    assertThere()
    return (wallets.get(wallet) ?? []).slice(page.after, page.after + page.limit)
  }

  async function findTransactionsAt(
    places: readonly { readonly wallet: number; readonly version: number }[],
  ): Promise<readonly LedgerTransaction[]> {
    finds.push(places.map(({ wallet, version }) => `${wallet}-${version}`))
    assertThere()
    return places.flatMap(({ wallet, version }) => wallets.get(wallet)?.[version - 1] ?? [])
  }

  function assertThere() {
    if (fails) throw new Error('the database is away')
  }

  function write(wallet: number): LedgerTransaction {
    const history = wallets.get(wallet) ?? []
    wallets.set(wallet, history)
    const version = history.length + 1
    const transaction: LedgerTransaction = {
      id: `${wallet}-${version}`,
      wallet,
      version,
      type: 'grant',
      reason: 'purchase',
      key: `${wallet}:${version}`,
      content: {},
      entries: [],
      termed: [],
      before: { ...EMPTY, available: version - 1 },
      balance: { ...EMPTY, available: version },
      explanation: [],
      policyVersion: 1,
      labels: {},
      corrects: null,
      recordedAt: 0,
      effectiveAt: 0,
      result: null,
      previousHash: '',
      hash: '',
    }
    history.push(transaction)
    return transaction
  }
}
