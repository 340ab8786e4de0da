import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Move, type MoveCommand, moveCommand } from '../../../../test/support/move-command.js'
import { CommitUnknown, StoreConflict } from '../database/store-conflict.js'
import type { Command, LedgerTransaction, Posted } from '../posting/posting.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import type { BatchWrites, LedgerStore } from '../store/ledger-store.js'
import { openMemoryStore } from '../store/open-memory-store.js'
import { verifyLedger } from '../verify/verify-ledger.js'
import { UnsoundPosting } from './assert-sound.js'
import {
  type Ledger,
  LedgerClosed,
  type LedgerOptions,
  LedgerOverloaded,
  openLedger,
} from './open-ledger.js'

const DAY = 86_400_000

const grant = (points: number, terms: object = {}): Move => ({
  move: 'grant',
  kind: 'base',
  source: 'purchase',
  ref: null,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
  points,
  ...terms,
})
const hold = (points: number, ref = 'r'): Move => ({ move: 'hold', ref, points })
const capture = (ref = 'r'): Move => ({ move: 'capture', ref, account: 'redeemed:coupon' })

/** A store in memory that counts its transactions and does what a test tells it to. */
interface StagedStore extends LedgerStore {
  readonly transactions: number
  readonly written: readonly BatchWrites[]
  /** Runs before, inside, or after the commit of each transaction; throws to make it fail. */
  before: (() => void | Promise<void>) | undefined
  onWrite: ((writes: BatchWrites) => void) | undefined
  after: (() => void) | undefined
}

function openStagedStore(): StagedStore {
  const inner = openMemoryStore()
  const written: BatchWrites[] = []
  const store: StagedStore = {
    ...inner,
    transactions: 0,
    written,
    before: undefined,
    onWrite: undefined,
    after: undefined,
    async transaction(work) {
      ;(store as { transactions: number }).transactions++
      await store.before?.()
      const result = await inner.transaction((session) =>
        work(
          new Proxy(session, {
            get(target, name) {
              if (name !== 'write') {
                const value = target[name as keyof typeof target]
                return typeof value === 'function' ? value.bind(target) : value
              }
              return async (writes: BatchWrites) => {
                store.onWrite?.(writes)
                await target.write(writes)
                written.push(writes)
              }
            },
          }),
        ),
      )
      store.after?.()
      return result
    },
  }
  return store
}

interface Scene {
  readonly store: StagedStore
  readonly ledger: Ledger
  readonly pauses: number[]
  /** A command of moves on wallet 1 unless it says otherwise. */
  post(key: string, moves: readonly Move[], more?: Partial<MoveCommand>): Promise<Posted | Refusal>
  clock: { now: number }
}

const open: Ledger[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((ledger) => ledger.close()))
})

async function scene(options: Partial<LedgerOptions> = {}): Promise<Scene> {
  const store = openStagedStore()
  const clock = { now: DAY }
  const pauses: number[] = []
  const ledger = openLedger({
    store,
    clock: () => clock.now,
    pause: async (attempt) => {
      pauses.push(attempt)
    },
    ...options,
  })
  open.push(ledger)
  await ledger.openWallets([1, 2, 3, 4, 5, 6, 7, 8])
  return {
    store,
    ledger,
    clock,
    pauses,
    post: (key, moves, more) => ledger.post(moveCommand({ wallet: 1, key, moves, ...more })),
  }
}

async function balanceOf(ledger: Ledger, wallet = 1) {
  const [found] = await ledger.store.findWallets([wallet])
  return { version: found!.version, ...found!.balance }
}

const outcomes = async (answers: readonly Promise<Posted | Refusal>[]) =>
  (await Promise.allSettled(answers)).map((answer) => {
    if (answer.status === 'rejected') return answer.reason.message as string
    const { value } = answer
    if (value.refused) return value.code
    return `${value.transaction.id}${value.replayed ? ' again' : ''}`
  })

