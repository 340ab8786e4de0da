import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askProgram, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { expiringReminders } from './expiring-reminders.js'

const MESSAGES = `query ($first: Int!, $after: String) { me { messages(first: $first, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { kind title body figures writtenAt } } } }`

const noon = (date: string) => Date.parse(`${date}T12:00:00+08:00`)
const ann = viewerOf.member('ann')

async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const time = { now: noon('2026-01-05') }
  const shop = await openTestProgram(store, { firstPolicy, time })
  await shop.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return shop
}

let keys = 0
/** Points of a kind, which last through the last day of the Nth month. */
const credit = (shop: TestProgram, points: number, kind: string, memberId = 'ann') =>
  shop.program.adjustments.request({
    memberId,
    points,
    kind,
    reason: 'a gift',
    idempotencyKey: `k${keys++}`,
    by: 'rosa',
  })

/** All that the member was told so far, the oldest first. */
async function told(shop: TestProgram, viewer = ann) {
  const { me } = await dataOf(shop, MESSAGES, { viewer, variables: { first: 100 } })
  return me.messages.nodes.toReversed()
}
const figuresOf = async (shop: TestProgram, viewer = ann) =>
  (await told(shop, viewer)).map(({ figures }: { figures: object }) => figures)

async function runOn(shop: TestProgram, date: string) {
  shop.time.now = noon(date)
  const run = (await shop.program.jobs.runDue()).find(({ name }) => name === 'reminders')
  expect(run?.error).toBeUndefined()
}

