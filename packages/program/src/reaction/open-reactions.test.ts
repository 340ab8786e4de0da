import { defineEarnSource, grant, identifier, type Reaction, refuse, step } from '@pointwell/plugin'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, shop } from '../../../../test/support/test-program-plugins.js'

const plugin = {
  version: '1.0.0',
  contract: '^1.0.0',
  core: false,
  settings: z.strictObject({ points: z.number().default(5) }),
}

/** What the source was told, newest last. */
let told: object[] = []
/** Instead of what it would do. */
let instead: ((n: number) => unknown) | undefined
beforeEach(() => {
  told = []
  instead = undefined
})

/** Five points to a patron, written in the order's id behind a dash, for each confirmed order of the
 * member; taken back when the order no longer stands. */
const patron = defineEarnSource({
  ...plugin,
  id: 'patron',
  title: { en: 'Patron', zh: '赞助人' },
  event: z.strictObject({ order: identifier() }),
  memory: z.object({ orders: z.number().default(0) }),
  refusals: { TOO_MANY: { en: 'Too many.', zh: '太多了。' } },
  once: ({ event }) => event.order,
  decide({ event, settings: { points }, memory, now }) {
    if (event.order.startsWith('many')) return refuse('TOO_MANY')
    return grant({
      points,
      because: [step('base', points)],
      at: now,
      memory: { orders: memory.orders + 1 },
    })
  },
  reacts: {
    to: ['purchase'],
    with({ happened, act, member, memory, settings, calendar, now }): readonly Reaction[] {
      told.push({ happened, act, of: member.id, orders: memory.orders, settings })
      expect(calendar.dateOf(now)).toMatch(/^2026-/)
      if (instead) return instead(told.length) as readonly Reaction[]
      const [order = '', memberId = 'nobody'] = act.once.split('-')
      const stands = act.status === 'confirmed' && act.standing + act.qualifyingMinor > 0
      return stands
        ? [{ earn: { memberId, event: { order } } }]
        : [{ cancel: { memberId, once: order } }]
    },
  },
})

const order = (orderId: string, more: object = {}) => ({
  orderId,
  at: MONDAY_NOON,
  lines: [{ id: '1', quantity: 3, priceMinor: 1_000 }],
  confirmed: false,
  ...more,
})

async function open(store: StoreName, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, {
    plugins: [shop, patron],
    firstPolicy: { sources: { purchase: { settings: { confirmAfterMs: 2 * DAY_MS } } } },
    ...options,
  })
  const { program } = test
  await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  const buy = async (orderId: string, more: object = {}) =>
    assertDone(
      await program.earn({ source: 'purchase', memberId: 'ann', event: order(orderId, more) }),
    )
  const pointsOf = async (memberId: string) => (await balanceOf(test, memberId)).balance.available
  return { ...test, buy, pointsOf, handle: () => program.notices.handleDue() }
}