describe('group commit', () => {
  it('G4: breaks off a decision that never ends; it alone fails, and the order of the others stays', async () => {
    const { post, ledger } = await scene({ decideMs: 100 })
    const hang: Command = {
      wallet: 1,
      key: 'hang',
      content: {},
      decide() {
        for (;;);
      },
    }
    const answers = await outcomes([
      post('a', [grant(10)]),
      post('b', [grant(5)], { wallet: 2 }),
      ledger.post(hang),
      post('c', [hold(4)]),
      post('d', [capture()]),
    ])
    expect(answers).toEqual([
      '1-1',
      '2-1',
      'A decision did not come to an end in time.',
      '1-2',
      '1-3',
    ])
    expect(await balanceOf(ledger)).toMatchObject({ version: 3, available: 6 })
    expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true, transactions: 4 })
  })

  it('writes what arrives together in one transaction, and answers each', async () => {
    const { store, post, ledger } = await scene()
    const answers = await outcomes([
      post('a', [grant(10)]),
      post('b', [grant(5)], { wallet: 2 }),
      post('c', [hold(4)]),
      post('d', [capture()]),
    ])
    expect(answers).toEqual(['1-1', '2-1', '1-2', '1-3'])
    expect(store.transactions).toBe(1)
    expect(await balanceOf(ledger)).toMatchObject({ version: 3, available: 6, held: 0 })
  })

  it('lets what arrives during a commit share the next one, up to the size of a batch', async () => {
    const { store, post } = await scene({ batchSize: 10 })
    const first = post('first', [grant(1)])
    await turn()
    const rest = Array.from({ length: 25 }, (_, place) => post(`rest-${place}`, [grant(1)]))
    await Promise.all([first, ...rest])
    expect(store.transactions).toBe(4)
  })

  it('lets the event loop turn, also when a store never waits and callers post again at once', async () => {
    const { post } = await scene({ batchSize: 1 })
    let turned = false
    await post('first', [grant(1)])
    const posts = [1, 2, 3].map(async (wallet) => {
      let n = 0
      for (; !turned && n < 200; n++) await post(`${wallet}/${n}`, [grant(1)], { wallet })
      return n
    })
    setImmediate(() => setImmediate(() => setImmediate(() => (turned = true))))
    expect(Math.max(...(await Promise.all(posts)))).toBeLessThan(200)
  })

  it('takes requests of a wallet in the order in which they came', async () => {
    const { post } = await scene({ batchSize: 3 })
    const answers = Array.from({ length: 20 }, (_, place) => post(`${place}`, [grant(1)]))
    expect(await outcomes(answers)).toEqual(answers.map((_, place) => `1-${place + 1}`))
  })

  it('L4: a refusal in a batch touches nobody else in it', async () => {
    const { store, post, ledger } = await scene()
    const answers = await outcomes([
      post('a', [grant(10)]),
      post('b', [grant(90), hold(101)]),
      post('c', [hold(10)]),
      post('d', [grant(1)], { wallet: 99 }),
    ])
    expect(answers).toEqual(['1-1', 'INSUFFICIENT_POINTS', '1-2', 'WALLET_NOT_FOUND'])
    expect(store.transactions).toBe(1)
    expect(await balanceOf(ledger)).toMatchObject({ version: 2, held: 10, available: 0 })
  })

  it('a decision that throws harms only itself', async () => {
    const { store, post, ledger } = await scene()
    const broken: Command = {
      wallet: 1,
      key: 'broken',
      content: {},
      decide: () => {
        throw new Error('a bug in a plugin')
      },
    }
    const answers = await outcomes([
      post('a', [grant(10)]),
      ledger.post(broken),
      post('b', [hold(10)]),
    ])
    expect(answers).toEqual(['1-1', 'a bug in a plugin', '1-2'])
    expect(store.transactions).toBe(1)
    // It used up nothing: mended, it may come again.
    expect(await outcomes([post('broken', [grant(1)])])).toEqual(['1-3'])
  })

  it('a decision whose posting is not sound harms only itself', async () => {
    const { post, ledger } = await scene()
    const decide = moveCommand({ wallet: 1, key: 'x', moves: [grant(10)] }).decide
    const unsound: Command = {
      wallet: 1,
      key: 'unsound',
      content: {},
      decide: (view) => ({ ...decide(view), entries: [] }) as never,
    }
    const answers = await Promise.allSettled([
      post('a', [grant(1)]),
      ledger.post(unsound),
      post('b', [grant(1)]),
    ])
    expect(answers[1]).toMatchObject({ status: 'rejected', reason: expect.any(UnsoundPosting) })
    expect(await balanceOf(ledger)).toMatchObject({ version: 2, available: 2 })
    expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
  })

  it('a decision sees what earlier ones of the batch have done: lots, holds, memo, counters', async () => {
    const { post, ledger, store } = await scene()
    const seen: unknown[] = []
    const watch: Command = {
      wallet: 1,
      key: 'watch',
      content: {},
      needs: { lots: true, records: [{ kind: 'hold', ref: 'r' }], counters: ['stock:a'] },
      decide(view) {
        const { wallet, lots, records, counters } = view
        seen.push(wallet.memo, [...lots.keys()], records.size, counters.get('stock:a'))
        return refuse('NOTHING')
      },
    }
    await Promise.all([
      post('a', [grant(10), { move: 'memo', memo: { streak: 3 } }]),
      post('b', [hold(4), { move: 'count', counter: 'stock:a', delta: 2 }]),
      post('c', [{ move: 'count', counter: 'stock:a', delta: 3 }]),
      ledger.post(watch),
    ])
    expect(seen).toEqual([{ streak: 3 }, [1], 1, 5])
    expect(store.transactions).toBe(1)
  })

  it('gives a wallet the time of its last transaction when the clock runs behind', async () => {
    const { post, ledger, clock } = await scene()
    await post('a', [grant(10)])
    clock.now -= 5_000
    const answer = (await post('b', [grant(1)])) as Posted
    expect(answer.transaction.recordedAt).toBe(DAY)
    expect((await ledger.store.findWallets([1]))[0]!.updatedAt).toBe(DAY)
  })
})