describe.each(availableStores())('X6: reminders on %s', (store) => {
  it('tells 30, 15 and 7 days ahead, once each, of all that runs out that day', async () => {
    const shop = await openShop(store)
    // Campaign points last one month: through the 28th of February.
    await credit(shop, 100, 'campaign')
    await credit(shop, 20, 'campaign')
    await credit(shop, 7, 'base')
    const seen: [string, number][] = []
    for (let day = 0; day < 60; day++) {
      const date = openCalendar('Asia/Shanghai').addDays('2026-01-06', day)
      await runOn(shop, date)
      await runOn(shop, date)
      seen.push([date, (await told(shop)).length])
    }
    const changes = seen.filter(([, count], place) => count !== (seen[place - 1]?.[1] ?? 0))
    expect(changes).toEqual([
      ['2026-01-29', 1],
      ['2026-02-13', 2],
      ['2026-02-21', 3],
    ])
    expect(await figuresOf(shop)).toEqual(
      [30, 15, 7].map((days) => ({ days, date: '2026-02-28', points: 120 })),
    )
    expect(await told(shop, viewerOf.member('bob'))).toEqual([])
  })

  it('speaks Chinese and English', async () => {
    const shop = await openShop(store)
    await credit(shop, 1_000, 'campaign')
    await runOn(shop, '2026-02-25')
    const zh = await dataOf(shop, MESSAGES, {
      viewer: ann,
      language: 'zh',
      variables: { first: 1 },
    })
    expect(zh.me.messages.nodes).toEqual([
      {
        kind: 'expiring',
        title: '积分即将过期',
        body: '您有 1,000 积分将于 2026-02-28 日终过期。',
        figures: { date: '2026-02-28', points: 1_000, days: 3 },
        writtenAt: '2026-02-25T04:00:00.000Z',
      },
    ])
    const [en] = await told(shop)
    expect(en).toMatchObject({
      title: 'Your points run out soon',
      body: '1,000 points run out at the end of 2026-02-28.',
    })
  })

  it('after a long sleep tells the latest only, and nothing of what has run out or was spent', async () => {
    const shop = await openShop(store)
    await credit(shop, 50, 'campaign')
    await credit(shop, 50, 'campaign', 'bob')
    await credit(shop, -50, 'campaign', 'bob')
    await runOn(shop, '2026-02-20')
    expect(await figuresOf(shop)).toEqual([{ days: 8, date: '2026-02-28', points: 50 }])
    await runOn(shop, '2026-03-01')
    expect(await figuresOf(shop)).toHaveLength(1)
    expect(await told(shop, viewerOf.member('bob'))).toEqual([])
  })

  it('E1: goes by the operator’s list, and by none where it is empty', async () => {
    const shop = await openShop(store, { reminders: { daysBefore: [3, 0] } })
    await credit(shop, 5, 'campaign')
    await runOn(shop, '2026-02-24')
    expect(await told(shop)).toEqual([])
    await runOn(shop, '2026-02-25')
    await runOn(shop, '2026-02-28')
    expect((await figuresOf(shop)).map(({ days }: { days: number }) => days)).toEqual([3, 0])
    const silent = await openShop(store, { reminders: { daysBefore: [] } })
    await credit(silent, 5, 'campaign')
    await runOn(silent, '2026-02-27')
    expect(await told(silent)).toEqual([])
  })

  it('A5: pages through many, the newest first, and only for who may read them', async () => {
    const shop = await openShop(store, { reminders: { daysBefore: [9, 8, 7, 6, 5] } })
    await credit(shop, 5, 'campaign')
    for (const day of ['19', '20', '21', '22', '23']) await runOn(shop, `2026-02-${day}`)
    const days: number[] = []
    let after: string | null = null
    for (;;) {
      const { me } = await dataOf(shop, MESSAGES, { viewer: ann, variables: { first: 2, after } })
      days.push(
        ...me.messages.nodes.map(({ figures }: { figures: { days: number } }) => figures.days),
      )
      if (!me.messages.pageInfo.hasNextPage) break
      after = me.messages.pageInfo.endCursor
    }
    expect(days).toEqual([5, 6, 7, 8, 9])
    const wrong = await askProgram(shop, MESSAGES, { viewer: ann, variables: { first: 0 } })
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  it('O2: two servers at once write each reminder once, of more wallets than one step takes', async () => {
    const shop = await openShop(store)
    const ids = Array.from({ length: 700 }, (_, n) => `m${n}`)
    for (let start = 0; start < ids.length; start += 350) {
      await shop.program.members.registerMany(ids.slice(start, start + 350).map((id) => ({ id })))
    }
    await Promise.all(ids.map((id) => credit(shop, 3, 'campaign', id)))
    const servers =
      store === 'memory'
        ? [shop]
        : [shop, await openTestProgram(store, { url: shop.url, time: shop.time })]
    shop.time.now = noon('2026-02-27')
    await Promise.all(servers.map(({ program }) => program.jobs.runDue()))
    shop.time.now += 3_600_000
    await Promise.all(servers.map(({ program }) => program.jobs.runDue()))
    const wallets = (await shop.program.members.findMany(ids)).values()
    const counts = await Promise.all(
      [...wallets].map(
        async ({ wallet }) =>
          (await shop.program.messages.page({ wallet, before: Number.MAX_SAFE_INTEGER, limit: 9 }))
            .length,
      ),
    )
    expect(counts).toHaveLength(700)
    expect(new Set(counts)).toEqual(new Set([1]))
  })
})

describe('X6: through any days', () => {
  const calendar = openCalendar('Europe/London')
  const day = (n: number) => calendar.addDays('2026-03-01', n)

  it('each day that runs out is told of at each of the operator’s times, if the job ran every day', () => {
    const lot = fc.record({
      available: fc.integer({ min: 0, max: 9 }),
      last: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
    })
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(lot, { maxLength: 8 }), times, (lots, daysBefore) => {
        const open = lots.map(({ available, last }) => ({
          available,
          expiresAt: last === null ? null : calendar.endOf(day(last)),
        }))
        const names = new Set<string>()
        for (let today = -45; today <= 62; today++) {
          const terms = { today: day(today), daysBefore, calendar }
          for (const it of expiringReminders(open, terms)) {
            names.add(`${it.date} ${it.daysBefore} ${it.points}`)
          }
        }
        const expected = new Set<string>()
        for (const last of new Set(lots.map((it) => it.last))) {
          if (last === null) continue
          const points = lots
            .filter((it) => it.last === last)
            .reduce((sum, it) => sum + it.available, 0)
          if (points === 0) continue
          for (const before of daysBefore) expected.add(`${day(last)} ${before} ${points}`)
        }
        expect(names).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})
