import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import { startOfUtcDay } from '../../../../test/support/utc-day.js'
import { GENESIS } from '../chain/hash-transaction.js'
import { StoreConflict } from '../database/store-conflict.js'
import type { LedgerRecord, LedgerTransaction, TransactionLine } from '../posting/posting.js'
import type { Lot, Wallet } from '../wallet/wallet.js'
import type { BatchWrites, LedgerStore } from './ledger-store.js'

const MAX = Number.MAX_SAFE_INTEGER
const DAY = 86_400_000
const NOTHING: BatchWrites = {
  wallets: [],
  lots: [],
  transactions: [],
  records: [],
  counters: [],
  figures: [],
}

function wallet(id: number, version: number, more: Partial<Wallet> = {}): Wallet {
  return {
    id,
    version,
    balance: { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 },
    lastLot: 0,
    nextDueAt: null,
    lock: null,
    head: `${version}`.padStart(64, 'f'),
    memo: {},
    updatedAt: 1_000,
    ...more,
  }
}

function lot(seq: number, more: Partial<Lot> = {}): Lot {
  return {
    seq,
    kind: 'base',
    source: 'purchase',
    ref: null,
    granted: 10,
    available: 10,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
    earnedAt: 1_000,
    confirmAt: null,
    claimMs: null,
    claimBy: null,
    expiresAt: null,
    lapsed: 0,
    voided: 0,
    ...more,
  }
}

function transaction(
  id: number,
  version: number,
  more: Partial<LedgerTransaction> = {},
): LedgerTransaction {
  const { balance } = wallet(id, version)
  return {
    id: `${id}-${version}`,
    wallet: id,
    version,
    type: 'grant',
    reason: 'purchase',
    key: `key-${id}-${version}`,
    content: { order: `${id}-${version}` },
    entries: [
      { account: 'issued:purchase', lot: version, amount: -version },
      { account: 'available', lot: version, amount: version },
    ],
    termed: [],
    before: balance,
    balance: { ...balance, available: version },
    explanation: [{ step: 'base', points: version }],
    policyVersion: 1,
    labels: {},
    corrects: null,
    recordedAt: 1_000 + version,
    effectiveAt: 900 + version,
    result: null,
    previousHash: version === 1 ? GENESIS : `${version - 1}`.padStart(64, 'f'),
    hash: `${version}`.padStart(64, 'f'),
    ...more,
  }
}

function record(ref: string, more: Partial<LedgerRecord> = {}): LedgerRecord {
  return { kind: 'order', ref, wallet: 1, body: {}, dueAt: null, ...more }
}

