import { isRefusal } from '@pointwell/ledger'
import {
  defineEarnSource,
  grant,
  identifier,
  type PluginFault,
  refuse,
  step,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { statementsOf, tablesOf } from '../../../../test/support/statements-of.js'
import { MONDAY_NOON, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, shop } from '../../../../test/support/test-program-plugins.js'
import { earnRecordId, readEarnBody } from './earn-record.js'

const plugin = {
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Thanks', zh: '感谢' },
  core: false,
  settings: z.object({}),
}
const event = z.strictObject({
  order: identifier(),
  source: identifier().default('purchase'),
  whose: identifier().optional(),
  members: z.array(z.string()).default([]),
})

/** Gives a point for each that stands of an order, and answers with all that it saw. */
const thanks = defineEarnSource({
  ...plugin,
  id: 'thanks',
  event,
  memory: z.object({ thanked: z.number().default(0) }),
  refusals: { NO_ORDER: { en: 'No order.', zh: '没有订单。' } },
  once: ({ event }) => event.order,
  asks: ({ event: { order, source, whose, members } }) => ({
    acts: [{ source, once: order, ...(whose && { memberId: whose }) }],
    members,
  }),
  decide({ acts: [order], others, memory, now }) {
    if (!order || order.status === 'cancelled') return refuse('NO_ORDER')
    return grant({
      points: order.standing,
      because: [step('base', order.standing)],
      at: now,
      memory: { thanked: memory.thanked + 1 },
      details: { order, others },
    })
  },
})

/** The same, of events that come back in parts. */
const pledge = defineEarnSource({
  ...plugin,
  id: 'pledge',
  event: z.strictObject({ id: identifier(), order: identifier(), parts: z.number() }),
  once: ({ event }) => event.id,
  asks: ({ event }) => ({ acts: [{ source: 'purchase', once: event.order }], members: ['bob'] }),
  decide({ event, acts: [order], others: [bob], now }) {
    const points = (order?.standing ?? 0) * event.parts + (bob?.facts.staff ? 1_000 : 0)
    return grant({ points, because: [step('base', points)], at: now })
  },
  returns: {
    schema: z.strictObject({ id: identifier() }),
    key: ({ id }) => id,
    without: (event, taken) => ({ ...event, parts: event.parts - taken.length }),
  },
})

/** Remembers whose child a member is, and answers with a line of parents. */
const kin = defineEarnSource({
  ...plugin,
  id: 'kin',
  event: z.strictObject({ id: identifier(), parent: z.string(), line: z.string().optional() }),
  memory: z.object({ parent: z.string().nullable().default(null) }),
  once: ({ event }) => event.id,
  asks: ({ event: { line } }) => (line === undefined ? {} : { members: ['bob'], line }),
  leadsTo: ({ parent }) => parent,
  decide: ({ event: { parent }, others, now }) =>
    grant({
      points: 0,
      because: [],
      at: now,
      memory: { parent },
      details: others.map((it) => it && [it.facts.id, it.memory.parent]),
    }),
})

/** Asks for what it is told to. */
const curious = defineEarnSource({
  ...plugin,
  id: 'curious',
  event: z.strictObject({ asks: z.enum(['too much', 'nothing', 'throws']) }),
  once: ({ event }) => event.asks,
  asks({ event: { asks } }) {
    if (asks === 'throws') throw new Error('out of order')
    return asks === 'nothing'
      ? (undefined as never)
      : { members: Array.from({ length: 21 }, (_, n) => `${n}`) }
  },
  decide: ({ now }) => grant({ points: 1, because: [step('base', 1)], at: now }),
})

const plugins = [shop, thanks, pledge, kin, curious]
const order = (orderId: string, pieces: number, priceMinor = 100) => ({
  orderId,
  at: MONDAY_NOON,
  lines: [{ id: '1', quantity: pieces, priceMinor }],
})

async function open(store: StoreName, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, {
    plugins,
    firstPolicy: { staff: { rate: '1' } },
    ...options,
  })
  const { program } = test
  await program.members.registerMany([
    { id: 'ann' },
    { id: 'bob', staff: true, identities: [{ kind: 'phone', value: '1380000' }] },
  ])
  const earn = (source: string, memberId: string, event: object) =>
    program.earn({ source, memberId, event })
  return { ...test, earn }
}