describe('L4: idempotency', () => {
  it('answers the same key with the same content by the first result, and writes nothing', async () => {
    const { post, store } = await scene()
    const first = (await post('k', [grant(10)])) as Posted
    await post('other', [grant(1)])
    const written = store.written.length
    const again = (await post('k', [grant(10)])) as Posted
    expect(again).toEqual({ transaction: first.transaction, replayed: true })
    expect(store.written).toHaveLength(written)
  })

  it('does so within one batch, and for what was refused a moment before', async () => {
    const { post, store } = await scene()
    const answers = await outcomes([
      post('k', [hold(5)]),
      post('fund', [grant(5)]),
      post('k', [hold(5)]),
      post('k', [hold(5)]),
      post('k', [hold(6)]),
    ])
    expect(answers).toEqual([
      'INSUFFICIENT_POINTS',
      '1-1',
      '1-2',
      '1-2 again',
      'IDEMPOTENCY_MISMATCH',
    ])
    expect(store.transactions).toBe(1)
  })

  it.each([
    ['another figure', [grant(10, { ref: 'order-2' })], 'moves.0.ref'],
    ['one more', [grant(10, { ref: 'order-1' }), grant(1)], 'moves.1'],
    ['one less', [], 'moves.0'],
    ['another kind', [{ move: 'claim' }], 'moves.0.move'],
  ] as const)('names the field that differs: %s', async (_, moves, field) => {
    const { post } = await scene()
    await post('k', [grant(10, { ref: 'order-1' })])
    const answer = (await post('k', moves as readonly Move[])) as Refusal
    expect(answer).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', figures: { field } })
    expect(answer.figures.detail).toContain(new Date(DAY).toISOString())
  })

  it("knows another member's key, whatever the content", async () => {
    const { post } = await scene()
    await post('k', [grant(10)])
    expect(await post('k', [grant(10)], { wallet: 2 })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'wallet' },
    })
  })

  it('takes keys as they are: case, accents, spaces at the end and beyond ASCII', async () => {
    const { post } = await scene()
    const keys = ['k', 'K', 'k ', ' k', 'ḱ', 'k\u0001', '订单', '🎁', 'k'.repeat(200)]
    const answers = await outcomes(keys.map((key) => post(key, [grant(1)])))
    expect(answers).toEqual(keys.map((_, place) => `1-${place + 1}`))
  })

  it.each(['', 'k'.repeat(201), 'due/1/1'])(
    'rejects a key that is none, as a fault of the caller: %j',
    async (key) => {
      const { post } = await scene()
      await expect(post(key, [grant(1)])).rejects.toThrow(RangeError)
    },
  )

  it('L4: nobody can use up the key of what the ledger does by itself', async () => {
    const { post, ledger, clock } = await scene()
    await post('a', [grant(10, { expiresAt: 2 * DAY })])
    await expect(post('due/1/2', [grant(1)])).rejects.toThrow('own')
    clock.now = 3 * DAY
    expect(await ledger.sweep(10)).toEqual({ wallets: 1, transactions: 1, failed: [] })
  })
})

