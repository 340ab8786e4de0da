import { openCalendar, type PluginStore, runEffect, runMemberChange } from '@pointwell/plugin'
import type { TimePlace } from '@pointwell/plugin/graphql'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import { partnerOffer } from '../offer/partner-offer.js'
import type { Partner } from '../partner/partner.js'
import { payPartner } from '../partner/pay-partner.js'
import { changePartner, createPartner } from '../partner/save-partner.js'
import type { PartnerContext } from '../right/new-right.js'
import { periodOf } from '../statement/period-of.js'
import { readLines, readMatches, readTotals } from '../statement/read-statement.js'
import { findBalance } from '../store/balance.js'
import { countPools, importCodes } from '../store/code-pool.js'
import { PartnerEntryEntity } from '../store/partner-entry.entity.js'
import { findPrivileges, findRight } from '../store/right-table.js'
import { redeemPartner } from './redeem-partner.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const DAY_MS = 86_400_000
const MANY = 48
const COST = 1_800
const calendar = openCalendar('Asia/Shanghai')

const cinema: Partner = {
  id: 'cinema',
  title: { en: 'Cinema', zh: '影院' },
  terms: 'prepaid',
  currency: 'CNY',
  creditLimitMinor: null,
  active: true,
  apiUrl: null,
  secretName: null,
  createdAt: NOW,
  version: 1,
}
const GIVES = {
  film: { source: 'pool', returnable: true },
  keep: { source: 'pool' },
  lounge: { source: 'privilege', privilege: 'lounge', days: 30, returnable: true },
}
type What = keyof typeof GIVES

function contextOf(
  store: PluginStore,
  given: { id?: string; what?: What; now?: number; costMinor?: number; partner?: string } = {},
): Omit<PartnerContext, 'signal'> {
  const { id = 'r-1', what = 'film', now = NOW, costMinor = COST, partner = 'cinema' } = given
  return {
    settings: { requestSeconds: 4 },
    offer: {
      id: what,
      title: { en: what, zh: '权益' },
      details: partnerOffer.parse({ partner, costMinor, gives: GIVES[what] }),
      cashValueMinor: 3_000,
      currency: 'CNY',
    },
    redemption: { id, memberId: 'ada', points: 3_000, order: {}, at: NOW },
    calendar,
    now,
    store,
  }
}
const fulfil = (...given: Parameters<typeof contextOf>) =>
  runEffect(redeemPartner, 'fulfil', contextOf(...given))
const cancel = (...given: Parameters<typeof contextOf>) =>
  runEffect(redeemPartner, 'cancel', { ...contextOf(...given), receipt: null })
