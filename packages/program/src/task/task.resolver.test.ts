import {
  defineEarnSource,
  grant,
  identifier,
  type PluginFault,
  step,
  type Task,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Data, dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { statementsOf, tablesOf } from '../../../../test/support/statements-of.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, shop } from '../../../../test/support/test-program-plugins.js'

const plugin = { version: '1.0.0', contract: '^1.0.0', core: false }
const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  title: { en: `Do ${id}`, zh: `做 ${id}` },
  points: 10,
  done: false,
  beginner: false,
  ...more,
})

/** Tasks that tell what the source was given. */
const chores = defineEarnSource({
  ...plugin,
  id: 'chores',
  title: { en: 'Chores', zh: '家务' },
  settings: z.object({ points: z.number().default(10) }),
  event: z.strictObject({ id: identifier() }),
  memory: z.object({ done: z.array(z.string()).default([]) }),
  once: ({ event }) => event.id,
  decide: ({ event, settings, memory, now }) =>
    grant({
      points: settings.points,
      because: [step('base', settings.points)],
      at: now,
      memory: { done: [...memory.done, event.id] },
    }),
  tasks: ({ memory, settings, member, calendar, now }) => [
    task('wash', {
      points: settings.points + member.campaigns.length,
      progress: { done: memory.done.length, of: 3 },
      streak: memory.done.length,
      done: memory.done.includes('wash'),
      againAt: memory.done.includes('wash') ? calendar.endOf(calendar.dateOf(now)) : null,
    }),
    task('hello', { beginner: true, done: memory.done.includes('hello') }),
  ],
})

const shopping = { ...shop, tasks: () => [task('buy', { points: null, rate: '0.5' })] }

/** Tells something that is no task. */
const liar = defineEarnSource({
  ...plugin,
  id: 'liar',
  title: { en: 'Liar', zh: '骗子' },
  settings: z.object({}),
  event: z.strictObject({ id: identifier() }),
  once: ({ event }) => event.id,
  decide: ({ now }) => grant({ points: 1, because: [step('base', 1)], at: now }),
  tasks: () => [task('lie', { points: -1 })],
})

const TASKS = `query ($memberId: ID) { tasks(memberId: $memberId) {
  source id title points rate done progress { done of } streak againAt beginner pointsLeft ordersLeft } }`

const tasksOf = async (test: TestProgram, request: object = {}): Promise<Data> =>
  (await dataOf(test, TASKS, { variables: { memberId: 'ann' }, ...request })).tasks
const names = (tasks: Data[]) => tasks.map(({ source, id }) => `${source}/${id}`)

