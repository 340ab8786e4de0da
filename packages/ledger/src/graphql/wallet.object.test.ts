import { graphql } from 'graphql'
import { Arg, buildSchemaSync, Ctx, Int, Query, Resolver } from 'type-graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LedgerTransaction } from '../posting/posting.js'
import type { Balance, Lot, Wallet } from '../wallet/wallet.js'
import {
  type LedgerContext,
  type LedgerReadSource,
  lotType,
  openLedgerReads,
  WalletType,
  walletType,
} from './index.js'

const NOW = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000
const EMPTY: Balance = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

@Resolver()
class WalletsResolver {
  @Query(() => [WalletType])
  async wallets(
    @Ctx() context: LedgerContext,
    @Arg('ids', () => [Int]) ids: number[],
  ): Promise<WalletType[]> {
    const wallets = await Promise.all(ids.map((id) => context.ledgerReads.findWallet(id)))
    return wallets.filter((wallet) => wallet !== undefined).map(walletType)
  }
}

const schema = buildSchemaSync({ resolvers: [WalletsResolver], validate: false })

function lotOf(seq: number, rest: Partial<Lot>): Lot {
  return {
    seq,
    kind: 'base',
    source: 'purchase',
    ref: `order-${seq}`,
    granted: 10,
    available: 0,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
    earnedAt: NOW - DAY_MS,
    confirmAt: null,
    claimMs: null,
    claimBy: null,
    expiresAt: null,
    lapsed: 0,
    voided: 0,
    ...rest,
  }
}

function transactionOf(wallet: number, version: number): LedgerTransaction {
  return {
    id: `${wallet}-${version}`,
    wallet,
    version,
    type: 'grant',
    reason: 'purchase',
    key: `k${version}`,
    content: {},
    entries: [],
    termed: [],
    before: { ...EMPTY, available: version - 1, debt: 3 },
    balance: { ...EMPTY, available: version, debt: 0 },
    explanation: [{ step: 'base', points: '1.20', figures: { rate: '0.1' } }],
    policyVersion: 1,
    labels: {},
    corrects: null,
    recordedAt: NOW,
    effectiveAt: NOW - 1,
    result: null,
    previousHash: '',
    hash: '',
  }
}

/** Wallets 1 to 50 with the same five lots and seven transactions; 2 has something due. */
function openShelf() {
  const statements: string[] = []
  const settled = new Set<number>()
  const lots = [
    lotOf(1, { lapsed: 10 }),
    lotOf(2, { available: 4, expiresAt: NOW + 5 * DAY_MS }),
    lotOf(3, { available: 6, expiresAt: NOW + 5 * DAY_MS }),
    lotOf(4, { available: 7, expiresAt: NOW + 31 * DAY_MS }),
    lotOf(5, { pending: 9, expiresAt: NOW + DAY_MS, confirmAt: NOW + 3 }),
  ]
  const source: LedgerReadSource = {
    async findWallets(ids) {
      statements.push('wallets')
      return ids
        .filter((id) => id <= 50)
        .map(
          (id): Wallet => ({
            id,
            version: id === 2 && settled.has(2) ? 8 : 7,
            balance: { ...EMPTY, available: 17, pending: 9 },
            lastLot: 5,
            nextDueAt: id === 2 && !settled.has(2) ? NOW : NOW + 1,
            lock: null,
            head: '',
            memo: {},
            updatedAt: NOW,
          }),
        )
    },
    async findLots(ids, { open }) {
      statements.push('lots')
      const shown = open ? lots.slice(1) : lots
      return ids.flatMap((wallet) => shown.map((lot) => ({ wallet, lot })))
    },
    async findLotPages(pages, { open, limit }) {
      statements.push('lot pages')
      const shown = (open ? lots.slice(1) : lots).toReversed()
      return pages.flatMap(({ wallet, before }) =>
        shown
          .filter(({ seq }) => before === null || seq < before)
          .slice(0, limit)
          .map((lot) => ({ wallet, lot })),
      )
    },
    async findNewestTransactions(ids, limit) {
      statements.push('newest')
      return ids.flatMap((id) =>
        [7, 6, 5, 4, 3, 2, 1].slice(0, limit).map((version) => transactionOf(id, version)),
      )
    },
    async findTransactions(wallet, page) {
      statements.push('transactions')
      const before = 'before' in page && page.before !== null ? page.before : 8
      return [7, 6, 5, 4, 3, 2, 1]
        .filter((version) => version < before)
        .slice(0, page.limit)
        .map((version) => transactionOf(wallet, version))
    },
    async findBalancesAt(moments) {
      statements.push('balances')
      return moments.map(({ wallet, at }) => ({ ...EMPTY, available: wallet, pending: NOW - at }))
    },
    async settle(ids) {
      statements.push(`settle ${ids}`)
      for (const id of ids) settled.add(id)
    },
  }
  return { source, statements }
}