describe('lots', () => {
  it('are loaded for a decision that says so, and not for one that does not', async () => {
    const { post, ledger, store } = await scene()
    await post('a', [grant(10)])
    const loaded: boolean[] = []
    const look = (key: string, lots: boolean): Command => ({
      wallet: 1,
      key,
      content: {},
      needs: { lots },
      decide: (view) => {
        loaded.push(view.lotsLoaded)
        return refuse('NOTHING')
      },
    })
    await ledger.post(look('b', false))
    await ledger.post(look('c', true))
    expect(loaded).toEqual([false, true])
    expect(store.transactions).toBe(3)
  })

  it('are loaded after all when a decision turns out to need them, and it decides once more', async () => {
    const { post, store } = await scene()
    await post('a', [grant(10)])
    const answers = [post('b', [hold(4)], { lots: false }), post('c', [grant(1)], { lots: false })]
    expect(await outcomes(answers)).toEqual(['1-3', '1-2'])
    expect(store.transactions).toBe(3)
  })

  it('before those that came later and still wait', async () => {
    const { post } = await scene({ batchSize: 1 })
    await post('a', [grant(10)])
    const answers = [post('b', [hold(4)], { lots: false }), post('c', [grant(1)])]
    expect(await outcomes(answers)).toEqual(['1-2', '1-3'])
  })

  it('one after the other when a decision asks for several that are exhausted', async () => {
    const { post, ledger } = await scene()
    await post('a', [grant(10), grant(20), grant(30), grant(40)])
    await post('b', [hold(100), capture()])
    const lots = [1, 2, 3, 4]
    const clawback: Move = {
      move: 'clawback',
      lots,
      points: 100,
      forgivenBefore: 0,
      policy: 'debt',
    }
    // A command that forgot to name them.
    const { decide, ...rest } = moveCommand({ wallet: 1, key: 'c', moves: [clawback] })
    const answer = await ledger.post({ ...rest, decide, needs: { lots: true } })
    expect(answer).toMatchObject({ transaction: { balance: { debt: 100 } } })
  })

  it('a decision that asks again for a lot it was given is faulty, and ends', async () => {
    const { post, ledger, store } = await scene()
    await post('a', [grant(10)])
    const { LotNotLoaded } = await import('../draft/draft.js')
    const insatiable: Command = {
      wallet: 1,
      key: 'b',
      content: {},
      decide: () => {
        throw new LotNotLoaded(1)
      },
    }
    await expect(ledger.post(insatiable)).rejects.toThrow('lot 1 was not loaded')
    expect(store.transactions).toBe(3)
  })

  it('X7: what is due is done before a decision, and stays done when the decision refuses', async () => {
    const { post, ledger, clock } = await scene()
    await post('a', [
      grant(10, { expiresAt: 2 * DAY }),
      grant(5, { pending: { confirmAt: 3 * DAY } }),
    ])
    clock.now = 4 * DAY
    expect(await post('b', [hold(6)])).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 5 },
    })
    const history = await ledger.store.findTransactions(1, { after: 1, limit: 9 })
    expect(
      history.map(({ type, effectiveAt, recordedAt }) => [type, effectiveAt, recordedAt]),
    ).toEqual([
      ['expire', 2 * DAY, 4 * DAY],
      ['confirm', 3 * DAY, 4 * DAY],
    ])
  })

  it('X7: does what is due for a decision that needs no lots itself', async () => {
    const { post, ledger, clock } = await scene()
    await post('a', [grant(10, { expiresAt: 2 * DAY })])
    clock.now = 3 * DAY
    expect(await outcomes([post('b', [grant(1)], { lots: false })])).toEqual(['1-3'])
    expect(await balanceOf(ledger)).toMatchObject({ available: 1 })
  })

  it('X7: also when only the wallet, by a server with a faster clock, knows that it is due', async () => {
    const { post, ledger, clock, store } = await scene()
    await post('a', [grant(10)])
    clock.now = 5 * DAY
    await post('b', [grant(10, { expiresAt: 4 * DAY })])
    // The clock of this server is behind: by it, nothing is due yet.
    clock.now = 3 * DAY
    const before = store.transactions
    expect(await outcomes([post('c', [grant(1)], { lots: false })])).toEqual(['1-4'])
    expect(store.transactions - before, 'known at once, without a second try').toBe(1)
    expect(await balanceOf(ledger)).toMatchObject({ available: 11 })
  })

  it('X7: within one batch, when a lot is granted that has expired already', async () => {
    const { post, ledger } = await scene()
    await post('a', [grant(10)])
    const answers = [
      post('b', [grant(10, { expiresAt: DAY - 1 })], { lots: false }),
      post('c', [grant(1)], { lots: false }),
      post('d', [hold(11)]),
    ]
    expect(await outcomes(answers)).toEqual(['1-2', '1-4', '1-5'])
    expect(await balanceOf(ledger)).toMatchObject({ available: 0, held: 11 })
  })
})