const times = <T>(count: number, work: (index: number) => T): Promise<Awaited<T>[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const pay = (store: PluginStore, amountMinor: number, key = 'k', now = NOW) =>
  payPartner(store, cinema, {
    amount: { amountMinor, currency: 'CNY' },
    key,
    now,
    written: async () => {},
  })
const stock = (store: PluginStore, count: number, offerId: What = 'film') =>
  importCodes(store, {
    partnerId: 'cinema',
    offerId,
    codes: Array.from({ length: count }, (_, n) => `${offerId}-${n}`),
    now: NOW,
    written: async () => {},
  })

describe.each(pluginDatabases())('R11: on %s', (on) => {
  async function open(terms: Partial<Partner> = {}) {
    const servers = await openPluginDatabases(on, redeemPartner, { servers: 2, poolSize: 24 })
    const partner = { ...cinema, ...terms }
    expect(await createPartner(servers[0], partner, async () => {})).toEqual(partner)
    return servers
  }

  test('the migrations go up, down and up again', async () => {
    const [store] = await openPluginDatabases(on, redeemPartner, { migrate: false })
    expect(await store.migrate()).toEqual([
      'CreatePartner1767225603120',
      'AddOpenOrders1767225603130',
    ])
    expect(await store.undoLastMigration()).toBe('AddOpenOrders1767225603130')
    expect(await store.undoLastMigration()).toBe('CreatePartner1767225603120')
    await expect(findRight(store, 'r-1')).rejects.toThrow()
    await store.migrate()
    expect(await findRight(store, 'r-1')).toBeUndefined()
  })

  test(`R6: ${MANY} redemptions at once, each asked twice, get a code each and are charged once each`, async () => {
    const servers = await open()
    await pay(servers[0], MANY * COST)
    await stock(servers[0], MANY)
    await times(MANY * 2, (n) => fulfil(servers[n % 2]!, { id: `r-${n % MANY}` }))
    const codes = new Set<string>()
    for (let n = 0; n < MANY; n += 1) {
      const answer = await fulfil(servers[n % 2]!, { id: `r-${n}` })
      codes.add((answer as { receipt: { code: string } }).receipt.code)
    }
    expect(codes.size).toBe(MANY)
    expect(await findBalance(servers[0], 'cinema')).toEqual({ balanceMinor: 0, reservedMinor: 0 })
    expect((await countPools(servers[0], ['cinema'])).get('cinema')).toEqual([
      { offerId: 'film', free: 0, given: MANY, void: 0 },
    ])
    const lines = await servers[0].read((manager) =>
      manager.findBy(PartnerEntryEntity, { kind: 'charge' }),
    )
    expect(lines).toHaveLength(MANY * 2)
  })

  test('what is prepaid never falls below nothing, however many want it at once', async () => {
    const servers = await open()
    await pay(servers[0], 7 * COST + COST - 1)
    await stock(servers[0], MANY)
    await times(24, (n) => fulfil(servers[n % 2]!, { id: `r-${n}` }))
    const answers = []
    for (let n = 0; n < 24; n += 1) answers.push(await fulfil(servers[0], { id: `r-${n}` }))
    expect(answers.filter(({ outcome }) => outcome === 'fulfilled')).toHaveLength(7)
    expect(answers).toContainEqual({ outcome: 'refused', code: 'PARTNER_OUT_OF_FUNDS' })
    expect((await findBalance(servers[0], 'cinema')).balanceMinor).toBe(COST - 1)
    // Of nothing it can give, and was refused stays refused.
    expect(await fulfil(servers[0], { id: 'free', costMinor: 0 })).toMatchObject({
      outcome: 'fulfilled',
    })
    await pay(servers[0], 9 * COST, 'more')
    const again = []
    for (let n = 0; n < 24; n += 1) again.push(await fulfil(servers[1]!, { id: `r-${n}` }))
    expect(again).toEqual(answers)
  })

  test('what is postpaid goes to the limit of its credit, and its terms change only within what is owed', async () => {
    const servers = await open({ terms: 'postpaid', creditLimitMinor: 2 * COST })
    await stock(servers[0], 9)
    const outcomes = []
    for (let n = 0; n < 3; n += 1)
      outcomes.push((await fulfil(servers[0], { id: `r-${n}` })).outcome)
    expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'refused'])
    const change = (it: Partial<Partner>) =>
      changePartner(servers[0], { id: 'cinema', version: null, change: it }, async () => {})
    expect(await change({ creditLimitMinor: COST })).toMatchObject({ code: 'PARTNER_OUT_OF_FUNDS' })
    expect(await change({ terms: 'prepaid', creditLimitMinor: null })).toMatchObject({
      code: 'PARTNER_OUT_OF_FUNDS',
    })
    expect(await change({ creditLimitMinor: null })).toMatchObject({ version: 2 })
    expect(await fulfil(servers[0], { id: 'r-9' })).toMatchObject({ outcome: 'fulfilled' })
    await pay(servers[0], 3 * COST)
    expect(await change({ terms: 'prepaid' })).toMatchObject({ terms: 'prepaid', version: 3 })
    expect(await fulfil(servers[0], { id: 'r-10' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_OUT_OF_FUNDS',
    })
  })

  test('an empty pool, a partner that gives nothing, and one that is not there are refused, and stay so', async () => {
    const [store] = await open()
    await pay(store, 9 * COST)
    expect(await fulfil(store, { id: 'a' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_SOLD_OUT',
    })
    expect(await fulfil(store, { id: 'b', partner: 'nobody' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_NOT_ACTIVE',
    })
    const change = (active: boolean) =>
      changePartner(store, { id: 'cinema', version: null, change: { active } }, async () => {})
    await stock(store, 3)
    await change(false)
    expect(await fulfil(store, { id: 'c' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_NOT_ACTIVE',
    })
    await change(true)
    for (const id of ['a', 'c'])
      expect(await fulfil(store, { id })).toMatchObject({ outcome: 'refused' })
    expect(await fulfil(store, { id: 'd' })).toMatchObject({ outcome: 'fulfilled' })
    expect((await findBalance(store, 'cinema')).balanceMinor).toBe(8 * COST)
  })

  test('R7: what is given back is reversed once, and nobody gets its code', async () => {
    const servers = await open()
    await pay(servers[0], 2 * COST)
    await stock(servers[0], 1)
    await stock(servers[0], 1, 'keep')
    expect(await cancel(servers[0], { id: 'before' })).toEqual({ outcome: 'cancelled' })
    expect(await fulfil(servers[0], { id: 'before' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_CANCELLED',
    })
    await fulfil(servers[0])
    await fulfil(servers[0], { id: 'k', what: 'keep' })
    expect(await cancel(servers[0], { id: 'k', what: 'keep' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_NOT_RETURNABLE',
    })
    const answers = await times(16, (n) => cancel(servers[n % 2]!))
    expect(answers.every(({ outcome }) => outcome === 'cancelled')).toBe(true)
    expect((await findBalance(servers[0], 'cinema')).balanceMinor).toBe(COST)
    expect(await fulfil(servers[0])).toEqual({ outcome: 'refused', code: 'PARTNER_CANCELLED' })
    expect(await fulfil(servers[0], { id: 'r-2' })).toEqual({
      outcome: 'refused',
      code: 'PARTNER_SOLD_OUT',
    })
  })

  test('privileges of several redemptions follow one another, also those got at once', async () => {
    const servers = await open({ terms: 'postpaid' })
    await times(8, (n) => fulfil(servers[n % 2]!, { id: `r-${n % 4}`, what: 'lounge' }))
    const held = await findPrivileges(servers[0], { memberId: 'ada', privilege: 'lounge', at: NOW })
    const spans = held.map(({ startsAt, endsAt }) => [startsAt, endsAt]).reverse()
    const endAfter = (days: number) => calendar.endOf(calendar.addDays('2026-03-01', days))
    expect(spans).toEqual([
      [NOW, endAfter(30)],
      [endAfter(30), endAfter(60)],
      [endAfter(60), endAfter(90)],
      [endAfter(90), endAfter(120)],
    ])
    await runMemberChange(
      redeemPartner,
      'merged',
      { from: 'ada', into: 'bob' },
      { store: servers[0] },
    )
    expect(await findPrivileges(servers[0], { memberId: 'bob', at: NOW })).toHaveLength(4)
    const erased = { memberId: 'bob', pseudonym: 'erased-1' }
    await runMemberChange(redeemPartner, 'erased', erased, { store: servers[0] })
    expect(await findPrivileges(servers[0], { memberId: 'bob', at: NOW })).toEqual([])
  })

  test('a payment told twice, by several at once, is one; another amount is refused', async () => {
    const servers = await open()
    const answers = await times(12, (n) => pay(servers[n % 2]!, 500))
    expect(answers.filter((it) => 'replayed' in it && !it.replayed)).toHaveLength(1)
    expect(await pay(servers[0], 501)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    for (const amount of [0, -1])
      expect(await pay(servers[0], amount, 'n')).toMatchObject({ code: 'INVALID_INPUT' })
    expect((await findBalance(servers[0], 'cinema')).balanceMinor).toBe(500)
  })

  test('R11: statements are the sums of what happened, period by period, line by line', async () => {
    const [store] = await open({ terms: 'postpaid' })
    await stock(store, 400)
    let runs = 0
    const act = fc.record({
      what: fc.constantFrom('redeem', 'redeem', 'cancel', 'pay'),
      days: fc.integer({ min: 0, max: 40 }),
      minor: fc.integer({ min: 0, max: 5_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
        runs += 1
        // Each run in a time of its own, one after the other.
        const start = NOW + runs * 1_000 * DAY_MS
        let now = start
        const log: { at: number; kind: string; minor: number }[] = []
        const open: { id: string; minor: number; back: boolean }[] = []
        for (const [place, { what, days, minor }] of acts.entries()) {
          now += days * DAY_MS
          const id = `r-${runs}-${place}`
          if (what === 'redeem') {
            const answer = await fulfil(store, { id, now, costMinor: minor })
            if (answer.outcome !== 'fulfilled') continue
            log.push({ at: now, kind: 'charge', minor: 0 - minor })
            open.push({ id, minor, back: false })
          } else if (what === 'pay') {
            if (minor > 0) await pay(store, minor, id, now)
            log.push({ at: now, kind: 'payment', minor })
          } else {
            const last = open.find(({ back }) => !back)
            if (!last) continue
            last.back = true
            await cancel(store, { id: last.id, now, costMinor: last.minor })
            log.push({ at: now, kind: 'reversal', minor: last.minor })
          }
        }
        const before = await readTotals(store, { partnerId: 'cinema', from: start, to: start + 1 })
        let opening = before.openingMinor
        // Month after month from the first to the last: each closes where the next opens.
        for (let month = 0; month < 18; month += 1) {
          const first = calendar.addMonths(calendar.dateOf(start).slice(0, 8).concat('01'), month)
          const times = periodOf({ month: first.slice(0, 7) }, calendar) as {
            from: number
            to: number
          }
          const period = { partnerId: 'cinema', ...times }
          const within = log.filter(({ at }) => at >= times.from && at < times.to)
          const sum = (kind: string) =>
            within.filter((it) => it.kind === kind).reduce((all, { minor }) => all + minor, 0)
          const totals = {
            openingMinor: opening,
            chargesMinor: sum('charge'),
            reversalsMinor: sum('reversal'),
            paymentsMinor: sum('payment'),
            closingMinor: opening + within.reduce((all, { minor }) => all + minor, 0),
          }
          expect(await readTotals(store, period)).toEqual(totals)
          opening = totals.closingMinor
          if (within.length === 0) continue
          const moved = within.filter(({ kind }) => kind !== 'payment').length
          expect(await readMatches(store, period)).toEqual({
            lines: moved,
            redemptions: moved,
            differing: 0,
          })
          const lines = []
          for (let after: TimePlace | null = null; ; ) {
            const page = await readLines(store, period, { after, limit: 2 })
            lines.push(...page)
            if (page.length < 2) break
            const { at, posting: id } = page.at(-1)!
            after = { at, id }
          }
          const paid = within.filter(({ kind, minor }) => kind !== 'payment' || minor > 0)
          const shown = (it: { at: number; minor: number }) => `${it.at}:${it.minor}`
          expect(
            lines.map(({ at, amountMinor }) => shown({ at, minor: amountMinor })).sort(),
          ).toEqual(paid.map(shown).sort())
        }
      }),
      { numRuns: 12 },
    )
  })

  test('a line that somebody spoiled, took away or added is told', async () => {
    const [store] = await open({ terms: 'postpaid' })
    await stock(store, 4)
    for (let n = 0; n < 4; n += 1) await fulfil(store, { id: `r-${n}` })
    const period = { partnerId: 'cinema', from: NOW, to: NOW + 1 }
    const spoil = (id: string, change: object | null) =>
      store.write(async (manager) => {
        const line = { redemptionId: id, account: 'partner' as const }
        if (change) await manager.update(PartnerEntryEntity, line, change)
        else await manager.delete(PartnerEntryEntity, line)
      })
    expect(await readMatches(store, period)).toEqual({ lines: 4, redemptions: 4, differing: 0 })
    await spoil('r-0', null)
    expect(await readMatches(store, period)).toEqual({ lines: 3, redemptions: 4, differing: 1 })
    await spoil('r-1', { amountMinor: -1 })
    expect(await readMatches(store, period)).toEqual({ lines: 3, redemptions: 4, differing: 3 })
  })
})