describe.each(availableStores())('E14: the task centre on %s', (store) => {
  const open = async (options: Parameters<typeof openTestProgram>[1] = {}) => {
    const test = await openTestProgram(store, { plugins: [shopping, chores], ...options })
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    const act = async (source: string, event: object) =>
      assertDone(await test.program.earn({ source, memberId: 'ann', event }))
    return { ...test, act }
  }

  it('tells what all sources have for the member, beginners’ tasks first', async () => {
    const test = await open()
    expect(await tasksOf(test)).toEqual([
      {
        source: 'chores',
        id: 'hello',
        title: 'Do hello',
        points: 10,
        rate: null,
        done: false,
        progress: null,
        streak: null,
        againAt: null,
        beginner: true,
        pointsLeft: null,
        ordersLeft: null,
      },
      {
        source: 'purchase',
        id: 'buy',
        title: 'Do buy',
        points: null,
        rate: '0.5',
        done: false,
        progress: null,
        streak: null,
        againAt: null,
        beginner: false,
        pointsLeft: null,
        ordersLeft: null,
      },
      {
        source: 'chores',
        id: 'wash',
        title: 'Do wash',
        points: 10,
        rate: null,
        done: false,
        progress: { done: 0, of: 3 },
        streak: 0,
        againAt: null,
        beginner: false,
        pointsLeft: null,
        ordersLeft: null,
      },
    ])
    const [first] = await tasksOf(test, { language: 'zh' })
    expect(first.title).toBe('做 hello')
  })

  it('goes by what the member did, and puts what is done last', async () => {
    const test = await open({
      firstPolicy: {
        sources: { chores: { settings: { points: 7 } } },
        campaigns: [
          {
            id: 'may',
            title: { en: 'x', zh: 'x' },
            from: new Date(MONDAY_NOON).toISOString(),
            until: new Date(MONDAY_NOON + DAY_MS).toISOString(),
            sources: ['chores'],
          },
        ],
      },
    })
    await test.act('chores', { id: 'hello' })
    await test.act('chores', { id: 'wash' })
    const tasks = await tasksOf(test)
    expect(names(tasks)).toEqual(['purchase/buy', 'chores/wash', 'chores/hello'])
    expect(tasks[1]).toMatchObject({
      points: 8,
      done: true,
      progress: { done: 2, of: 3 },
      streak: 2,
      againAt: '2026-01-05T16:00:00.000Z',
    })
    expect(tasks[2]).toMatchObject({ done: true, againAt: null })
    // Another member begins at the beginning.
    const others = await tasksOf(test, { variables: { memberId: 'bob' } })
    expect(names(others)).toEqual(['chores/hello', 'purchase/buy', 'chores/wash'])
  })

  it('tells what the caps leave, and when there is more', async () => {
    const test = await open({
      firstPolicy: {
        caps: {
          pointsPerDay: { limit: 25 },
          ordersPerDay: { limit: 1 },
          perSource: { chores: [{ period: 'week', limit: 12 }] },
        },
      },
    })
    await test.act('chores', { id: 'hello' })
    let tasks = await tasksOf(test)
    expect(names(tasks)).toEqual(['purchase/buy', 'chores/wash', 'chores/hello'])
    expect(tasks.map((it: Data) => [it.pointsLeft, it.ordersLeft])).toEqual([
      [15, 1],
      [2, null],
      [2, null],
    ])
    await test.act('chores', { id: 'wash' })
    await test.act('purchase', {
      orderId: 'o1',
      at: MONDAY_NOON,
      lines: [{ id: '1', quantity: 1, priceMinor: 500 }],
    })
    tasks = await tasksOf(test)
    expect(tasks.map((it: Data) => [it.id, it.pointsLeft, it.ordersLeft, it.againAt])).toEqual([
      ['buy', 8, 0, '2026-01-05T16:00:00.000Z'],
      // Done until midnight, and the week’s points are used up.
      ['wash', 0, null, '2026-01-11T16:00:00.000Z'],
      ['hello', 0, null, null],
    ])
    test.time.now += 7 * DAY_MS
    tasks = await tasksOf(test)
    expect(tasks[0]).toMatchObject({ id: 'buy', pointsLeft: 25, ordersLeft: 1, againAt: null })
  })

  it('E12: tells staff what staff earn, and whoever is over-linked that it is nothing', async () => {
    const test = await open({
      firstPolicy: { staff: { rate: '0.25', bySource: { purchase: '0' } } },
    })
    assertDone(await test.program.members.update({ id: 'ann', staff: true }))
    const tasks = await tasksOf(test)
    expect(tasks.map((it: Data) => [it.id, it.points, it.rate])).toEqual([
      ['hello', 2, null],
      ['wash', 2, null],
      ['buy', null, '0'],
    ])
    const { points } = (await test.program.earn({
      source: 'chores',
      memberId: 'ann',
      event: { id: 'hello' },
    })) as { points: number }
    expect(points).toBe(2)
  })

  it('E9: tells what is left for the member, of budgets only that they are used up, and when they begin anew', async () => {
    const campaign = (id: string, more: object) => ({
      id,
      title: { en: 'x', zh: 'x' },
      from: new Date(MONDAY_NOON + DAY_MS).toISOString(),
      until: new Date(MONDAY_NOON + 2 * DAY_MS).toISOString(),
      sources: ['chores'],
      extraPoints: 1,
      ...more,
    })
    const test = await open({
      firstPolicy: {
        budgets: {
          programme: { period: 'month', points: 20 },
          reservePercent: 20,
          departments: { marketing: { period: 'month', points: 2 } },
        },
        caps: { perSource: { chores: [{ period: 'month', limit: 15 }] } },
        campaigns: [campaign('a', { budget: 1 }), campaign('b', { department: 'marketing' })],
      },
    })
    const left = async () =>
      (await tasksOf(test)).map((it: Data) => [it.id, it.pointsLeft, it.againAt])
    expect(await left()).toEqual([
      ['hello', 15, null],
      ['buy', null, null],
      ['wash', 15, null],
    ])
    await test.act('chores', { id: 'hello' })
    expect(await left()).toEqual([
      ['buy', null, null],
      ['wash', 5, null],
      ['hello', 5, null],
    ])
    await test.act('purchase', {
      orderId: 'o1',
      at: MONDAY_NOON,
      lines: [{ id: '1', quantity: 1, priceMinor: 600 }],
    })
    const february = '2026-01-31T16:00:00.000Z'
    expect(await left()).toEqual([
      ['buy', 0, february],
      ['wash', 0, february],
      ['hello', 0, null],
    ])
    // Two campaigns may still add a point, and two; nothing to what has none.
    test.time.now += DAY_MS
    expect(await left()).toEqual([
      ['wash', 5, null],
      ['buy', 0, february],
      ['hello', 5, null],
    ])
  })

  it('E10: leaves out what is paused', async () => {
    const test = await open()
    assertDone(await test.program.pauses.pause({ source: 'chores', reason: 'a fault', by: 'rosa' }))
    expect(names(await tasksOf(test))).toEqual(['purchase/buy'])
    assertDone(await test.program.pauses.resume({ source: 'chores', reason: 'mended', by: 'rosa' }))
    expect(names(await tasksOf(test))).toHaveLength(3)
  })

  it('G4: leaves out a source that is at fault, and tells the operator', async () => {
    const faults: PluginFault[] = []
    const test = await open({
      plugins: [liar, chores],
      onPluginFault: (fault) => faults.push(fault),
    })
    expect(names(await tasksOf(test))).toEqual(['chores/hello', 'chores/wash'])
    expect(faults).toMatchObject([{ plugin: 'liar', operation: 'tasks' }])
  })

  it('A6: is a member’s own; null where there is no such member', async () => {
    const test = await open()
    const viewer = viewerOf.member('bob')
    expect(names(await tasksOf(test, { viewer, variables: {} }))).toHaveLength(3)
    expect(await faultOf(test, TASKS, { viewer, variables: { memberId: 'ann' } })).toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await tasksOf(test, { variables: { memberId: 'nobody' } })).toBeNull()
  })
})

