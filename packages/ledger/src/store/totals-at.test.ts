import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores, freshUrl, hasMysql } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import { moveCommand } from '../../../../test/support/move-command.js'
import { startOfUtcDay } from '../../../../test/support/utc-day.js'
import {
  isRefusal,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type Ledger,
  type LedgerStore,
  openDatabase,
  openLedger,
  openSqlStore,
} from '../index.js'
import { totalsAt } from './totals-at.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WALLETS = [1, 2, 3]

describe.each(availableStores())('L7: totals at a moment on %s', (name) => {
  let open: OpenStore
  let ledger: Ledger
  let ahead: Ledger
  let store: LedgerStore
  const time = { now: 5 * HOUR }
  let keys = 0
  beforeAll(async () => {
    open = await openFreshStore(name)
    store = open.stores[0]
    ledger = openLedger({ store, clock: () => time.now })
    ahead = openLedger({ store: open.stores[1], clock: () => time.now + 3 * HOUR })
    await ledger.openWallets(WALLETS)
  })
  afterAll(async () => {
    await ledger.close()
    await ahead.close()
    await open.close()
  })

  async function grant(wallet: number, points: number, by = ledger): Promise<void> {
    const key = `key ${++keys}`
    const source = keys % 3 === 0 ? 'check-in' : 'purchase'
    const terms = { kind: 'base', ref: null, earnedAt: 0, claimMs: null }
    const expiresAt = keys % 4 === 0 ? time.now + 2 * DAY : null
    const posted = await by.post(
      moveCommand({
        wallet,
        key,
        moves: [{ move: 'grant', source, points, expiresAt, ...terms }],
        labels: keys % 2 === 0 ? { tier: 'gold' } : {},
      }),
    )
    if (isRefusal(posted)) throw new Error(posted.code)
  }

  /** What the journal itself says, transaction by transaction. */
  async function addedUp(at: number) {
    const histories = await Promise.all(
      WALLETS.map((wallet) => store.findTransactions(wallet, { after: 0, limit: 10_000 })),
    )
    return totalsAt(histories, at)
  }

  it('are the entries recorded by then, whatever was folded, late, or stamped by a clock ahead', async () => {
    const moments = [0, time.now - 1, time.now]
    const compare = async () => {
      for (const at of moments) {
        const totals = await store.findTotalsAt(at)
        expect(totals).toEqual(await addedUp(at))
        expect([...totals.values()].reduce((sum, total) => sum + total, 0n)).toBe(0n)
      }
    }
    for (let n = 0; n < 60; n++) {
      // Two wallets at once, several times in the same millisecond; now and then by the other server.
      await Promise.all([grant(1 + (n % 3), n + 1), grant(1 + ((n + 1) % 3), 7)])
      if (n % 7 === 0) await grant(1 + (n % 3), 1_000, ahead)
      moments.push(time.now, time.now + 3 * HOUR)
      if (n % 4 !== 0) time.now += 2 * HOUR + n
      if (n % 10 === 9) await compare()
      // Every other time without leaving an hour for what is late: those rows come behind.
      if (n % 10 === 4)
        await store.foldFigures(time.now - (n % 20 === 4 ? HOUR : -9 * HOUR), startOfUtcDay)
    }
    await compare()
    await store.foldFigures(time.now + DAY, startOfUtcDay)
    await compare()
    expect((await store.findTotalsAt(time.now + DAY)).get('issued:purchase')).toBeLessThan(0n)
    expect(await store.findTotalsAt(0)).toEqual(new Map())
  })
})

describe.each(hasMysql() ? (['sqlite', 'mysql'] as const) : (['sqlite'] as const))(
  'L7: running totals on %s',
  (name) => {
    it('begin with the days that were folded before there were any', async () => {
      const url = await freshUrl(name)
      const open = (migrations: number) =>
        openDatabase({
          url,
          entities: LEDGER_ENTITIES,
          migrations: LEDGER_MIGRATIONS.slice(0, migrations),
          durable: false,
        })
      const before = await open(1)
      await before.migrate()
      await before.write((manager) =>
        before
          .connection(manager)
          .run(
            "INSERT INTO ledger_figure (is_folded, recorded_at, account, labels, amount, transactions) VALUES (1, 100, 'a', '{}', 5, 1), (1, 100, 'a', '{\"x\":\"y\"}', 6, 1), (1, 200, 'a', '{}', 7, 1), (1, 200, 'b', '{}', -18, 1), (0, 300, 'b', '{}', 1, 1)",
          ),
      )
      await before.close()
      const after = await open(2)
      try {
        await after.migrate()
        const store = openSqlStore(after)
        const at = async (moment: number) => [...(await store.findTotalsAt(moment))].sort()
        const compare = async () => {
          expect(await at(99)).toEqual([])
          expect(await at(100)).toEqual([['a', 11n]])
          expect(await at(299)).toEqual([
            ['a', 18n],
            ['b', -18n],
          ])
          expect(await at(300)).toEqual([
            ['a', 18n],
            ['b', -17n],
          ])
        }
        await compare()
        await store.foldFigures(1_000, (moment) => moment - (moment % 100))
        await compare()
      } finally {
        await after.close()
      }
    })
  },
)
