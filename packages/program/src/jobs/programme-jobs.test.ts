import { openSqlStore, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
} from '../../../../test/support/test-program.js'

const sharedStores = availableStores().filter((store) => store !== 'memory')
const title = { en: 'x', zh: 'x' }
const buy = (memberId: string, orderId: string, at: number) => ({
  source: 'purchase',
  memberId,
  event: { orderId, at, lines: [{ id: '1', quantity: 1, priceMinor: 1_000 }], confirmed: false },
})

describe.each(sharedStores)('O2: what runs by itself on %s', (store) => {
  it('X7: confirms and expires each lot once, at its time, on two servers, also after a long sleep', async () => {
    const firstPolicy = {
      kinds: {
        purchase: { title, expiry: { term: 'days', days: 10 } },
        task: { title, expiry: { term: 'never' } },
      },
      sources: { purchase: { settings: { confirmAfterMs: 2 * DAY_MS } } },
    }
    const first = await openTestProgram(store, { firstPolicy })
    const { url, time } = first
    const second = await openTestProgram(store, { url, time })
    const members = Array.from({ length: 250 }, (_, n) => `m${n}`)
    await first.program.members.registerMany(members.map((id) => ({ id })))
    await first.program.earnMany(members.map((id) => buy(id, `a-${id}`, MONDAY_NOON)))
    const runAll = async () => {
      await Promise.all([first.program.jobs.runDue(), second.program.jobs.runDue()])
    }
    const sums = async () => {
      const wallets = await first.ledger.store.findWallets(members.map((_, n) => n + 1))
      const sum = (part: 'pending' | 'available') =>
        wallets.reduce((all, { balance }) => all + balance[part], 0)
      return { pending: sum('pending'), available: sum('available') }
    }
    expect(await sums()).toEqual({ pending: 2_500, available: 0 })

    time.now = MONDAY_NOON + 2 * DAY_MS - 1
    await runAll()
    expect(await sums()).toEqual({ pending: 2_500, available: 0 })
    time.now += 2_000
    await runAll()
    expect(await sums()).toEqual({ pending: 0, available: 2_500 })

    // The last day is 2026-01-15; nobody was there for a month after it.
    await first.program.earnMany(
      members.slice(0, 5).map((id) => buy(id, `b-${id}`, MONDAY_NOON + 2 * DAY_MS)),
    )
    time.now = Date.parse('2026-01-15T23:59:59.999+08:00')
    await runAll()
    expect(await sums()).toEqual({ pending: 0, available: 2_550 })
    time.now = Date.parse('2026-02-20T00:00:00+08:00')
    await runAll()
    expect(await sums()).toEqual({ pending: 0, available: 0 })

    const [expired] = await first.ledger.store.findTransactions(250, { before: null, limit: 1 })
    expect(expired).toMatchObject({
      type: 'expire',
      // At the end of its last day, however late the job was.
      effectiveAt: Date.parse('2026-01-16T00:00:00+08:00'),
      entries: [
        { account: 'available', amount: -10 },
        { account: 'expired', amount: 10 },
      ],
    })
    expect((await balanceOf(second, 'm249')).version).toBe(3)
    expect(await verifyLedger(first.ledger.store)).toMatchObject({ ok: true })
  })

  it('X7: one wallet that cannot be settled is told of, and holds up no other', async () => {
    const told: [string, unknown][] = []
    const { program, ledger, database, time } = await openTestProgram(store, {
      firstPolicy: { sources: { purchase: { settings: { confirmAfterMs: DAY_MS } } } },
      onFailure: (what, fault) => told.push([what, fault]),
    })
    const ids = ['m1', 'm2', 'm3']
    await program.members.registerMany(ids.map((id) => ({ id })))
    await program.earnMany(ids.map((id) => buy(id, id, MONDAY_NOON)))
    await openSqlStore(database).transaction(async (session) => {
      const wallets = (await session.lockWallets([1])).map((wallet) => ({
        ...wallet,
        balance: { ...wallet.balance, pending: 0 },
      }))
      const nothing = { lots: [], transactions: [], records: [], counters: [], figures: [] }
      await session.write({ wallets, ...nothing })
    })
    time.now += 2 * DAY_MS
    const sweep = (await program.jobs.runDue()).find(({ name }) => name === 'sweep')
    expect(sweep?.result).toBe('3 wallets, 2 transactions, 1 failed')
    expect(told).toEqual([['sweep: wallet 1', expect.objectContaining({ name: 'UnsoundPosting' })]])
    const versions = await ledger.store.findVersions([1, 2, 3])
    expect([...versions.values()]).toEqual([1, 2, 2])
  })

  it('W1: folds figures into the days of the programme’s own zone', async () => {
    const { program, database, ledger, time } = await openTestProgram(store)
    await program.members.register({ id: 'm1' })
    // Half past midnight there; by UTC it is still the day before.
    time.now = Date.parse('2026-01-06T00:30:00+08:00')
    await program.earn(buy('m1', 'a', time.now))
    time.now += 2 * 3_600_000
    await program.jobs.runDue()
    const days = await database.read((manager) =>
      database
        .connection(manager)
        .select('SELECT DISTINCT is_folded, recorded_at FROM ledger_figure'),
    )
    expect(days.map((row) => [Number(row.is_folded), Number(row.recorded_at)])).toEqual([
      [1, Date.parse('2026-01-06T00:00:00+08:00')],
    ])
    expect(await verifyLedger(ledger.store)).toMatchObject({ ok: true })
  })

  it('O2: every job of the programme runs on an empty store, and is there to see', async () => {
    const { program } = await openTestProgram(store)
    const runs = await program.jobs.runDue()
    expect(runs.filter(({ error }) => error !== undefined)).toEqual([])
    const jobs = await program.jobs.list()
    expect(jobs.map(({ name }) => name)).toEqual([
      'checkout',
      'erasures',
      'fold-figures',
      'forget-quotes',
      'merges',
      'notices',
      'old-lots',
      'playbooks',
      'point-value',
      'redemptions',
      'reminders',
      'review-identities',
      'review-members',
      'seal',
      'settle-kept-events',
      'sweep',
      'transfers',
    ])
    expect(jobs.every(({ runs: count, lastError }) => count === 1 && lastError === null)).toBe(true)
  })
})