describe.each(availableStores())('what a source does about events of others, on %s', (store) => {
  it('hears of an event that is confirmed from the beginning, once it is written', async () => {
    const { buy, handle, pointsOf } = await open(store)
    await buy('a-bob', { confirmed: true })
    expect(await pointsOf('bob')).toBe(0)
    expect(await handle()).toEqual({ handled: 1, failed: 0 })
    expect(await pointsOf('bob')).toBe(5)
    expect(told).toEqual([
      {
        happened: 'confirmed',
        act: {
          source: 'purchase',
          memberId: 'ann',
          once: 'a-bob',
          event: expect.objectContaining({ orderId: 'a-bob' }),
          at: MONDAY_NOON,
          status: 'confirmed',
          granted: 30,
          standing: 30,
          qualifyingMinor: 3_000,
          returns: [],
        },
        of: 'ann',
        orders: 0,
        settings: { points: 5 },
      },
    ])
  })

  it('hears of one that waits when it is confirmed by a call', async () => {
    const { program, buy, handle, pointsOf } = await open(store)
    await buy('a-bob')
    expect(await handle()).toEqual({ handled: 0, failed: 0 })
    assertDone(await program.confirmEarned({ source: 'purchase', once: 'a-bob' }))
    await handle()
    expect(await pointsOf('bob')).toBe(5)
  })

  it('hears of one that waits when its time has come, and of that alone', async () => {
    const { buy, handle, pointsOf, time } = await open(store)
    await buy('a-bob')
    time.now += 2 * DAY_MS - 1
    expect(await handle()).toEqual({ handled: 0, failed: 0 })
    time.now += 1
    expect(await handle()).toEqual({ handled: 1, failed: 0 })
    expect(await pointsOf('bob')).toBe(5)
  })

  it('hears of it also where caps have left no points of it', async () => {
    const { buy, handle, pointsOf, time } = await open(store, {
      firstPolicy: {
        sources: { purchase: { settings: { confirmAfterMs: 2 * DAY_MS } } },
        caps: { perSource: { purchase: [{ limit: 0, period: 'day' }] } },
      },
    })
    await buy('a-bob')
    time.now += 2 * DAY_MS
    await handle()
    expect(told).toMatchObject([{ act: { granted: 0, standing: 0, qualifyingMinor: 3_000 } }])
    expect(await pointsOf('bob')).toBe(5)
  })

  it('hears nothing when it was cancelled before its time', async () => {
    const { program, buy, handle, pointsOf, time } = await open(store)
    await buy('a-bob')
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'a-bob' }))
    await handle()
    time.now += 2 * DAY_MS
    expect(await handle()).toEqual({ handled: 1, failed: 0 })
    expect(told.map((it) => (it as { happened: string }).happened)).toEqual(['cancelled'])
    expect(await pointsOf('bob')).toBe(0)
  })

  it('L5: takes back what it gave when the event came back, in parts or whole', async () => {
    const { program, buy, handle, pointsOf } = await open(store)
    for (const id of ['a-bob', 'b-bob']) await buy(id, { confirmed: true })
    await handle()
    expect(await pointsOf('bob')).toBe(10)
    const take = (returnId: string, quantity: number) =>
      program.returnEarned({
        source: 'purchase',
        once: 'a-bob',
        taken: { returnId, lines: [{ line: '1', quantity }] },
      })
    assertDone(await take('r1', 2))
    await handle()
    expect(await pointsOf('bob')).toBe(10)
    assertDone(await take('r2', 1))
    await handle()
    expect(told.at(-1)).toMatchObject({ happened: 'returned', act: { standing: 0 } })
    expect(await pointsOf('bob')).toBe(5)
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'b-bob' }))
    await handle()
    expect(await pointsOf('bob')).toBe(0)
  })

  it('does it once, however often it is told', async () => {
    const { program, ledger, buy, handle, pointsOf, time } = await open(store)
    await buy('a-bob', { confirmed: true })
    // A server that did it and died before it could say so.
    const claim = { topics: ['react:patron'], now: time.now, until: time.now, limit: 9 }
    expect(await ledger.notices.claim({ ...claim, claim: 'dead' })).toHaveLength(1)
    await handle()
    assertDone(await program.confirmEarned({ source: 'purchase', once: 'a-bob' }))
    await handle()
    expect(told).toHaveLength(2)
    expect(await pointsOf('bob')).toBe(5)
  })

  it('is over with what is refused for good', async () => {
    const { buy, handle, pointsOf } = await open(store)
    for (const id of ['many-bob', 'a-nobody', 'a-bob']) await buy(id, { confirmed: true })
    expect(await handle()).toEqual({ handled: 3, failed: 0 })
    expect(await pointsOf('bob')).toBe(5)
  })

  it.each<[what: string, does: (n: number) => unknown, error: RegExp]>([
    [
      'throws',
      () => {
        throw new Error('out of order')
      },
      /it threw Error: out of order/,
    ],
    ['answers with nonsense', () => ({ earn: {} }), /its reactions are not a list/],
    ['names no member', () => [{ cancel: { once: 'a' } }], /reaction 0 names no member/],
    [
      'makes an event that its schema does not take',
      () => [{ earn: { memberId: 'bob', event: { order: 7 } } }],
      /was refused: INVALID_INPUT \(order\)/,
    ],
  ])(
    'G4: one that %s is told of and tried again, and harms nobody else',
    async (_, does, error) => {
      const faults: string[] = []
      const { ledger, buy, handle, pointsOf, time } = await open(store, {
        onFailure: (what, fault) => faults.push(`${what}: ${(fault as Error).message}`),
      })
      instead = does
      await buy('a-bob', { confirmed: true })
      expect(await handle()).toEqual({ handled: 0, failed: 1 })
      expect(faults).toEqual([expect.stringMatching(error)])
      const [failed] = await ledger.store.findFailedNotices(9)
      expect(failed?.lastError).toMatch(error)
      expect(await pointsOf('ann')).toBe(30)
      instead = undefined
      time.now += 1_000
      expect(await handle()).toEqual({ handled: 1, failed: 0 })
      expect(await pointsOf('bob')).toBe(5)
    },
  )
})

describe.each(availableStores().filter((store) => store !== 'memory'))('on %s', (store) => {
  it('two servers, orders that come and go: a patron has five points for each that stands', async () => {
    const one = await open(store)
    const two = await openTestProgram(store, {
      plugins: [shop, patron],
      url: one.url,
      time: one.time,
    })
    for (const { program } of [one, two]) program.notices.start()
    const ids = Array.from({ length: 30 }, (_, n) => `o${n}-bob`)
    await Promise.all(
      ids.map(async (id, n) => {
        await one.buy(id, { confirmed: true })
        if (n % 3 === 0) {
          assertDone(await two.program.cancelEarned({ source: 'purchase', once: id }))
        }
      }),
    )
    // Also those that somebody has in hand.
    const left = () =>
      one.ledger.store.findDueNotices(['react:patron'], { now: one.time.now + DAY_MS, limit: 9 })
    do {
      await Promise.all([one, two].map(({ program }) => program.notices.handleDue()))
      one.time.now += 1_000
    } while ((await left()).length > 0)
    for (const { program } of [one, two]) await program.notices.close()
    expect(await one.pointsOf('bob')).toBe(20 * 5)
  })
})