describe('settle and sweep', () => {
  it('X7: settle does what is due and says how many transactions that took', async () => {
    const { post, ledger, clock } = await scene()
    await post('a', [grant(10, { expiresAt: 2 * DAY }), grant(5, { expiresAt: 3 * DAY })])
    await post('b', [grant(5, { expiresAt: 3 * DAY })], { wallet: 2 })
    clock.now = 3 * DAY
    expect(await ledger.settle([1, 2, 3, 99])).toBe(3)
    expect(await ledger.settle([1, 2, 3, 99])).toBe(0)
  })

  it('X7: sweeps the longest due first, so many at a time, until nothing is left', async () => {
    const { post, ledger, clock } = await scene()
    for (const wallet of [1, 2, 3]) {
      await post(`${wallet}`, [grant(1, { expiresAt: (5 - wallet) * DAY })], { wallet })
    }
    clock.now = 9 * DAY
    const swept: number[] = []
    ledger.onPosted((transactions) => swept.push(...transactions.map(({ wallet }) => wallet)))
    expect(await ledger.sweep(2)).toEqual({ wallets: 2, transactions: 2, failed: [] })
    expect(swept.sort()).toEqual([2, 3])
    expect(await ledger.sweep(2)).toEqual({ wallets: 1, transactions: 1, failed: [] })
    expect(await ledger.sweep(2)).toEqual({ wallets: 0, transactions: 0, failed: [] })
  })

  it('X7: names a wallet that cannot be settled, and lets it starve no other', async () => {
    const { post, ledger, clock, store } = await scene()
    for (const wallet of [1, 2, 3, 4]) {
      await post(`${wallet}`, [grant(1, { expiresAt: (1 + wallet) * DAY })], { wallet })
    }
    // What the rows of the two that are due the longest say cannot be: nothing that expires is there.
    await store.transaction(async (session) => {
      const wallets = (await session.lockWallets([1, 2])).map((wallet) => ({
        ...wallet,
        balance: { ...wallet.balance, available: 0 },
      }))
      const nothing = { lots: [], transactions: [], records: [], counters: [], figures: [] }
      await session.write({ wallets, ...nothing })
    })
    clock.now = 9 * DAY
    const first = await ledger.sweep(2)
    expect(first).toMatchObject({
      wallets: 2,
      transactions: 0,
      failed: [{ wallet: 1 }, { wallet: 2 }],
    })
    expect(first.failed[0]!.fault).toBeInstanceOf(UnsoundPosting)
    expect(await ledger.sweep(2)).toEqual({ wallets: 2, transactions: 2, failed: [] })
    expect(await ledger.sweep(2)).toEqual({ wallets: 0, transactions: 0, failed: [] })
    // Later they are tried again.
    clock.now += 60_000
    expect(await ledger.sweep(9)).toMatchObject({ wallets: 2, failed: [{}, {}] })
  })

  it('X7: puts a next due time right that was only a lower bound, without a transaction', async () => {
    const { post, ledger, clock, store } = await scene()
    await post('a', [grant(10, { expiresAt: 9 * DAY })])
    const stale = async () => (await ledger.store.findWallets([1]))[0]!
    await store.transaction(async (session) => {
      const [wallet] = await session.lockWallets([1])
      const wallets = [{ ...wallet!, nextDueAt: 2 * DAY }]
      const nothing = { lots: [], transactions: [], records: [], counters: [], figures: [] }
      await session.write({ wallets, ...nothing })
    })
    clock.now = 3 * DAY
    const before = await stale()
    expect(await ledger.sweep(10)).toEqual({ wallets: 1, transactions: 0, failed: [] })
    expect(await stale()).toEqual({ ...before, nextDueAt: 9 * DAY })
    expect(await ledger.sweep(10)).toEqual({ wallets: 0, transactions: 0, failed: [] })
  })
})