describe.each(availableStores())('the %s store', (name) => {
  let open: OpenStore
  let store: LedgerStore
  /** The same books, seen by another server. */
  let other: LedgerStore
  let lastWallet = 0
  beforeAll(async () => {
    open = await openFreshStore(name)
    ;[store, other] = open.stores
  })
  afterAll(() => open.close())

  /** Wallets that no other test knows. */
  async function newWallets(count: number): Promise<number[]> {
    const ids = Array.from({ length: count }, () => ++lastWallet)
    await store.openWallets(ids, 500)
    return ids
  }

  /** Writes like a batch: locks what it writes first. */
  function write(writes: Partial<BatchWrites>, by: LedgerStore = store): Promise<void> {
    const all = { ...NOTHING, ...writes }
    return by.transaction(async (session) => {
      const ids = [...all.wallets, ...all.transactions, ...all.lots, ...all.records].map((one) =>
        'wallet' in one ? one.wallet : one.id,
      )
      await session.lockWallets([...new Set(ids)])
      await session.lockCounters(all.counters.map(({ id }) => id))
      await session.write(all)
    })
  }

  it('opens wallets at version zero, and leaves those alone that exist', async () => {
    const [a, b] = await newWallets(2)
    await write({ wallets: [wallet(a!, 1)], transactions: [transaction(a!, 1)] })
    const c = ++lastWallet
    await other.openWallets([c, b!, a!, c], 900)
    expect(await store.findWallets([c, a!, b!, 999_999])).toEqual([
      wallet(a!, 1),
      wallet(b!, 0, { head: GENESIS, updatedAt: 500 }),
      wallet(c, 0, { head: GENESIS, updatedAt: 900 }),
    ])
    await store.openWallets([], 1)
  })

  it('opens the same wallets for two servers at once', async () => {
    const ids = Array.from({ length: 500 }, () => ++lastWallet)
    await Promise.all([
      store.openWallets(ids, 1),
      other.openWallets(ids.toReversed(), 1),
      store.openWallets(ids.slice(100), 1),
    ])
    expect(await store.findWallets(ids)).toHaveLength(500)
  })

  it('keeps wallets, lots, transactions, records, counters and figures exactly', async () => {
    const [id] = await newWallets(1)
    const text = `“ünï” 积分 😀 '"\\ \u0000\u2028 %_`
    const full = wallet(id!, 1, {
      balance: { available: MAX, pending: 1, claimable: 2, held: 3, frozen: 4, debt: MAX },
      lastLot: 2,
      nextDueAt: MAX,
      memo: { [text]: [text, { n: -1.5e300, no: null }], '': true },
      updatedAt: MAX,
    })
    const lots = [
      lot(1, {
        kind: '😀',
        source: text,
        ref: text,
        granted: MAX,
        available: MAX,
        lapsed: MAX,
        voided: MAX,
      }),
      lot(2, { available: 0, confirmAt: MAX, claimMs: 0, claimBy: 5, expiresAt: 6, frozen: 1 }),
    ]
    const posted = transaction(id!, 1, {
      type: 'adjust',
      reason: text,
      key: `${text} 1`,
      content: { [text]: text, list: [1, [2]] },
      entries: [
        { account: text, lot: null, amount: -MAX },
        { account: 'available', lot: 1, amount: MAX },
      ],
      termed: lots,
      before: full.balance,
      balance: full.balance,
      explanation: [{ step: text, points: '0.125', figures: { rate: '1.2' } }],
      policyVersion: null,
      labels: { tier: text },
      corrects: '1-1',
      recordedAt: MAX,
      effectiveAt: -MAX,
      result: { deep: [{ er: text }] },
    })
    const document = record(text, { kind: text, wallet: id!, body: { [text]: [text] }, dueAt: MAX })
    await write({
      wallets: [full],
      lots: lots.map((one) => ({ wallet: id!, lot: one })),
      transactions: [posted],
      records: [document],
      counters: [{ id: text, value: MAX }],
      figures: [{ at: 1, account: text, labels: '{"a":"😀"}', amount: MAX, transactions: 1 }],
    })
    for (const reader of [store, other]) {
      expect(await reader.findWallets([id!])).toEqual([full])
      expect(await reader.findLots([id!], { open: true })).toEqual(
        lots.map((one) => ({ wallet: id, lot: one })),
      )
      expect(await reader.findTransactionByKey(`${text} 1`)).toEqual(posted)
      expect(await reader.findRecord({ kind: text, ref: text })).toEqual(document)
      expect(await reader.findCounters([text])).toEqual(new Map([[text, MAX]]))
      const totals = await reader.snapshot((snapshot) => snapshot.figureTotals())
      expect(totals.get(text)).toBe(BigInt(MAX))
    }
    // What a hash was made over comes back in the same order, to the letter.
    const again = await store.findTransactionByKey(posted.key)
    expect(JSON.stringify(again!.content)).toBe(JSON.stringify(posted.content))
    expect(JSON.stringify(again!.result)).toBe(JSON.stringify(posted.result))
  })

  it('tells keys apart that differ in case, accents, spaces at the end, and emoji', async () => {
    const keys = ['k', 'K', 'k ', 'k  ', 'k\u0001', 'k \u0001', 'ḱ', 'k😀', 'k😁', '', ' ']
    const ids = await newWallets(keys.length)
    await write({
      wallets: ids.map((id) => wallet(id, 1)),
      transactions: keys.map((key, n) => transaction(ids[n]!, 1, { key })),
      records: keys.map((ref, n) => record(ref, { kind: `fine${ref}`, wallet: ids[n]! })),
      counters: keys.map((id, value) => ({ id, value })),
    })
    for (const [n, key] of keys.entries()) {
      expect(await other.findTransactionByKey(key)).toMatchObject({ wallet: ids[n], key })
      const kind = `fine${key}`
      expect(await other.findRecord({ kind, ref: key })).toMatchObject({ wallet: ids[n], kind })
    }
    expect(await other.findCounters(keys)).toEqual(new Map(keys.map((key, n) => [key, n])))
    expect(await other.findTransactionByKey('k   ')).toBeUndefined()
    expect(await other.findRecord({ kind: 'fine', ref: 'k' })).toBeUndefined()
  })

  it('gives a session what it locks and asks for', async () => {
    const [a, b, c] = await newWallets(3)
    const open10 = lot(1)
    const closed = lot(2, { available: 0 })
    const held = lot(3, { available: 0, held: 1 })
    await write({
      wallets: [wallet(a!, 2, { lastLot: 3 }), wallet(b!, 1, { lastLot: 2 })],
      lots: [
        ...[open10, closed, held].map((one) => ({ wallet: a!, lot: one })),
        ...[open10, closed].map((one) => ({ wallet: b!, lot: one })),
      ],
      transactions: [transaction(a!, 1), transaction(a!, 2), transaction(b!, 1)],
      records: [record(`r${a}`, { wallet: a! }), record(`r${a}`, { kind: 'hold', wallet: b! })],
      counters: [{ id: `stock-${a}`, value: 7 }],
    })
    await store.transaction(async (session) => {
      const wallets = await session.lockWallets([c!, 999_999, a!, b!, a!])
      expect(wallets.map(({ id, version }) => [id, version])).toEqual([
        [a, 2],
        [b, 1],
        [c, 0],
      ])
      const keys = ['nobody', `key-${b}-1`, `key-${a}-2`]
      const known = await session.findTransactionsByKey(keys)
      expect([...known].sort((x, y) => x.wallet - y.wallet)).toEqual([
        transaction(a!, 2),
        transaction(b!, 1),
      ])
      const records = await session.findRecords([
        { kind: 'order', ref: `r${a}` },
        { kind: 'hold', ref: `r${a}` },
        { kind: 'hold', ref: 'nobody' },
      ])
      expect(records).toHaveLength(2)
      expect(records).toContainEqual(record(`r${a}`, { wallet: a! }))
      expect(records).toContainEqual(record(`r${a}`, { kind: 'hold', wallet: b! }))
      expect(
        await session.findLots([
          { wallet: b!, seqs: [2, 9] },
          { wallet: a!, seqs: [] },
          { wallet: c!, seqs: [1] },
        ]),
      ).toEqual([
        { wallet: a, lot: open10 },
        { wallet: a, lot: held },
        { wallet: b, lot: open10 },
        { wallet: b, lot: closed },
      ])
      expect(await session.findLots([{ wallet: a!, seqs: [1, 2] }])).toHaveLength(3)
      expect(await session.lockCounters([`stock-${a}`, `none-${a}`])).toEqual(
        new Map([
          [`stock-${a}`, 7],
          [`none-${a}`, 0],
        ]),
      )
    })
  })

  it('shows nothing before the commit, and leaves nothing after a rollback', async () => {
    const [id] = await newWallets(1)
    const before = await everything(id!)
    const writes = {
      wallets: [wallet(id!, 1, { nextDueAt: 5 })],
      lots: [{ wallet: id!, lot: lot(1) }],
      transactions: [transaction(id!, 1)],
      records: [record(`rolled-${id}`, { wallet: id!, dueAt: 1 })],
      counters: [{ id: `rolled-${id}`, value: 3 }],
      figures: [{ at: 1, account: `rolled-${id}`, labels: '{}', amount: 1, transactions: 1 }],
    }
    const failing = store.transaction(async (session) => {
      await session.lockWallets([id!])
      await session.lockCounters([`rolled-${id}`, `only-locked-${id}`])
      await session.write(writes)
      expect(await everything(id!)).toEqual(before)
      throw new Error('after all')
    })
    await expect(failing).rejects.toThrow('after all')
    expect(await everything(id!)).toEqual(before)
    await write(writes)
    expect(await everything(id!)).not.toEqual(before)
  })

  async function everything(id: number) {
    const snapshot = await store.snapshot(async (moment) => ({
      lots: await moment.lotsOf([id]),
      history: await moment.transactionsOf([id]),
      figures: (await moment.figureTotals()).get(`rolled-${id}`),
    }))
    return {
      ...snapshot,
      wallets: await store.findWallets([id]),
      due: (await store.findDueWallets(10, 1_000)).includes(id),
      record: await store.findRecord({ kind: 'order', ref: `rolled-${id}` }),
      counters: await store.findCounters([`rolled-${id}`]),
      byKey: await store.findTransactionByKey(`key-${id}-1`),
    }
  }

  it('writes over wallets, lots, records and counters, and never over history', async () => {
    const [id] = await newWallets(1)
    const first = {
      wallets: [wallet(id!, 1, { nextDueAt: 5, memo: { a: 1 } })],
      lots: [{ wallet: id!, lot: lot(1) }],
      transactions: [transaction(id!, 1)],
      records: [record(`over-${id}`, { wallet: id!, body: { n: 1 }, dueAt: 4 })],
      counters: [{ id: `over-${id}`, value: 1 }],
    }
    await write(first)
    const second = {
      wallets: [wallet(id!, 2, { memo: { b: 2 } })],
      lots: [
        { wallet: id!, lot: lot(1, { available: 0, held: 10 }) },
        { wallet: id!, lot: lot(2) },
      ],
      transactions: [transaction(id!, 2)],
      records: [record(`over-${id}`, { wallet: id!, body: { n: 2 }, dueAt: null })],
      counters: [{ id: `over-${id}`, value: 0 }],
    }
    await write(second, other)
    expect(await store.findWallets([id!])).toEqual(second.wallets)
    expect(await store.findLots([id!], { open: false })).toEqual(second.lots)
    expect(await store.findRecord({ kind: 'order', ref: `over-${id}` })).toEqual(second.records[0])
    expect(await store.findCounters([`over-${id}`])).toEqual(new Map([[`over-${id}`, 0]]))
    const sameKey = { ...second, transactions: [transaction(id!, 3, { key: `key-${id}-1` })] }
    await expect(write(sameKey)).rejects.toThrow(StoreConflict)
    const sameVersion = { ...second, transactions: [transaction(id!, 1, { key: `new-${id}` })] }
    await expect(write(sameVersion)).rejects.toThrow(StoreConflict)
    expect(await store.findTransactionByKey(`new-${id}`)).toBeUndefined()
    expect(await store.findTransactions(id!, { after: 0, limit: 9 })).toHaveLength(2)
  })

  it('gives a key to one of two servers that go for it at once', async () => {
    const ids = await newWallets(2)
    const key = `raced-${ids[0]}`
    let looked = 0
    let bothLooked = () => {}
    const meeting = new Promise<void>((resolve) => {
      bothLooked = resolve
    })
    const post = (server: LedgerStore, id: number) =>
      server.transaction(async (session) => {
        await session.lockWallets([id])
        if ((await session.findTransactionsByKey([key])).length > 0) return 'known'
        if (++looked === 2) bothLooked()
        // Where there is one writer at a time, they cannot meet.
        if (name === 'mysql') await meeting
        const posted = transaction(id, 1, { key })
        await session.write({ ...NOTHING, wallets: [wallet(id, 1)], transactions: [posted] })
        return 'written'
      })
    const outcomes = await Promise.allSettled([post(store, ids[0]!), post(other, ids[1]!)])
    const answers = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason,
    )
    const won = answers.indexOf('written')
    const lost = answers[1 - won]
    if (name === 'mysql') expect(lost).toBeInstanceOf(StoreConflict)
    else expect(lost).toBe('known')
    const versions = await store.findVersions(ids)
    expect(versions.get(ids[won]!)).toBe(1)
    expect(versions.get(ids[1 - won]!)).toBe(0)
  })

  it('lets nobody take a record that is somebody else’s', async () => {
    const [a, b] = await newWallets(2)
    const ref = `mine-${a}`
    await write({ records: [record(ref, { wallet: a! })] })
    await expect(write({ records: [record(ref, { wallet: b! })] })).rejects.toThrow(
      `belongs to wallet ${a}`,
    )
    expect(await store.findRecord({ kind: 'order', ref })).toMatchObject({ wallet: a })
    // Who holds both may hand it over.
    await store.transaction(async (session) => {
      await session.lockWallets([a!, b!])
      await session.write({ ...NOTHING, records: [record(ref, { wallet: b! })] })
    })
    expect(await store.findRecord({ kind: 'order', ref })).toMatchObject({ wallet: b })
  })

  it('writes nothing that was not locked', async () => {
    const [id] = await newWallets(1)
    const writes: [Partial<BatchWrites>, string][] = [
      [{ wallets: [wallet(id!, 1)] }, `wallet ${id}`],
      [{ lots: [{ wallet: id!, lot: lot(1) }] }, `wallet ${id}`],
      [{ transactions: [transaction(id!, 1)] }, `wallet ${id}`],
      [{ records: [record('free', { wallet: id! })] }, `wallet ${id}`],
      [{ counters: [{ id: 'free', value: 1 }] }, 'counter free'],
    ]
    for (const [some, what] of writes) {
      const loose = store.transaction((session) => session.write({ ...NOTHING, ...some }))
      await expect(loose).rejects.toThrow(`${what} is written but not locked`)
    }
  })

  it('writes no text that would come back as another', async () => {
    const [id] = await newWallets(1)
    const long = 'x'.repeat(500)
    const half = 'half \ud83d'
    for (const text of [long, half]) {
      const writes: Partial<BatchWrites>[] = [
        { transactions: [transaction(id!, 1, { key: text })] },
        { transactions: [transaction(id!, 1, { reason: text })] },
        {
          transactions: [
            transaction(id!, 1, { entries: [{ account: text, lot: null, amount: 1 }] }),
          ],
        },
        { lots: [{ wallet: id!, lot: lot(1, { ref: text }) }] },
        { records: [record(text, { wallet: id! })] },
        { records: [record('r', { kind: text, wallet: id! })] },
      ]
      for (const some of writes) await expect(write(some)).rejects.toThrow(RangeError)
    }
    // Half a character inside a document is JSON's to write, and comes back.
    const memo = { [half]: half }
    await write({ wallets: [wallet(id!, 1, { memo })] })
    expect((await store.findWallets([id!]))[0]!.memo).toEqual(memo)
  })

  it('pages through a history in both directions, entries with it', async () => {
    const [a, b, c] = await newWallets(3)
    const history = (id: number, count: number) =>
      Array.from({ length: count }, (_, n) => transaction(id, n + 1))
    await write({
      wallets: [wallet(a!, 7), wallet(b!, 2)],
      transactions: [...history(a!, 7), ...history(b!, 2)],
    })
    const versions = async (page: Parameters<LedgerStore['findTransactions']>[1]) =>
      (await store.findTransactions(a!, page)).map(({ version }) => version)
    expect(await versions({ after: 0, limit: 3 })).toEqual([1, 2, 3])
    expect(await versions({ after: 3, limit: 3 })).toEqual([4, 5, 6])
    expect(await versions({ after: 6, limit: 3 })).toEqual([7])
    expect(await versions({ after: 7, limit: 3 })).toEqual([])
    expect(await versions({ before: null, limit: 3 })).toEqual([7, 6, 5])
    expect(await versions({ before: 5, limit: 3 })).toEqual([4, 3, 2])
    expect(await versions({ before: 2, limit: 3 })).toEqual([1])
    expect(await versions({ before: 1, limit: 3 })).toEqual([])
    expect(await versions({ before: 99, limit: 1 })).toEqual([7])
    expect(await store.findTransactions(a!, { after: 2, limit: 2 })).toEqual([
      transaction(a!, 3),
      transaction(a!, 4),
    ])
    expect(await store.findTransactions(c!, { after: 0, limit: 2 })).toEqual([])
    const newest = await store.findNewestTransactions([b!, a!, c!], 3)
    expect(newest.map(lineOf)).toEqual(
      [
        transaction(b!, 2),
        transaction(b!, 1),
        transaction(a!, 7),
        transaction(a!, 6),
        transaction(a!, 5),
      ].map(lineOf),
    )
    expect(await store.findNewestTransactions([], 3)).toEqual([])
    expect(await store.findVersions([a!, b!, c!, 999_999])).toEqual(
      new Map([
        [a, 7],
        [b, 2],
        [c, 0],
      ]),
    )
  })

  it('keeps entries in their order, however many, and none', async () => {
    const [id] = await newWallets(1)
    const entries = Array.from({ length: 300 }, (_, n) => ({
      account: `account-${(n * 7) % 300}`,
      lot: n % 3 ? n : null,
      amount: 1_000 - n,
    }))
    const many = transaction(id!, 1, { entries })
    const none = transaction(id!, 2, { type: 'note', entries: [] })
    await write({ wallets: [wallet(id!, 2)], transactions: [many, none] })
    expect(await store.findTransactions(id!, { after: 0, limit: 9 })).toEqual([many, none])
    expect(await store.findTransactionByKey(none.key)).toEqual(none)
  })

  it('finds lots, open ones or all', async () => {
    const [a, b] = await newWallets(2)
    const lots = [
      { wallet: a!, lot: lot(1, { available: 0 }) },
      { wallet: a!, lot: lot(2, { available: 0, pending: 1 }) },
      { wallet: a!, lot: lot(3, { available: 0, claimable: 1 }) },
      { wallet: b!, lot: lot(1, { available: 0, frozen: 1 }) },
    ]
    await write({ lots: lots.toReversed() })
    expect(await store.findLots([b!, a!], { open: true })).toEqual(lots.slice(1))
    expect(await store.findLots([a!, b!], { open: false })).toEqual(lots)
    expect(await store.findLots([], { open: false })).toEqual([])
    await write({ lots: [{ wallet: a!, lot: lot(2, { available: 0 }) }] })
    expect(await store.findLots([a!], { open: true })).toEqual([lots[2]])
  })

  it('finds what is due, the longest due first', async () => {
    const [a, b, c, d] = await newWallets(4)
    const early = -1_000_000
    await write({
      wallets: [
        wallet(a!, 1, { nextDueAt: early + 2 }),
        wallet(b!, 1, { nextDueAt: early + 1 }),
        wallet(c!, 1, { nextDueAt: early + 1 }),
        wallet(d!, 1, { nextDueAt: null }),
      ],
      records: [
        record('due-a', { kind: 'task', wallet: a!, dueAt: 20 }),
        record('due-c', { kind: 'task', wallet: a!, dueAt: 10 }),
        record('due-b', { kind: 'task', wallet: a!, dueAt: 10 }),
        record('due-d', { kind: 'task', wallet: a!, dueAt: null }),
        record('due-e', { kind: 'other', wallet: a!, dueAt: 1 }),
      ],
    })
    expect(await store.findDueWallets(early + 2, 10)).toEqual([b, c, a])
    expect(await store.findDueWallets(early + 1, 10)).toEqual([b, c])
    expect(await store.findDueWallets(early + 2, 1)).toEqual([b])
    expect(await store.findDueWallets(early, 10)).toEqual([])
    const all = await store.findWalletsDueUntil({ until: early + 2, after: null, limit: 10 })
    expect(all.map(({ id }) => id)).toEqual([b, c, a])
    const page = (place: number, limit: number, until = early + 2) =>
      store.findWalletsDueUntil({ until, after: all[place] ?? null, limit })
    expect(await page(-1, 2)).toEqual(all.slice(0, 2))
    expect(await page(0, 10)).toEqual(all.slice(1))
    expect(await page(1, 1)).toEqual(all.slice(2))
    expect(await page(2, 10)).toEqual([])
    expect(await page(-1, 10, early + 1)).toEqual(all.slice(0, 2))
    const due = async (now: number, limit: number) =>
      (await store.findDueRecords('task', now, limit)).map(({ ref }) => ref)
    expect(await due(20, 10)).toEqual(['due-b', 'due-c', 'due-a'])
    expect(await due(19, 10)).toEqual(['due-b', 'due-c'])
    expect(await due(20, 1)).toEqual(['due-b'])
    expect(await due(9, 10)).toEqual([])
    const behind = async (dueAt: number, ref: string, limit = 10) =>
      (await store.findDueRecords('task', 20, limit, { dueAt, ref })).map((it) => it.ref)
    const [first, second] = await store.findDueRecords('task', 20, 10)
    expect(await behind(first!.dueAt!, first!.ref)).toEqual(['due-c', 'due-a'])
    expect(await behind(first!.dueAt!, first!.ref, 1)).toEqual(['due-c'])
    expect(await behind(second!.dueAt!, second!.ref)).toEqual(['due-a'])
    expect(await behind(0, 'zzz')).toEqual(['due-b', 'due-c', 'due-a'])
    expect(await behind(20, 'zzz')).toEqual([])
  })

  it('pages through the records of a wallet by ref, the highest first', async () => {
    const [a, b] = await newWallets(2)
    // By code points, as databases do; by halves of them 😀 would stand before ｆ.
    const refs = ['A', 'a', 'b', '积', 'ｆ', '😀']
    await write({
      records: [
        ...refs.map((ref) => record(ref, { kind: 'page', wallet: a! })),
        record('c', { kind: 'page', wallet: b! }),
        record('c', { kind: 'leaf', wallet: a! }),
      ],
    })
    const page = async (beforeRef: string | null, limit: number) =>
      (await store.findRecordsOf(a!, 'page', { beforeRef, limit })).map(({ ref }) => ref)
    expect(await page(null, 10)).toEqual(refs.toReversed())
    expect(await page(null, 2)).toEqual(['😀', 'ｆ'])
    expect(await page('ｆ', 2)).toEqual(['积', 'b'])
    expect(await page('a', 2)).toEqual(['A'])
    expect(await page('A', 2)).toEqual([])
  })

  it('hands out what nobody can change from outside', async () => {
    const [id] = await newWallets(1)
    const memo = { spend: [1, 2] }
    const posted = transaction(id!, 1)
    await write({ wallets: [wallet(id!, 1, { memo })], transactions: [posted] })
    memo.spend.push(3)
    const [read] = await store.findWallets([id!])
    const [first] = await store.findTransactions(id!, { after: 0, limit: 1 })
    for (const change of [
      () => (read!.memo.spend as number[]).push(4),
      () => Object.assign(read!.balance, { available: 99 }),
      () => (first!.entries as unknown[]).push({}),
    ]) {
      // A store either refuses the change or does not care.
      try {
        change()
      } catch (fault) {
        expect(fault).toBeInstanceOf(TypeError)
      }
    }
    expect((await store.findWallets([id!]))[0]).toEqual(wallet(id!, 1, { memo: { spend: [1, 2] } }))
    expect((await store.findTransactions(id!, { after: 0, limit: 1 }))[0]).toEqual(posted)
  })

  it('takes batches far larger than one statement', async () => {
    const ids = await newWallets(4_500)
    await write({
      wallets: ids.map((id) => wallet(id, 1)),
      lots: ids.map((id) => ({ wallet: id, lot: lot(1) })),
      transactions: ids.map((id) => transaction(id, 1, { content: { text: `${id}`.repeat(200) } })),
      records: ids.map((id) => record(`large-${id}`, { wallet: id })),
      counters: ids.map((id) => ({ id: `large-${id}`, value: id })),
    })
    expect(await store.findVersions(ids)).toEqual(new Map(ids.map((id) => [id, 1])))
    expect(await store.findWallets(ids)).toHaveLength(ids.length)
    expect(await store.findLots(ids, { open: true })).toHaveLength(ids.length)
    expect((await store.findCounters(ids.map((id) => `large-${id}`))).get(`large-${ids[7]}`)).toBe(
      ids[7],
    )
    await store.transaction(async (session) => {
      const keys = ids.map((id) => `key-${id}-1`)
      const known = await session.findTransactionsByKey(keys)
      expect(known).toHaveLength(ids.length)
      expect(known.every(({ entries }) => entries.length === 2)).toBe(true)
      const refs = ids.map((id) => ({ kind: 'order', ref: `large-${id}` }))
      expect(await session.findRecords(refs)).toHaveLength(ids.length)
    })
    expect(await store.findNewestTransactions(ids.slice(0, 450), 2)).toHaveLength(450)
  })

  it('shows a snapshot one moment, whatever happens meanwhile', async () => {
    const [a, b] = await newWallets(2)
    await write({ wallets: [wallet(a!, 1)], transactions: [transaction(a!, 1)] })
    const figures = [{ at: 5, account: `m-${a}`, labels: '{}', amount: 5, transactions: 1 }]
    await store.snapshot(async (snapshot) => {
      const seen = async () => ({
        wallets: (await snapshot.wallets(a! - 1, 2)).map(({ version }) => version),
        history: await snapshot.transactionsOf([b!, a!]),
        lots: await snapshot.lotsOf([a!, b!]),
        total: (await snapshot.figureTotals()).get(`m-${a}`),
      })
      const before = await seen()
      expect(before).toEqual({
        wallets: [1, 0],
        history: [transaction(a!, 1)],
        lots: [],
        total: undefined,
      })
      await write({
        wallets: [wallet(a!, 2), wallet(b!, 1)],
        lots: [{ wallet: a!, lot: lot(1) }],
        transactions: [transaction(a!, 2), transaction(b!, 1)],
        figures,
      })
      expect(await seen()).toEqual(before)
    })
    await store.snapshot(async (snapshot) => {
      expect(await snapshot.transactionsOf([b!, a!])).toEqual([
        transaction(a!, 1),
        transaction(a!, 2),
        transaction(b!, 1),
      ])
      expect((await snapshot.figureTotals()).get(`m-${a}`)).toBe(5n)
    })
  })

  it('pages through all wallets of a snapshot', async () => {
    await newWallets(5)
    const ids: number[] = []
    await store.snapshot(async (snapshot) => {
      for (let after = 0; ; after = ids.at(-1)!) {
        const page = await snapshot.wallets(after, 997)
        if (page.length === 0) break
        ids.push(...page.map(({ id }) => id))
      }
    })
    expect(ids).toEqual(Array.from({ length: lastWallet }, (_, n) => n + 1))
  })

  it('L8: seals the heads that moved, and only those', async () => {
    const [a, b, c] = await newWallets(3)
    await store.seal(1, () => 'everything so far')
    const rootOf = (previous: string, heads: readonly { wallet: number; version: number }[]) =>
      `${previous.slice(-20)}/${heads.map((head) => `${head.wallet}:${head.version}`).join()}`
    expect(await store.seal(2, rootOf)).toBeUndefined()
    await write({ wallets: [wallet(a!, 1), wallet(b!, 3)] })
    const first = await store.seal(10, rootOf)
    expect(first).toMatchObject({ sealedAt: 10, previousRoot: 'everything so far' })
    expect(first!.root).toBe(`everything so far/${a}:1,${b}:3`)
    await write({ wallets: [wallet(b!, 4), wallet(c!, 1)] })
    const second = await other.seal(20, rootOf)
    expect(second).toMatchObject({ id: first!.id + 1, previousRoot: first!.root })
    expect(await store.seal(30, rootOf)).toBeUndefined()
    await store.snapshot(async (snapshot) => {
      expect((await snapshot.seals()).slice(-2)).toEqual([first, second])
      expect(await snapshot.sealedHeads(second!.id)).toEqual([
        { wallet: b, version: 4, head: wallet(b!, 4).head },
        { wallet: c, version: 1, head: wallet(c!, 1).head },
      ])
      expect(await snapshot.sealedHeads(first!.id)).toHaveLength(2)
      expect(await snapshot.sealedHeads(999)).toEqual([])
    })
  })

  it('L8: seals many heads in pieces, each of them once', async () => {
    const ids = await newWallets(5_001)
    await store.seal(1, () => 'everything so far')
    await write({ wallets: ids.map((id) => wallet(id, 1)) })
    const sealed: number[][] = []
    const last = await store.seal(35, (previous, heads) => {
      sealed.push(heads.map((head) => head.wallet))
      return `${previous.slice(-9)}/${heads.length}`
    })
    expect(sealed.flat()).toEqual(ids)
    expect(Math.max(...sealed.map((some) => some.length))).toBeLessThanOrEqual(4_000)
    expect(await store.seal(36, () => 'nothing')).toBeUndefined()
    await store.snapshot(async (snapshot) => {
      const seals = (await snapshot.seals()).filter(({ sealedAt }) => sealedAt === 35)
      expect(seals.at(-1)).toEqual(last)
      expect(seals.map(({ id }) => id)).toEqual(seals.map((_, n) => seals[0]!.id + n))
      const heads = await snapshot.sealedHeadsOf([ids[5_000]!, ids[0]!, lastWallet + 1])
      expect(heads).toEqual([
        { seal: seals[0]!.id, wallet: ids[0], version: 1, head: wallet(1, 1).head },
        { seal: last!.id, wallet: ids[5_000], version: 1, head: wallet(1, 1).head },
      ])
    })
  })

  it('L8: seals every head once when two servers seal at once', async () => {
    const ids = await newWallets(20)
    await write({ wallets: ids.map((id) => wallet(id, 1)) })
    const seals = await Promise.all([
      store.seal(40, (previous, heads) => `${previous.length}-${heads.length}-a`),
      other.seal(40, (previous, heads) => `${previous.length}-${heads.length}-b`),
    ])
    const written = seals.flatMap((seal) => seal ?? [])
    await store.snapshot(async (snapshot) => {
      const heads = await Promise.all(written.map(({ id }) => snapshot.sealedHeads(id)))
      expect(heads.flat().filter(({ wallet: id }) => ids.includes(id))).toHaveLength(20)
      const all = await snapshot.seals()
      for (const [n, seal] of all.entries()) {
        if (n > 0) expect(seal.previousRoot).toBe(all[n - 1]!.root)
      }
    })
  })

  it('folds figures by day, account and labels, and keeps their sums', async () => {
    const account = `fold-${++lastWallet}`
    await store.openWallets([lastWallet], 1)
    const start = 30_000 * DAY
    const figure = (at: number, amount: number, labels = '{}') => ({
      at: start + at,
      account,
      labels,
      amount,
      transactions: 1,
    })
    await write({
      figures: [figure(0, 1), figure(DAY - 1, 2), figure(5, 4, '{"tier":"gold"}'), figure(DAY, 8)],
    })
    const total = () => store.snapshot(async (s) => (await s.figureTotals()).get(account))
    const before = start + 2 * DAY
    expect(await store.foldFigures(before, startOfUtcDay)).toBeGreaterThanOrEqual(4)
    expect(await total()).toBe(15n)
    expect(await store.foldFigures(before, startOfUtcDay)).toBe(0)
    // One that commits late, and one that is not due yet.
    await write({ figures: [figure(7, 16), figure(3 * DAY, 32)] })
    expect(await other.foldFigures(before, startOfUtcDay)).toBe(1)
    expect(await total()).toBe(63n)
    expect(await other.foldFigures(start + 9 * DAY, startOfUtcDay)).toBe(1)
    expect(await total()).toBe(63n)
  })

  it('folds many figures with two servers at it, and loses none', async () => {
    const accounts = Array.from({ length: 3 }, (_, n) => `many-${n}-${lastWallet}`)
    const start = 40_000 * DAY
    const figures = Array.from({ length: 9_001 }, (_, n) => ({
      at: start + n * 60_000,
      account: accounts[n % 3]!,
      labels: '{}',
      amount: n,
      transactions: 1,
    }))
    await write({ figures })
    const folded = await Promise.all([
      store.foldFigures(start + 99 * DAY, startOfUtcDay),
      other.foldFigures(start + 99 * DAY, startOfUtcDay),
    ])
    expect(folded[0]! + folded[1]!).toBe(9_001)
    const totals = await store.snapshot((snapshot) => snapshot.figureTotals())
    expect(accounts.map((account) => totals.get(account)).reduce((a, b) => a! + b!)).toBe(
      BigInt((9_001 * 9_000) / 2),
    )
  })

  it('counts one by one, whoever counts', async () => {
    const [id] = await newWallets(1)
    const counter = `contended-${id}`
    const take = async (server: LedgerStore): Promise<void> => {
      try {
        await server.transaction(async (session) => {
          const [before] = await session.lockWallets([id!])
          const stock = (await session.lockCounters([counter, `b-${counter}`])).get(counter)!
          await session.write({
            ...NOTHING,
            wallets: [{ ...before!, version: before!.version + 1 }],
            transactions: [transaction(id!, before!.version + 1)],
            counters: [{ id: counter, value: stock + 1 }],
          })
        })
      } catch (fault) {
        if (!(fault instanceof StoreConflict)) throw fault
        await take(server)
      }
    }
    await Promise.all(Array.from({ length: 60 }, (_, n) => take(n % 2 ? store : other)))
    expect(await store.findCounters([counter])).toEqual(new Map([[counter, 60]]))
    expect((await store.findVersions([id!])).get(id!)).toBe(60)
    expect(await store.findTransactions(id!, { after: 0, limit: 99 })).toHaveLength(60)
  })

  it('lets crossing writers through, in whatever order they name their wallets', async () => {
    const ids = await newWallets(12)
    let conflicts = 0
    const post = async (server: LedgerStore, names: readonly number[]): Promise<void> => {
      try {
        await server.transaction(async (session) => {
          const wallets = await session.lockWallets(names)
          await setImmediate()
          await session.write({
            ...NOTHING,
            wallets: wallets.map((one) => ({ ...one, version: one.version + 1 })),
            transactions: wallets.map((one) => transaction(one.id, one.version + 1)),
          })
        })
      } catch (fault) {
        if (!(fault instanceof StoreConflict)) throw fault
        conflicts++
        await post(server, names)
      }
    }
    await Promise.all(
      Array.from({ length: 48 }, (_, n) =>
        post(n % 2 ? store : other, n % 3 ? ids : ids.toReversed()),
      ),
    )
    expect([...(await store.findVersions(ids)).values()]).toEqual(ids.map(() => 48))
    // All lock in the same order, so nobody waited in a circle.
    expect(conflicts).toBe(0)
  })

  it.runIf(name === 'mysql')('answers a deadlock with a conflict, and leaves nothing', async () => {
    const [a, b] = await newWallets(2)
    let locked = 0
    let bothLocked = () => {}
    const meeting = new Promise<void>((resolve) => {
      bothLocked = resolve
    })
    const cross = (server: LedgerStore, first: number, second: number) =>
      server.transaction(async (session) => {
        const [one] = await session.lockWallets([first])
        if (++locked === 2) bothLocked()
        await meeting
        await session.lockWallets([second])
        await session.write({
          ...NOTHING,
          wallets: [{ ...one!, version: 1 }],
          transactions: [transaction(first, 1)],
        })
      })
    const outcomes = await Promise.allSettled([cross(store, a!, b!), cross(other, b!, a!)])
    const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(lost).toHaveLength(1)
    expect(lost[0]!.reason).toBeInstanceOf(StoreConflict)
    const versions = await store.findVersions([a!, b!])
    expect(versions.get(a!)! + versions.get(b!)!).toBe(1)
  })
})

/** What a history shows; the store may know more. */
function lineOf({ id, wallet, version, type, reason, before, balance, ...rest }: TransactionLine) {
  const { explanation, policyVersion, labels, corrects, recordedAt, effectiveAt } = rest
  const told = { explanation, policyVersion, labels, corrects, recordedAt, effectiveAt }
  return { id, wallet, version, type, reason, before, balance, ...told }
}
