import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores, freshUrl } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import { type Move, moveCommand } from '../../../../test/support/move-command.js'
import { openLedgerReads } from '../graphql/index.js'
import {
  closeDraft,
  confirmLots,
  isRefusal,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type Ledger,
  type LedgerStore,
  openDatabase,
  openDraft,
  openLedger,
  openSqlStore,
  type SqlConnection,
} from '../index.js'
import { findBalancesAt } from './sql-balances-at.js'

const NOTHING = { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }

const grant = (points: number, more: Partial<Extract<Move, { move: 'grant' }>> = {}): Move => ({
  move: 'grant',
  kind: 'base',
  source: 'purchase',
  ref: null,
  points,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
  ...more,
})

describe.each(availableStores())('L7: balances at a moment on %s', (name) => {
  let open: OpenStore
  let ledger: Ledger
  let store: LedgerStore
  const time = { now: 0 }
  let wallet = 0
  let keys = 0
  beforeAll(async () => {
    open = await openFreshStore(name)
    store = open.stores[0]
    ledger = openLedger({ store, clock: () => time.now })
  })
  afterAll(async () => {
    await ledger.close()
    await open.close()
  })

  async function newWallet(at: number): Promise<number> {
    time.now = at
    await ledger.openWallets([++wallet])
    return wallet
  }

  async function post(at: number, moves: readonly Move[], by = ledger): Promise<void> {
    time.now = at
    const posted = await by.post(moveCommand({ wallet, key: `key ${++keys}`, moves }))
    if (isRefusal(posted)) throw new Error(posted.code)
  }

  async function at(...moments: number[]) {
    return store.findBalancesAt(moments.map((at) => ({ wallet, at })))
  }

  const reads = () =>
    openLedgerReads({
      source: { ...store, settle: (wallets) => ledger.settle(wallets) },
      now: () => time.now,
    })

  it('is zero before the first version, and nobody has no balance', async () => {
    await newWallet(1_000)
    expect(await at(999, 1_000, 5_000)).toEqual([NOTHING, NOTHING, NOTHING])
    await post(2_000, [grant(5)])
    const five = { ...NOTHING, available: 5 }
    expect(await at(-1, 0, 1_999, 2_000, 9_000)).toEqual([NOTHING, NOTHING, NOTHING, five, five])
    expect(await store.findBalancesAt([{ wallet: 2 ** 40, at: 0 }])).toEqual([undefined])
    expect(await store.findBalancesAt([])).toEqual([])
  })

  it('takes the last of several versions of a millisecond', async () => {
    await newWallet(1_000)
    for (const points of [1, 2, 4]) await post(2_000, [grant(points)])
    for (const points of [8, 16]) await post(2_001, [grant(points)])
    const shown = await at(1_999, 2_000, 2_001)
    expect(shown.map((balance) => balance?.available)).toEqual([0, 7, 31])
  })

  it('knows debt, holds and frozen points', async () => {
    await newWallet(1_000)
    const hold = `hold ${wallet}`
    await post(2_000, [grant(10)])
    await post(3_000, [{ move: 'hold', ref: hold, points: 4 }])
    await post(4_000, [{ move: 'freeze', ref: 'f', points: 5, until: null, graceTo: null }])
    await post(5_000, [{ move: 'capture', ref: hold, account: 'redeemed:coupon' }])
    await post(6_000, [
      { move: 'clawback', lots: [1], points: 10, forgivenBefore: 0, policy: 'debt' },
    ])
    await post(7_000, [grant(20)])
    const shown = await at(2_500, 3_500, 4_500, 5_500, 6_500, 7_500)
    expect(shown.slice(0, 4)).toEqual([
      { ...NOTHING, available: 10 },
      { ...NOTHING, available: 6, held: 4 },
      { ...NOTHING, available: 1, held: 4, frozen: 5 },
      { ...NOTHING, available: 1, frozen: 5 },
    ])
    expect(shown[4]!.debt).toBeGreaterThan(0)
    const history = await store.findTransactions(wallet, { after: 0, limit: 9 })
    expect(shown).toEqual(history.map(({ balance }) => balance))
  })

  it('counts what was due by then, also when it was written long after', async () => {
    await newWallet(1_000)
    // Confirms at 3,000, must be claimed by 4,000; the other one expires at 5,000.
    await post(2_000, [
      grant(3, { pending: { confirmAt: 3_000 }, claimMs: 1_000 }),
      grant(7, { expiresAt: 5_000 }),
    ])
    await post(90_000, [grant(1)])
    expect(await at(2_999, 3_000, 3_999, 4_000, 4_999, 5_000, 89_999, 90_000)).toEqual([
      { ...NOTHING, pending: 3, available: 7 },
      { ...NOTHING, claimable: 3, available: 7 },
      { ...NOTHING, claimable: 3, available: 7 },
      { ...NOTHING, available: 7 },
      { ...NOTHING, available: 7 },
      NOTHING,
      NOTHING,
      { ...NOTHING, available: 1 },
    ])
  })

  it('does not take what somebody did for what was due', async () => {
    await newWallet(1_000)
    await post(2_000, [grant(3, { pending: { confirmAt: null } })])
    // As of a moment before, and of the type that is also done by itself; but decided at 9,000. To tell
    // the two apart by a key, it must be so to the letter.
    time.now = 9_000
    const posted = await ledger.post({
      wallet,
      key: `DUE/${wallet}/2`,
      content: {},
      needs: { lots: true },
      decide(view) {
        const draft = openDraft(view)
        const refusal = confirmLots(draft, { lots: [1], at: 2_500 })
        if (isRefusal(refusal)) return refusal
        return closeDraft(draft, { type: 'confirm', reason: 'due', effectiveAt: 2_500 })
      },
    })
    expect(isRefusal(posted)).toBe(false)
    expect(await at(8_999, 9_000)).toEqual([
      { ...NOTHING, pending: 3 },
      { ...NOTHING, available: 3 },
    ])
  })

  it('keeps the order of what was due: what expired before it confirmed was pending till then', async () => {
    await newWallet(1_000)
    await post(2_000, [grant(3, { pending: { confirmAt: 6_000 }, expiresAt: 4_000 })])
    await post(9_000, [grant(1)])
    const shown = await at(3_999, 4_000, 5_999, 6_000)
    expect(shown.map((balance) => balance?.pending)).toEqual([3, 3, 3, 0])
    expect(shown[3]).toEqual(NOTHING)
  })

  it('goes by the wallet’s own time where a server’s clock ran ahead', async () => {
    await newWallet(1_000)
    const ahead = openLedger({ store: open.stores[1], clock: () => time.now + 60_000 })
    await post(2_000, [grant(1)])
    await post(3_000, [grant(2)], ahead)
    // The other server's clock says 4,000; the wallet's time stays at 63,000.
    await post(4_000, [grant(4)])
    await ahead.close()
    await post(64_000, [grant(8)])
    const shown = await at(2_000, 4_000, 62_999, 63_000, 63_999, 64_000)
    expect(shown.map((balance) => balance?.available)).toEqual([1, 1, 1, 7, 7, 15])
  })

  it('a read settles first: what is due and not written yet counts', async () => {
    await newWallet(1_000)
    await post(2_000, [grant(7, { expiresAt: 5_000 })])
    time.now = 6_000
    const ask = (at: number) => reads().findBalanceAt({ wallet, at })
    expect((await store.findWallets([wallet]))[0]!.version).toBe(1)
    expect((await ask(5_500))!.available).toBe(0)
    expect((await ask(4_999))!.available).toBe(7)
    expect((await ask(6_000))!.available).toBe(0)
    expect(await reads().findBalanceAt({ wallet: 2 ** 40, at: 0 })).toBeUndefined()
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'A4, L7: what balances at a moment cost on %s',
  (name) => {
    it('is a fixed number of statements and few rows, however long the history', async () => {
      const url = await freshUrl(name)
      const database = await openDatabase({
        url,
        entities: LEDGER_ENTITIES,
        migrations: LEDGER_MIGRATIONS,
        durable: false,
      })
      try {
        await database.migrate()
        const time = { now: 0 }
        const store = openSqlStore(database)
        const ledger = openLedger({ store, clock: () => time.now })
        const ids = Array.from({ length: 100 }, (_, n) => n + 1)
        await ledger.openWallets(ids)
        // Wallet 1 has 5,000 versions, the 99 others 20; one point each, 50 in a millisecond.
        for (time.now = 1; time.now <= 100; time.now++) {
          const wallets = [...Array(50).fill(1), ...(time.now % 5 === 0 ? ids.slice(1) : [])]
          const posted = await Promise.all(
            wallets.map((wallet, n) =>
              ledger.post(
                moveCommand({
                  wallet,
                  key: `${time.now}-${n}`,
                  moves: [grant(1)],
                  lots: false,
                }),
              ),
            ),
          )
          expect(posted.filter(isRefusal)).toEqual([])
        }
        const ask = async (wallets: readonly number[], at: number) => {
          const counted = { statements: 0, rows: 0 }
          const found = await database.read((manager) =>
            findBalancesAt(
              counting(database.connection(manager), counted),
              wallets.map((wallet) => ({ wallet, at })),
            ),
          )
          return { ...counted, available: found.map((balance) => balance!.available) }
        }
        for (const at of [0, 1, 37, 50, 99]) {
          const forOne = await ask([1], at)
          expect(forOne.available).toEqual([50 * at])
          // The wallets; 5,000 versions in at most 4 rounds of 16 rows; the first version behind.
          expect(forOne.statements).toBeLessThanOrEqual(6)
          expect(forOne.rows).toBeLessThanOrEqual(2 + 4 * 16)
          const forAll = await ask(ids, at)
          expect(forAll.statements).toBe(forOne.statements)
          expect(forAll.available).toEqual([50 * at, ...Array(99).fill(Math.floor(at / 5))])
          expect(forAll.rows).toBeLessThanOrEqual(100 * (2 + 4 * 16))
        }
        expect(await ask([1], 100)).toEqual({ statements: 1, rows: 1, available: [5_000] })
        await ledger.close()
      } finally {
        await database.close()
      }
    })
  },
)

function counting(
  real: SqlConnection,
  counted: { statements: number; rows: number },
): SqlConnection {
  return {
    dialect: real.dialect,
    async select(sql, parameters) {
      const rows = await real.select(sql, parameters)
      counted.statements++
      counted.rows += rows.length
      return rows
    },
    run: (sql, parameters) => real.run(sql, parameters),
    insert: (statement, rows) => real.insert(statement, rows),
    insertAll: (inserts) => real.insertAll(inserts),
  }
}