describe('faults of the store', () => {
  it('are narrowed down to the requests that cause them; all others are posted', async () => {
    const { store, post } = await scene()
    store.onWrite = ({ transactions }) => {
      if (transactions.some(({ key }) => key.startsWith('poison'))) throw new Error('too long')
    }
    const keys = ['a', 'b', 'poison-1', 'c', 'd', 'e', 'f', 'poison-2', 'g']
    const answers = await outcomes(keys.map((key) => post(key, [grant(1)])))
    expect(answers).toEqual([
      '1-1',
      '1-2',
      'too long',
      '1-3',
      '1-4',
      '1-5',
      '1-6',
      'too long',
      '1-7',
    ])
  })

  it('a command whose needs throw harms only itself', async () => {
    const { post, ledger } = await scene()
    await post('a', [grant(5)])
    const broken: Command = {
      ...moveCommand({ wallet: 1, key: 'broken', moves: [grant(1)] }),
      needs: {
        lots: () => {
          throw new Error('no lots for you')
        },
      },
    }
    const answers = [post('b', [grant(1)]), ledger.post(broken), post('c', [grant(1)])]
    expect(await outcomes(answers)).toEqual(['1-2', 'no lots for you', '1-3'])
  })

  it('a conflict is tried again in a fresh transaction, with the decisions run anew', async () => {
    const { store, post, pauses, ledger } = await scene()
    let conflicts = 3
    store.onWrite = () => {
      if (conflicts-- > 0) throw new StoreConflict('deadlock')
    }
    const answers = [post('a', [grant(10)]), post('b', [hold(4)])]
    expect(await outcomes(answers)).toEqual(['1-1', '1-2'])
    expect(pauses).toEqual([2, 3, 4])
    expect(await balanceOf(ledger)).toMatchObject({ version: 2, available: 6, held: 4 })
  })

  it('a bounded number of times; then everyone in the batch hears of it, and later ones go on', async () => {
    const { store, post, pauses } = await scene({ attempts: 3 })
    store.before = () => {
      throw new StoreConflict('deadlock')
    }
    const answers = [post('a', [grant(10)]), post('b', [grant(1)], { wallet: 2 })]
    expect(await outcomes(answers)).toEqual(['deadlock', 'deadlock'])
    expect([store.transactions, pauses]).toEqual([3, [2, 3]])
    store.before = undefined
    expect(await outcomes([post('a', [grant(10)])])).toEqual(['1-1'])
  })

  it('L4: a commit whose answer was lost is found again: once in the books, once told, not a replay', async () => {
    const { store, post, ledger } = await scene()
    const told: string[] = []
    ledger.onPosted((transactions) => told.push(...transactions.map(({ id }) => id)))
    let lost = 1
    store.after = () => {
      if (lost-- > 0) throw new CommitUnknown('connection lost in the commit')
    }
    const answers = [post('a', [grant(10)]), post('a', [grant(10)]), post('b', [hold(99)])]
    expect(await outcomes(answers)).toEqual(['1-1', '1-1 again', 'INSUFFICIENT_POINTS'])
    expect(told).toEqual(['1-1'])
    expect(await balanceOf(ledger)).toMatchObject({ version: 1, available: 10 })
  })

  it('X7: a lost answer hides nothing of what was due either, when nothing else was in the batch', async () => {
    const { store, post, ledger, clock } = await scene()
    await post('a', [grant(10, { expiresAt: 2 * DAY })])
    clock.now = 3 * DAY
    const told: string[] = []
    ledger.onPosted((transactions) => told.push(...transactions.map(({ id }) => id)))
    let lost = 1
    store.after = () => {
      if (lost-- > 0) throw new CommitUnknown('connection lost in the commit')
    }
    expect(await ledger.settle([1])).toBe(1)
    expect(told).toEqual(['1-2'])
    expect(await balanceOf(ledger)).toMatchObject({ version: 2, available: 0 })
  })

  it('L4: what another server wrote of the same, to the last bit, stays a replay', async () => {
    const { store, post, ledger } = await scene()
    const told: string[] = []
    ledger.onPosted((transactions) => told.push(...transactions.map(({ id }) => id)))
    // Its twin decides at the same millisecond, commits first, and this batch meets its key.
    store.onWrite = (writes) => {
      store.onWrite = undefined
      const [transaction] = writes.transactions
      store.before = async () => {
        store.before = undefined
        await store.transaction(async (session) => {
          await session.lockWallets([transaction!.wallet])
          await session.write(writes)
        })
      }
      throw new StoreConflict('somebody wrote the same key first')
    }
    expect(await outcomes([post('a', [grant(10)])])).toEqual(['1-1 again'])
    expect(told).toEqual([])
  })

  it('L4: what was really there before stays a replay, also when its batch is tried again', async () => {
    const { store, post, ledger } = await scene()
    await post('old', [grant(1)])
    const told: string[] = []
    ledger.onPosted((transactions) => told.push(...transactions.map(({ id }) => id)))
    let conflicts = 1
    store.onWrite = () => {
      if (conflicts-- > 0) throw new StoreConflict('deadlock')
    }
    expect(await outcomes([post('old', [grant(1)]), post('new', [grant(1)])])).toEqual([
      '1-1 again',
      '1-2',
    ])
    expect(told).toEqual(['1-2'])
  })
})

