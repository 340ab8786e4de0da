import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import { closeDraft, grantPoints, isRefusal, openDraft, openLedger, putRecord } from '../index.js'

const WALLETS = [1, 2, 3, 4]

describe.each(availableStores())('A4: reads for many wallets at once on %s', (name) => {
  let open: OpenStore

  beforeAll(async () => {
    open = await openFreshStore(name)
    const ledger = openLedger({ store: open.stores[0], clock: () => 1_000 })
    await ledger.openWallets(WALLETS)
    // Wallet n has n grants; each leaves a note, and every second one a memo too. Wallet 4 has none.
    for (const wallet of WALLETS.slice(0, 3)) {
      for (let n = 1; n <= wallet * 2; n++) {
        const posted = await ledger.post({
          wallet,
          key: `${wallet}-${n}`,
          content: { n },
          needs: { records: ['note', 'memo'].map((kind) => ({ kind, ref: `${wallet}-${n}` })) },
          decide(view) {
            const draft = openDraft(view)
            const lot = grantPoints(draft, {
              kind: 'base',
              source: 'test',
              ref: `r${n}`,
              points: n,
              earnedAt: 1_000,
              claimMs: null,
              expiresAt: null,
            })
            if (isRefusal(lot)) return lot
            putRecord(draft, { kind: 'note', ref: `${wallet}-${n}`, body: { n }, dueAt: null })
            if (n % 2 === 0) {
              putRecord(draft, { kind: 'memo', ref: `${wallet}-${n}`, body: { n }, dueAt: null })
            }
            return closeDraft(draft, {
              type: 'grant',
              reason: 'test',
              explanation: [{ step: 'base', points: n }],
              policyVersion: 1,
              result: { n },
            })
          },
        })
        if (isRefusal(posted)) throw new Error(posted.code)
      }
    }
    await ledger.close()
  })
  afterAll(() => open.close())

  it.each([1, 3, 100])('finds the newest %i records of each as one by one', async (limit) => {
    const [store] = open.stores
    const wallets = [3, 1, 4, 99, 3]
    for (const kind of ['note', 'memo', 'nothing']) {
      const oneByOne = await Promise.all(
        [3, 1, 4].map((wallet) => store.findRecordsOf(wallet, kind, { beforeRef: null, limit })),
      )
      expect(await store.findNewestRecords(wallets, kind, limit)).toEqual(oneByOne.flat())
    }
    expect(await store.findNewestRecords([], 'note', limit)).toEqual([])
    const [newest] = await store.findNewestRecords([3], 'memo', 1)
    expect(newest).toMatchObject({ ref: '3-6', body: { n: 6 } })
  })

  it('finds records by their names, whole, and leaves out what there is not', async () => {
    const [store] = open.stores
    const ids = [
      { kind: 'note', ref: '3-5' },
      { kind: 'memo', ref: '1-2' },
      { kind: 'memo', ref: '1-1' },
      { kind: 'note', ref: '3-5' },
      { kind: 'note', ref: '99-1' },
    ]
    const found = await store.findRecords(ids)
    expect(found).toHaveLength(2)
    expect(new Set(found)).toEqual(
      new Set([await store.findRecord(ids[0]!), await store.findRecord(ids[1]!)]),
    )
    expect(await store.findRecords([])).toEqual([])
  })

  it('finds transactions by their places, whole, and leaves out what there is not', async () => {
    const [store] = open.stores
    const found = await store.findTransactionsAt([
      { wallet: 3, version: 5 },
      { wallet: 1, version: 2 },
      { wallet: 3, version: 1 },
      { wallet: 3, version: 99 },
      { wallet: 4, version: 1 },
    ])
    const histories = [
      ...(await store.findTransactions(1, { after: 0, limit: 9 })),
      ...(await store.findTransactions(3, { after: 0, limit: 9 })),
    ]
    const named = histories.filter(({ id }) => ['1-2', '3-1', '3-5'].includes(id))
    expect(named).toHaveLength(3)
    expect(found.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(named)
    expect(await store.findTransactionsAt([])).toEqual([])
  })
})