describe.each(availableStores())('what a source asks to see, on %s', (store) => {
  it('an event that went in, as it is by now', async () => {
    const { earn, program } = await open(store)
    assertDone(await earn('purchase', 'ann', order('o1', 30)))
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 10 }] }
    assertDone(await program.returnEarned({ source: 'purchase', once: 'o1', taken }))
    const thanked = await earn('thanks', 'ann', { order: 'o1' })
    assertDone(thanked)
    expect(thanked.points).toBe(20)
    expect(thanked.details).toMatchObject({
      order: {
        memberId: 'ann',
        once: 'o1',
        status: 'confirmed',
        granted: 30,
        standing: 20,
        returns: [taken],
      },
      others: [],
    })
    // Sent again it is the first, whatever has become of the order.
    await program.cancelEarned({ source: 'purchase', once: 'o1' })
    expect(await earn('thanks', 'ann', { order: 'o1' })).toMatchObject({
      replayed: true,
      points: 20,
    })
  })

  it('nothing where there is no such event, it is another member’s, or of a source that is not here', async () => {
    const { earn } = await open(store)
    assertDone(await earn('purchase', 'bob', order('o1', 30)))
    for (const event of [
      { order: 'o2' },
      { order: 'o1' },
      { order: 'o1', whose: 'ann' },
      { order: 'o1', source: 'elsewhere' },
    ]) {
      expect(await earn('thanks', 'ann', event)).toMatchObject({ code: 'NO_ORDER' })
    }
    expect(await earn('thanks', 'ann', { order: 'o1', whose: 'bob' })).toMatchObject({ points: 30 })
  })

  it('an act of a member is found by the member', async () => {
    const { earn } = await open(store)
    assertDone(await earn('purchase', 'bob', order('o1', 30)))
    assertDone(await earn('thanks', 'bob', { order: 'o1' }))
    const again = { order: 'o1', source: 'thanks' }
    expect(await earn('thanks', 'ann', again)).toMatchObject({ code: 'NO_ORDER' })
    expect(await earn('thanks', 'ann', { ...again, whose: 'bob' })).toMatchObject({ points: 30 })
  })

  it('other members: their facts, what the source remembers of them, their identities', async () => {
    const { earn } = await open(store)
    for (const member of ['ann', 'bob']) {
      assertDone(await earn('purchase', member, order(`${member}-1`, 7, 1_000_00)))
    }
    assertDone(await earn('thanks', 'bob', { order: 'bob-1' }))
    const members = ['bob', 'nobody', 'ann', 'bob']
    const thanked = await earn('thanks', 'ann', { order: 'ann-1', members })
    assertDone(thanked)
    const bob = {
      facts: { id: 'bob', staff: true, tier: { id: 'silver' } },
      memory: { thanked: 1 },
      identities: [{ kind: 'phone', value: '1380000' }],
    }
    expect(thanked.details).toMatchObject({
      others: [
        bob,
        null,
        { facts: { id: 'ann', staff: false }, memory: { thanked: 0 }, identities: [] },
        bob,
      ],
    })
  })

  it('a line of members, each of whom leads to the next, as long as there is a new one', async () => {
    const { earn, program } = await open(store)
    const ids = Array.from({ length: 25 }, (_, n) => `k${n}`)
    await program.members.registerMany(ids.map((id) => ({ id })))
    const lineOf = async (line: string) => {
      const seen = await earn('kin', 'ann', { id: `of-${line}-${count++}`, parent: 'k0', line })
      assertDone(seen)
      return seen.details
    }
    let count = 0
    const bob = ['bob', null]
    expect(await lineOf('nobody')).toEqual([bob])
    expect(await lineOf('k0')).toEqual([bob, ['k0', null]])
    for (const [n, id] of ids.entries()) {
      assertDone(await earn('kin', id, { id: 'p', parent: ids[n + 1] ?? 'gone' }))
    }
    const line = ids.map((id, n) => [id, ids[n + 1] ?? 'gone'])
    expect(await lineOf('k20')).toEqual([bob, ...line.slice(20)])
    expect(await lineOf('k0')).toEqual([bob, ...line.slice(0, 20)])
    assertDone(await earn('kin', 'k2', { id: 'q', parent: 'k0' }))
    expect(await lineOf('k1')).toEqual([bob, ['k1', 'k2'], ['k2', 'k0'], ['k0', 'k1']])
    const merged = { from: 'k0', into: 'k9', reason: 'one', idempotencyKey: 'm', by: 'rosa' }
    assertDone(await program.merges.merge(merged))
    expect(await lineOf('k2')).toEqual([bob, ['k2', 'k0'], ...line.slice(9, 25).slice(0, 19)])
  })

  it('L5: what was seen is kept, so that a return counts by the same', async () => {
    const { earn, program, ledger } = await open(store)
    assertDone(await earn('purchase', 'ann', order('o1', 30)))
    const pledged = await earn('pledge', 'ann', { id: 'p', order: 'o1', parts: 3 })
    expect(pledged).toMatchObject({ points: 1_090 })
    await program.cancelEarned({ source: 'purchase', once: 'o1' })
    await program.members.update({ id: 'bob', staff: false })
    const back = { source: 'pledge', memberId: 'ann', once: 'p', taken: { id: '1' } }
    expect(await program.returnEarned(back)).toMatchObject({ points: -30 })

    const kept = await ledger.store.findRecord(earnRecordId(pledge, 'ann/p'))
    expect(readEarnBody(kept!).seen).toMatchObject({
      acts: [{ once: 'o1', standing: 30 }],
      others: [{ facts: { id: 'bob', staff: true } }],
    })
  })

  it('nothing of it is kept where nothing comes back: identities are nobody’s history', async () => {
    const { earn, ledger } = await open(store)
    assertDone(await earn('purchase', 'ann', order('o1', 30)))
    assertDone(await earn('thanks', 'ann', { order: 'o1', members: ['bob'] }))
    const kept = await ledger.store.findRecord(earnRecordId(thanks, 'ann/o1'))
    expect(readEarnBody(kept!).seen).toBeUndefined()
  })

  it.each([
    ['too much', 'its members are not a list of at most 20'],
    ['nothing', 'it asked for nothing that can be read'],
    ['throws', 'it threw Error: out of order'],
  ])('G4: a source that asks for %s fails its own request', async (asks, fault) => {
    const faults: PluginFault[] = []
    const { earn } = await open(store, { onPluginFault: (it) => faults.push(it) })
    expect(await earn('curious', 'ann', { asks })).toMatchObject({ code: 'PLUGIN_FAILED' })
    expect(faults).toMatchObject([{ plugin: 'curious', operation: 'asks' }])
    expect(faults[0]?.message).toContain(fault)
    assertDone(await earn('purchase', 'ann', order('o1', 30)))
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))('asking on %s', (store) => {
  it('an own event is seen under the lock: none is thanked for that was cancelled before, on two servers', async () => {
    const one = await open(store)
    const two = await openTestProgram(store, { plugins, url: one.url })
    const orders = Array.from({ length: 20 }, (_, n) => `o${n}`)
    for (const id of orders) assertDone(await one.earn('purchase', 'ann', order(id, 10)))
    await Promise.all(
      orders.map(async (id) => {
        const [cancelled, thanked] = await Promise.all([
          two.program.cancelEarned({ source: 'purchase', once: id }),
          one.earn('thanks', 'ann', { order: id }),
        ])
        assertDone(cancelled)
        if (isRefusal(thanked)) return
        expect(thanked.points).toBe(10)
        expect(thanked.transaction.version).toBeLessThan(cancelled.transaction.version)
      }),
    )
    // One that comes afterwards is late for certain.
    for (const id of orders) {
      const again = await one.earn('thanks', 'ann', { order: id })
      expect(isRefusal(again) ? again.code : again.replayed).toBe(
        isRefusal(again) ? 'NO_ORDER' : true,
      )
    }
  })

  it('A4: other members of many events cost what those of one do', async () => {
    const test = await open(store)
    const ids = Array.from({ length: 40 }, (_, n) => `m${n}`)
    await test.program.members.registerMany(ids.map((id) => ({ id })))
    for (const id of ids) assertDone(await test.earn('purchase', id, order(id, 10)))
    const read = async (some: readonly string[], members: readonly string[]) =>
      tablesOf(
        await statementsOf(test, async () => {
          const thanked = await test.program.earnMany(
            some.map((id) => ({
              source: 'thanks',
              memberId: id,
              event: { order: id, members: members.length > 0 ? [id, ...members] : [] },
            })),
          )
          for (const it of thanked) assertDone(it)
        }),
      )
    const none = await read(ids.slice(0, 1), [])
    const one = await read(ids.slice(1, 2), ['bob'])
    // In two groups at most: those side by side do not wait for each other.
    const more = one.length - none.length
    expect(more).toBe(3)
    const many = await read(ids.slice(2), ['bob', 'ann'])
    expect(many.filter((table) => table === 'member_identity').length).toBeLessThanOrEqual(2)
    expect(many.filter((table) => table === 'member').length).toBeLessThanOrEqual(3)
  })
})