describe('listeners', () => {
  it('are told after the commit, in its order, before the caller goes on', async () => {
    const { ledger, post, store } = await scene()
    const events: string[] = []
    store.after = () => events.push('commit')
    ledger.onPosted((transactions) => events.push(...transactions.map(({ id }) => `told ${id}`)))
    await Promise.all([
      post('a', [grant(1)]).then(() => events.push('answered')),
      post('b', [grant(1)]),
      post('c', [hold(99)]),
    ])
    expect(events).toEqual(['commit', 'told 1-1', 'told 1-2', 'answered'])
  })

  it('are told of what was due, and of nothing when nothing was written', async () => {
    const { ledger, post, clock } = await scene()
    await post('a', [grant(10, { expiresAt: 2 * DAY })])
    const told: readonly LedgerTransaction[][] = []
    ledger.onPosted((transactions) => (told as LedgerTransaction[][]).push([...transactions]))
    await post('a', [grant(10, { expiresAt: 2 * DAY })])
    await post('b', [hold(99)])
    expect(told).toEqual([])
    clock.now = 2 * DAY
    await post('b', [hold(99)])
    expect(told.flat().map(({ type, version }) => [type, version])).toEqual([['expire', 2]])
  })

  it('do not stop one another, nor the ledger; and hear nothing after they left', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { ledger, post } = await scene()
    const told: string[] = []
    ledger.onPosted(() => {
      throw new Error('a listener fell over')
    })
    const leave = ledger.onPosted((transactions) => told.push(transactions[0]!.key))
    expect(await outcomes([post('a', [grant(1)])])).toEqual(['1-1'])
    leave()
    expect(await outcomes([post('b', [grant(1)])])).toEqual(['1-2'])
    expect(told).toEqual(['a'])
    expect(warned).toHaveBeenCalledTimes(2)
    warned.mockRestore()
  })
})