describe('Wallet', () => {
  let shelf: ReturnType<typeof openShelf>
  const ask = async (source: string, variableValues: Record<string, unknown> = {}) => {
    const contextValue: LedgerContext = {
      ledgerReads: openLedgerReads({ source: shelf.source, now: () => NOW }),
      now: () => NOW,
      titleOf: (word) => `«${word}»`,
    }
    const answer = await graphql({ schema, source, contextValue, variableValues })
    // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
    return { data: answer.data as any, errors: answer.errors }
  }
  beforeEach(() => {
    shelf = openShelf()
  })

  it('A4: reads a page of wallets with everything in a fixed number of statements', async () => {
    const query = `query ($ids: [Int!]!) { wallets(ids: $ids) {
      version balance { available expiringSoon { points at } sooner: expiringSoon(withinDays: 4) { at } }
      lots(first: 2) { nodes { id } } other: lots(first: 3) { nodes { id } } all: lots(open: false) { nodes { id } }
      transactions(first: 3) { nodes { id } } more: transactions(first: 5) { nodes { id } }
    } }`
    const one = await ask(query, { ids: [1] })
    expect(one.errors).toBeUndefined()
    const statementsForOne = [...shelf.statements]
    shelf.statements.length = 0
    const fifty = await ask(query, { ids: Array.from({ length: 50 }, (_, i) => i + 1) })
    expect(fifty.errors).toBeUndefined()
    expect(fifty.data.wallets).toHaveLength(50)
    const settling = ['settle 2', 'wallets']
    expect(shelf.statements.length).toBe(statementsForOne.length + settling.length)
    expect(statementsForOne.sort()).toEqual(['lot pages', 'lot pages', 'lots', 'newest', 'wallets'])
    expect(fifty.data.wallets[7].transactions.nodes).toEqual([
      { id: '8-7' },
      { id: '8-6' },
      { id: '8-5' },
    ])
    expect(fifty.data.wallets[7].more.nodes).toHaveLength(5)
  })

  it('L7, A4: shows balances at past moments, of all wallets and moments together', async () => {
    const query = `query ($ids: [Int!]!, $at: DateTime!) { wallets(ids: $ids) {
      balanceAt(at: $at) { available pending } before: balanceAt(at: "2026-02-28T23:59:59.998Z") { pending }
      now: balanceAt(at: "2026-03-01T00:00:00Z") { available pending claimable held frozen debt }
    } }`
    const statements: string[][] = []
    for (const count of [1, 50]) {
      shelf = openShelf()
      const ids = Array.from({ length: count }, (_, i) => i + 1).filter((id) => id !== 2)
      const at = '2026-03-01T07:59:59.999+08:00'
      const { data, errors } = await ask(query, { ids, at })
      expect(errors).toBeUndefined()
      expect(data.wallets.at(-1)).toEqual({
        balanceAt: { available: count, pending: 1 },
        before: { pending: 2 },
        // Nothing happened since: what the wallet holds.
        now: { available: 17, pending: 9, claimable: 0, held: 0, frozen: 0, debt: 0 },
      })
      statements.push(shelf.statements)
    }
    expect(statements).toEqual([
      ['wallets', 'wallets', 'balances'],
      ['wallets', 'wallets', 'balances'],
    ])
  })

  it('L7: refuses a moment in the future and names the field', async () => {
    const { errors } = await ask(
      '{ wallets(ids: [1]) { balanceAt(at: "2026-03-01T00:00:00.001Z") { available } } }',
    )
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'at' })
    expect(errors?.[0]?.message).toContain('past moment')
  })

  it('does what is due before it shows a wallet', async () => {
    const { data } = await ask('{ wallets(ids: [1, 2, 99]) { version } }')
    expect(data.wallets).toEqual([{ version: '7' }, { version: '8' }])
  })

  it('does what is due in a wallet once, however many fields ask for it', async () => {
    const reads = openLedgerReads({ source: shelf.source, now: () => NOW })
    const asked = await Promise.all([2, 2, 1, 2].map((id) => reads.findWallet(id)))
    expect(asked.map((wallet) => wallet?.version)).toEqual([8, 8, 7, 8])
    expect(shelf.statements).toEqual(['wallets', 'settle 2', 'wallets'])
  })

  it('sums available points by the instant they run out, within the days asked for', async () => {
    const { data } = await ask(
      '{ wallets(ids: [1]) { balance { expiringSoon { points at } far: expiringSoon(withinDays: 31) { points } } } }',
    )
    expect(data.wallets[0].balance).toEqual({
      expiringSoon: [{ points: 10, at: '2026-03-06T00:00:00.000Z' }],
      far: [{ points: 10 }, { points: 7 }],
    })
  })

  it('shows lots newest first, page by page', async () => {
    const query = `query ($after: String) { wallets(ids: [1]) { lots(first: 3, after: $after, open: false) {
      edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`
    const first = (await ask(query)).data.wallets[0].lots
    expect(first.edges.map((edge: { node: unknown }) => edge.node)).toEqual([
      { id: '1-5', state: 'PENDING' },
      { id: '1-4', state: 'AVAILABLE' },
      { id: '1-3', state: 'AVAILABLE' },
    ])
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const second = (await ask(query, { after: first.pageInfo.endCursor })).data.wallets[0].lots
    expect(second.edges.map((edge: { node: unknown }) => edge.node)).toEqual([
      { id: '1-2', state: 'AVAILABLE' },
      { id: '1-1', state: 'EXPIRED' },
    ])
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  it('L9: shows history with its explanation, page by page', async () => {
    const query = `query ($after: String) { wallets(ids: [3]) { transactions(first: 6, after: $after) {
      nodes { id version type reason title points change { available debt } balance { available }
        explanation { step title points figures } recordedAt effectiveAt policyVersion corrects }
      pageInfo { hasNextPage endCursor } } } }`
    const first = (await ask(query)).data.wallets[0].transactions
    expect(first.nodes[0]).toEqual({
      id: '3-7',
      version: '7',
      type: 'GRANT',
      reason: 'purchase',
      title: '«purchase»',
      points: 1,
      change: { available: 1, debt: -3 },
      balance: { available: 7 },
      explanation: [{ step: 'base', title: '«base»', points: '1.2', figures: { rate: '0.1' } }],
      recordedAt: '2026-03-01T00:00:00.000Z',
      effectiveAt: '2026-02-28T23:59:59.999Z',
      policyVersion: 1,
      corrects: null,
    })
    const second = (await ask(query, { after: first.pageInfo.endCursor })).data.wallets[0]
      .transactions
    expect(second.nodes.map((node: { id: string }) => node.id)).toEqual(['3-1'])
    expect(second.pageInfo.hasNextPage).toBe(false)
  })

  it.each([
    ['transactions(first: 0)', 'first'],
    ['transactions(first: 101)', 'first'],
    ['lots(first: -1)', 'first'],
    ['lots(after: "nonsense")', 'after'],
    [`lots(after: "${Buffer.from('["lots:2",1]').toString('base64url')}")`, 'after'],
    [
      `transactions(after: "${Buffer.from('["transactions:1","x"]').toString('base64url')}")`,
      'after',
    ],
  ])('refuses %s and names the field', async (field, name) => {
    const { errors } = await ask(`{ wallets(ids: [1]) { ${field} { nodes { id } } } }`)
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: name })
  })
})

describe('L3: how a lot ended', () => {
  it.each([
    ['EXHAUSTED', {}],
    ['EXPIRED', { lapsed: 3 }],
    ['VOIDED', { voided: 10 }],
    ['VOIDED', { voided: 10, lapsed: 10 }],
    ['EXHAUSTED', { voided: 4 }],
    ['HELD', { held: 1, lapsed: 9 }],
  ])('%s: %o', (state, points) => {
    expect(lotType(1, lotOf(1, { granted: 10, ...points })).state).toBe(state)
  })
})