describe.each(availableStores().filter((store) => store !== 'memory'))(
  'A4: what the task centre costs on %s',
  (store) => {
    it('is two statements, however many sources there are, and however many ask at once', async () => {
      const test = await openTestProgram(store, { plugins: [shopping, chores] })
      const ids = Array.from({ length: 30 }, (_, n) => `m${n}`)
      await test.program.members.registerMany(ids.map((id) => ({ id })))
      const read = async (asked: readonly string[]) =>
        tablesOf(
          await statementsOf(test, async () => {
            const query = `{ ${asked.map((id) => `${id}: tasks(memberId: "${id}") { id }`).join(' ')} }`
            const found = await dataOf(test, query)
            for (const id of asked) expect(found[id]).toHaveLength(3)
          }),
        )
      expect(await read(['m1'])).toEqual(['ledger_wallet', 'member'])
      expect(await read(ids)).toEqual(['ledger_wallet', 'member'])
      const budgets = { programme: { period: 'month', points: 1_000 } }
      await test.program.policies.update({ document: { budgets }, by: 'rosa' })
      const tables = ['ledger_counter', 'ledger_wallet', 'member']
      expect([...(await read(['m1']))].sort()).toEqual(tables)
      expect([...(await read(ids))].sort()).toEqual(tables)
    })
  },
)