describe('limits and the end', () => {
  it('turns away what comes when too much waits, and takes it when that is done', async () => {
    const { ledger, post, store } = await scene({ queueLimit: 3, batchSize: 1 })
    let letGo = () => {}
    store.before = () => new Promise<void>((resolve) => (letGo = resolve))
    const running = post('running', [grant(1)])
    await expect.poll(() => store.transactions).toBe(1)
    const waiting = ['a', 'b', 'c'].map((key) => post(key, [grant(1)]))
    expect(ledger.waiting()).toBe(3)
    await expect(post('d', [grant(1)])).rejects.toThrow(LedgerOverloaded)
    store.before = undefined
    letGo()
    expect(await outcomes([running, ...waiting])).toEqual(['1-1', '1-2', '1-3', '1-4'])
    expect(await outcomes([post('d', [grant(1)])])).toEqual(['1-5'])
    expect(ledger.waiting()).toBe(0)
  })

  it('close answers everything that was accepted, over all lanes, and takes nothing new', async () => {
    const { ledger, post, store } = await scene({ lanes: 3, batchSize: 2 })
    store.before = () => turn()
    const accepted = Array.from({ length: 30 }, (_, place) =>
      post(`${place}`, [grant(1)], { wallet: (place % 8) + 1 }),
    )
    const closing = ledger.close()
    await expect(post('late', [grant(1)])).rejects.toThrow(LedgerClosed)
    await expect(ledger.settle([1])).rejects.toThrow(LedgerClosed)
    await closing
    expect(ledger.waiting()).toBe(0)
    const answers = await Promise.race([outcomes(accepted), turn('not answered')])
    expect(answers).toHaveLength(30)
    expect(answers).not.toContain('late')
    await ledger.close()
  })

  it('close also waits for what has to be decided once more', async () => {
    const { ledger, post } = await scene()
    await post('a', [grant(10)])
    const answer = post('b', [hold(4)], { lots: false })
    await ledger.close()
    expect(await answer).toMatchObject({ replayed: false })
  })

  it.each([NaN, 1.5, Infinity, -1, 0, 2 ** 53])('knows no wallet %d', async (wallet) => {
    const { post } = await scene({ lanes: 4 })
    expect(await post('a', [grant(1)], { wallet })).toMatchObject({ code: 'WALLET_NOT_FOUND' })
  })

  it('opens a wallet once', async () => {
    const { ledger, post, clock } = await scene()
    await post('a', [grant(10)])
    clock.now += 5
    await ledger.openWallets([1, 9])
    expect(await balanceOf(ledger)).toMatchObject({ version: 1, available: 10 })
    expect(await balanceOf(ledger, 9)).toMatchObject({ version: 0 })
  })
})

describe('lanes', () => {
  it('commit side by side, each wallet always in the same one', async () => {
    const { ledger, store } = await scene({ lanes: 4, batchSize: 4 })
    const answers = Array.from({ length: 200 }, (_, place) => {
      const wallet = (place % 8) + 1
      return ledger.post(moveCommand({ wallet, key: `${place}`, moves: [grant(1)] }))
    })
    const posted = (await Promise.all(answers)) as Posted[]
    for (const wallet of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const versions = posted
        .filter(({ transaction }) => transaction.wallet === wallet)
        .map(({ transaction }) => transaction.version)
      expect(versions).toEqual(Array.from({ length: 25 }, (_, place) => place + 1))
    }
    expect(await verifyLedger(store)).toMatchObject({ ok: true, transactions: 200 })
  })
})
