import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  defineEarnSource,
  defineRedemptionChannel,
  defineRiskRule,
  type EarnContext,
  type EarnSource,
  grant,
  LATEST_INSTANT,
  MAX_POINTS,
  openCalendar,
  PluginFault,
  RECENT_FIGURES,
  type RecentFigures,
  refuse,
  runAsks,
  runAssessment,
  runCheck,
  runDecision,
  runItems,
  runLeadsTo,
  runOnce,
  runReaction,
  runReturn,
  runReturnKey,
  runTasks,
  step,
} from '../index.js'

const words = { en: 'No.', zh: '不。' }
const base = {
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Tea', zh: '茶' },
  settings: z.object({ points: z.number().default(5), list: z.array(z.string()).default([]) }),
  refusals: { NO_TEA: words },
}
const calendar = openCalendar('Asia/Shanghai')
const member = {
  id: 'm-1',
  joinedAt: 0,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '1' },
  segments: [],
  campaigns: [],
}
const context = (): EarnContext<unknown, unknown, unknown> => ({
  event: { cups: [1] },
  memory: { last: null },
  settings: { points: 5, list: [] },
  member: structuredClone(member),
  calendar,
  now: 1_000,
  currency: 'CNY',
  acts: [],
  others: [],
})
const good = { points: 5, because: [step('tea', 5)], at: 1_000 }

/** A source that answers with anything. */
function sourceOf(decide: (context: EarnContext<never, never, never>) => unknown): EarnSource {
  return defineEarnSource({
    ...base,
    id: 'tea',
    core: true,
    event: z.object({ cups: z.array(z.number()) }),
    memory: z.object({ last: z.string().nullable().default(null) }),
    once: () => 'once',
    decide: decide as never,
  })
}

function faultOf(work: () => unknown): PluginFault {
  try {
    work()
  } catch (error) {
    if (error instanceof PluginFault) return error
    throw error
  }
  throw new Error('It did not fail.')
}

describe('G4: a decision that is at fault', () => {
  const nonsense: Array<[what: string, answer: unknown, fault: string | RegExp]> = [
    ['nothing', undefined, 'it answered with undefined'],
    ['null', null, 'it answered with null'],
    ['a number', 5, 'it answered with 5'],
    ['a promise', Promise.resolve(good), 'it answered with a promise'],
    ['negative points', { ...good, points: -1 }, /it would grant -1 points/],
    ['fractions of points', { ...good, points: 0.5 }, /it would grant 0.5 points/],
    ['NaN', { ...good, points: Number.NaN }, /it would grant NaN points/],
    ['infinity', { ...good, points: Number.POSITIVE_INFINITY }, /it would grant Infinity points/],
    [
      'more than 2^53−1',
      { ...good, points: MAX_POINTS + 1 },
      /it would grant 9007199254740992 points/,
    ],
    ['points as text', { ...good, points: '5' }, /it would grant 5 points/],
    ['points as an object', { ...good, points: {} }, /it would grant an object points/],
    ['no reasons', { ...good, because: undefined }, /did not say how/],
    [
      'steps that do not add up',
      { ...good, because: [step('tea', 4)] },
      'its steps sum to 4, but it would grant 5',
    ],
    ['no steps for points', { ...good, because: [] }, 'its steps sum to 0, but it would grant 5'],
    [
      'decimal steps that do not add up',
      { ...good, because: [step('tea', '4.999999')] },
      /sum to 4.999999/,
    ],
    ['a step of NaN', { ...good, because: [step('tea', Number.NaN)] }, /because.0.points is NaN/],
    [
      'a step of a fraction as a number',
      { ...good, because: [step('tea', 0.1), step('tea', 4.9)] },
      /because.0.points is 0.1/,
    ],
    [
      'a step that is no decimal',
      { ...good, because: [step('tea', '5e0')] },
      /because.0.points is 5e0/,
    ],
    ['a step without a word', { ...good, because: [step('', 5)] }, /because.0 has no word/],
    ['a step that is none', { ...good, because: [null] }, 'because.0 is not a step'],
    [
      'figures that are not JSON',
      { ...good, because: [step('tea', 5, { at: new Date(0) as never })] },
      'because.0.figures.at: a Date is not JSON',
    ],
    [
      'steps without end',
      { ...good, because: Array.from({ length: 201 }, () => step('tea', 0)) },
      /more than 200 steps/,
    ],
    ['no time', { ...good, at: undefined }, /it happened at undefined/],
    ['a time that is none', { ...good, at: LATEST_INSTANT + 1 }, /which is not an instant/],
    ['a kind that is no word', { ...good, kind: 7 }, 'its kind is not a word'],
    [
      'a term that is none',
      { ...good, expiry: { term: 'days', days: 0 } },
      'its expiry is not a term',
    ],
    ['core that is no answer', { ...good, core: 'yes' }, 'its core is neither true nor false'],
    ['pending that is not an object', { ...good, pending: true }, 'its pending is not an object'],
    [
      'pending until nobody knows when',
      { ...good, pending: {} },
      /its pending.confirmAt is undefined/,
    ],
    ['no time to claim', { ...good, claimMs: 0 }, /its claimMs is 0/],
    ['half a streak', { ...good, streak: 0.5 }, /its streak is 0.5/],
    ['a tag without a name', { ...good, tags: ['tea', ''] }, /its tags are not texts/],
    ['too many tags', { ...good, tags: Array(201).fill('tea') }, /its tags are not a list/],
    ['half a minor unit', { ...good, qualifyingMinor: 0.5 }, /its qualifyingMinor is 0.5/],
    ['negative spend', { ...good, qualifyingMinor: -1 }, /its qualifyingMinor is -1/],
    [
      'a memory that is not JSON',
      { ...good, memory: { last: 5n } },
      'memory.last: a bigint is not JSON',
    ],
    [
      'a memory with a function',
      { ...good, memory: { last: () => 1 } },
      'memory.last: a function is not JSON',
    ],
    [
      'a memory with NaN',
      { ...good, memory: { last: Number.NaN } },
      'memory.last: NaN is not JSON',
    ],
    [
      'a memory of its own class',
      { ...good, memory: { last: new Map() } },
      'memory.last: a Map is not JSON',
    ],
    [
      'a memory too large',
      { ...good, memory: { last: 'x'.repeat(9_000) } },
      /its memory is 9011 characters of JSON, more than 8192/,
    ],
    [
      'a memory its schema does not know',
      { ...good, memory: { last: 7 } },
      'its memory does not fit its own schema',
    ],
    [
      'details that go in a circle',
      { ...good, details: circle() },
      /nested too deep, or in a circle/,
    ],
    [
      'details without end',
      { ...good, details: Array.from({ length: 30_000 }, () => 1) },
      /too many values/,
    ],
    [
      'a refusal nobody declared',
      refuse('NO_COFFEE'),
      'it refused with "NO_COFFEE", which it does not declare',
    ],
    ['a refusal named like a part of an object', refuse('toString'), /which it does not declare/],
    ['a refusal without figures', { refused: true, code: 'NO_TEA' }, 'its refusal has no figures'],
    [
      'a refusal with half a point',
      refuse('NO_TEA', { needed: 0.5 }),
      'needed of its refusal is not a whole number',
    ],
    [
      'a refusal until nobody knows when',
      refuse('NO_TEA', { when: Number.NaN }),
      'when of its refusal is not an instant',
    ],
    [
      'a refusal of a field that is none',
      refuse('NO_TEA', { field: 7 as never }),
      'the field of its refusal is not text',
    ],
  ]

  it.each(nonsense)('answers with %s: PluginFault', (_, answer, fault) => {
    const reported: PluginFault[] = []
    const failed = faultOf(() =>
      runDecision(
        sourceOf(() => answer),
        context(),
        { watch: { failed: (it) => reported.push(it) } },
      ),
    )
    expect(failed).toMatchObject({ plugin: 'tea', operation: 'decide', reason: 'nonsense' })
    const said = failed.message.replace('The plugin "tea" is at fault in decide: ', '').slice(0, -1)
    if (typeof fault === 'string') expect(said).toBe(fault)
    else expect(said).toMatch(fault)
    expect(reported).toEqual([failed])
  })

  const throwing: Array<
    [what: string, decide: (context: EarnContext<never, never, never>) => unknown, fault: RegExp]
  > = [
    [
      'an error',
      () => {
        throw new TypeError('no tea')
      },
      /it threw TypeError: no tea/,
    ],
    [
      'a text',
      () => {
        throw 'tea'
      },
      /it threw tea/,
    ],
    [
      'nothing',
      () => {
        throw undefined
      },
      /it threw undefined/,
    ],
    [
      'what cannot be shown',
      () => {
        throw Object.create(null)
      },
      /something that cannot be shown/,
    ],
    [
      'endless recursion',
      function again(): unknown {
        return [again()]
      },
      /RangeError/,
    ],
    [
      'from within its answer',
      () => ({
        get points() {
          throw new Error('a trap')
        },
      }),
      /it threw Error: a trap/,
    ],
    [
      'from a proxy',
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('a trap')
            },
          },
        ),
      /a trap/,
    ],
    [
      'by changing settings that all share',
      ({ settings }) => (settings as { list: string[] }).list.push('mine'),
      /TypeError/,
    ],
    [
      'by changing the event',
      ({ event }) => {
        ;(event as { cups: number[] }).cups[0] = 7
      },
      /TypeError/,
    ],
    [
      'by changing the memory',
      ({ memory }) => {
        ;(memory as { last: string }).last = 'x'
      },
      /TypeError/,
    ],
    [
      'by changing the member',
      ({ member }) => {
        ;(member as { staff: boolean }).staff = true
      },
      /TypeError/,
    ],
  ]

  it.each(throwing)('throws %s: PluginFault', (_, decide, fault) => {
    const given = context()
    const before = structuredClone({ ...given, calendar: null })
    const failed = faultOf(() => runDecision(sourceOf(decide), given))
    expect(failed).toMatchObject({ plugin: 'tea', reason: 'threw' })
    expect(failed.message).toMatch(fault)
    expect({ ...given, calendar: null }).toEqual(before)
  })

  it.each([
    ['a grant', good],
    ['nothing earned', { ...good, points: 0, because: [] }],
    ['exact decimals', { ...good, because: [step('tea', '5.3'), step('rounding', '-0.3')] }],
    [
      'all there is',
      {
        ...good,
        points: MAX_POINTS,
        because: [step('tea', String(MAX_POINTS))],
        kind: 'bonus',
        pending: { confirmAt: null },
        claimMs: 1,
        qualifyingMinor: MAX_POINTS,
        memory: { last: null },
        details: { a: [1, 'b', null, true, undefined].slice(0, 4) },
      },
    ],
    [
      'a refusal of its own',
      refuse('NO_TEA', {
        available: 0,
        needed: 1,
        limit: 2,
        when: 5,
        field: 'cups',
        detail: 'none',
      }),
    ],
    ['a common refusal', refuse('EVENT_IN_FUTURE')],
  ])('answers with %s: that is the answer', (_, answer) => {
    expect(
      runDecision(
        sourceOf(() => answer),
        context(),
      ),
    ).toBe(answer)
  })

  it('answers with a promise that fails: nobody hears of that one', async () => {
    const source = sourceOf(async () => {
      throw new Error('unheard')
    })
    expect(faultOf(() => runDecision(source, context())).message).toContain(
      'it answered with a promise',
    )
    // An unheard rejection would fail the whole run here.
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('harms nobody else: the next one is decided as ever', () => {
    const source = sourceOf(({ now }) => {
      if (now === 13) throw new Error('unlucky')
      return good
    })
    expect(() => runDecision(source, { ...context(), now: 13 })).toThrow(PluginFault)
    expect(runDecision(source, context())).toBe(good)
  })

  it('takes long: it is let finish, and reported', () => {
    const times = [0, 80]
    const reported: PluginFault[] = []
    const options = {
      budgetMs: 50,
      clock: () => times.shift() ?? 0,
      watch: { failed: (it: PluginFault) => reported.push(it) },
    }
    expect(
      runDecision(
        sourceOf(() => good),
        context(),
        options,
      ),
    ).toBe(good)
    expect(reported.map(({ reason, message }) => [reason, message])).toEqual([
      [
        'slow',
        'The plugin "tea" is at fault in decide: it took 80 ms, more than the 50 ms it may.',
      ],
    ])
  })
})

describe('G4: the other pure functions', () => {
  const returning = defineEarnSource({
    ...base,
    id: 'tea',
    core: true,
    event: z.object({ cups: z.number(), key: z.unknown() }),
    once: ({ event }) => event.key as string,
    decide: ({ now }) => grant({ points: 0, because: [], at: now }),
    returns: {
      schema: z.object({ cups: z.number(), key: z.unknown() }),
      key: (taken) => (taken as { key: string }).key,
      without: (event, taken) => {
        if (taken.length > 1) return refuse('NO_TEA')
        return { ...event, cups: (taken[0] as { cups: number }).cups }
      },
    },
  })
  const once = (key: unknown) => runOnce(returning, { event: { cups: 1, key }, calendar, now: 0 })

  it.each(['', 'x'.repeat(129), 'a\nb', '\ud800', 5, null, undefined, {}])(
    'once: %j is no key',
    (key) => {
      expect(faultOf(() => once(key))).toMatchObject({ operation: 'once', reason: 'nonsense' })
      expect(faultOf(() => runReturnKey(returning, { key }))).toMatchObject({
        operation: 'returns.key',
      })
    },
  )

  it('once: names an act', () => {
    expect(once('order/1')).toBe('order/1')
    expect(once('订单')).toBe('订单')
    expect(runReturnKey(returning, { key: 'r-1' })).toBe('r-1')
  })

  const asking = (asks: () => unknown) =>
    runAsks({ ...returning, asks: asks as never }, { event: { cups: 1 }, calendar, now: 0 })

  it('asks: acts and members, both of which may be left out', () => {
    expect(runAsks(returning, { event: {}, calendar, now: 0 })).toEqual({ acts: [], members: [] })
    expect(asking(() => ({}))).toEqual({ acts: [], members: [] })
    const acts = [
      { source: 'purchase', once: 'o-1' },
      { source: 'tea', once: '订单', memberId: 'm-2' },
    ]
    expect(asking(() => ({ acts, members: ['m-3'] }))).toEqual({ acts, members: ['m-3'] })
    expect(asking(() => ({ line: 'm-3' }))).toEqual({ acts: [], members: [], line: 'm-3' })
  })

  it('leadsTo: a member or nobody', () => {
    const leading = (answer: unknown) =>
      runLeadsTo({ ...returning, leadsTo: () => answer as never }, {})
    expect(runLeadsTo(returning, {})).toBeNull()
    expect([leading('m-2'), leading(null), leading(undefined)]).toEqual(['m-2', null, null])
    const failed = faultOf(() => leading(5))
    expect(failed).toMatchObject({ operation: 'leadsTo', reason: 'nonsense' })
    expect(failed.message).toContain('it led to what is no text')
  })

  it.each<[asked: unknown, fault: string]>([
    [undefined, 'it asked for nothing that can be read'],
    [{ acts: {} }, 'its acts are not a list of at most 20'],
    [
      { acts: Array(21).fill({ source: 'tea', once: '1' }) },
      'its acts are not a list of at most 20',
    ],
    [{ acts: [null] }, 'an act it asks for has no source and key'],
    [{ acts: [{ source: 'tea' }] }, 'an act it asks for has no source and key'],
    [{ acts: [{ source: 'tea', once: '' }] }, 'an act it asks for has no source and key'],
    [{ acts: [{ source: 'tea', once: '1', memberId: 5 }] }, 'an act it asks for has no source'],
    [{ members: 'm-1' }, 'its members are not a list of at most 20'],
    [{ members: [5] }, 'a member it asks for is not named by a text'],
    [{ line: null }, 'the line it asks for does not begin with a text'],
  ])('asks: %j is nonsense', (asked, fault) => {
    const failed = faultOf(() => asking(() => asked))
    expect(failed).toMatchObject({ operation: 'asks', reason: 'nonsense' })
    expect(failed.message).toContain(fault)
  })

  const reacting = (answer: () => unknown) =>
    runReaction(
      { ...returning, reacts: { to: ['purchase'], with: answer as never } },
      {
        ...context(),
        happened: 'confirmed',
        memory: {},
        act: {
          source: 'purchase',
          memberId: 'm-1',
          once: 'o-1',
          event: {},
          at: 0,
          status: 'confirmed',
          granted: 1,
          standing: 1,
          qualifyingMinor: 0,
          returns: [],
        },
      },
    )

  it('reacts: events to earn and events to cancel', () => {
    const reactions = [
      { earn: { memberId: 'm-2', event: { order: 'o-1' } } },
      { cancel: { memberId: 'm-2', once: '订单' } },
    ]
    expect(reacting(() => reactions)).toEqual(reactions)
    expect(reacting(() => [])).toEqual([])
  })

  it.each<[reactions: unknown, fault: string]>([
    [undefined, 'its reactions are not a list of at most 1000'],
    [Array(1_001).fill({ cancel: { memberId: 'm', once: '1' } }), 'its reactions are not a list'],
    [[null], 'reaction 0 is neither something to earn nor something to cancel'],
    [
      [{ earn: { memberId: 'm', event: {} }, cancel: { memberId: 'm', once: '1' } }],
      'reaction 0 is neither something to earn nor something to cancel',
    ],
    [[{ earn: { memberId: '', event: {} } }], 'reaction 0 names no member'],
    [[{ earn: { memberId: 'm', event: { at: new Date(0) } } }], 'the event of reaction 0'],
    [[{ cancel: { memberId: 'm', once: '' } }], 'reaction 0 names no event to cancel'],
  ])('reacts: %j is nonsense', (reactions, fault) => {
    const failed = faultOf(() => reacting(() => reactions))
    expect(failed).toMatchObject({ operation: 'reacts', reason: 'nonsense' })
    expect(failed.message).toContain(fault)
  })

  const telling = (tasks: () => unknown) =>
    runTasks(
      { ...returning, tasks: tasks as never },
      { settings: {}, memory: {}, member, calendar, now: 0, currency: 'CNY' },
    )
  const task = { id: 'tea', title: words, points: 5, done: false, beginner: true }

  it('tasks: a list, of none where the source tells none', () => {
    const given = { settings: {}, memory: {}, member, calendar, now: 0, currency: 'CNY' }
    expect(runTasks(returning, given)).toEqual([])
    const all = [
      task,
      {
        ...task,
        id: 'cups-2',
        points: null,
        rate: '0.25',
        behaviour: 'cups',
        progress: { done: 2, of: 2 },
        streak: 7,
        againAt: 1_700_000_000_000,
      },
    ]
    expect(telling(() => all)).toEqual(all)
  })

  it.each<[tasks: unknown, fault: string]>([
    [undefined, 'its tasks are not a list of at most 100'],
    [Array(101).fill(task), 'its tasks are not a list of at most 100'],
    [[{ ...task, at: new Date(0) }], 'its tasks.0.at: a Date is not JSON'],
    [[null], 'task 0: it is none'],
    [[task, task], 'two tasks are called tea'],
    [[{ ...task, id: 'A cup' }], 'task 0: its id is not lower-case words'],
    [[{ ...task, title: { en: 'Tea' } }], 'task 0: its title does not say it in every language'],
    [[{ ...task, points: 0.5 }], 'task 0: its points are not whole'],
    [[{ ...task, points: undefined }], 'task 0: its points are not whole'],
    [[{ ...task, rate: '-1' }], 'task 0: its rate is not a decimal'],
    [[{ ...task, behaviour: 5 }], 'task 0: its behaviour is not a text'],
    [[{ ...task, done: 'no' }], 'task 0: it is neither done nor not'],
    [[{ ...task, beginner: 1 }], 'task 0: it is neither for beginners nor not'],
    [[{ ...task, progress: { done: 3, of: 2 } }], 'task 0: its progress is not so many'],
    [[{ ...task, streak: -1 }], 'task 0: its streak is not whole'],
    [[{ ...task, againAt: 0.5 }], 'task 0: its againAt is not an instant'],
  ])('tasks: %j is nonsense', (tasks, fault) => {
    const failed = faultOf(() => telling(() => tasks))
    expect(failed).toMatchObject({ operation: 'tasks', reason: 'nonsense' })
    expect(failed.message).toContain(fault)
  })

  it('returns: gives the event without what was returned, or a refusal', () => {
    const event = { cups: 5, key: 'k' }
    expect(runReturn(returning, event, [{ cups: 2 }])).toEqual({ cups: 2, key: 'k' })
    expect(runReturn(returning, event, [{ cups: 2 }, { cups: 3 }])).toMatchObject({
      code: 'NO_TEA',
    })
    const failed = faultOf(() => runReturn(returning, event, [{ cups: Number.NaN }]))
    expect(failed.message).toContain('the event.cups: NaN is not JSON')
    expect(
      faultOf(() =>
        runReturn(
          sourceOf(() => good),
          event,
          [],
        ),
      ).message,
    ).toContain('it takes nothing back')
  })

  it('check: null or a refusal', () => {
    const channel = (check: () => unknown) =>
      defineRedemptionChannel({
        ...base,
        id: 'tea',
        loop: 'closed',
        offer: z.object({}),
        order: z.object({}),
        check: check as never,
        fulfil: async () => ({ outcome: 'unknown' as const }),
      })
    const { settings, now, currency } = context()
    const offer = { id: 'o', title: words, details: {}, cashValueMinor: 1, currency }
    const run = (check: () => unknown) =>
      runCheck(channel(check), { settings, member, calendar, now, currency, offer, order: {} })
    expect(run(() => null)).toBeNull()
    expect(run(() => refuse('NO_TEA'))).toMatchObject({ code: 'NO_TEA' })
    expect(faultOf(() => run(() => undefined)).message).toContain('neither null nor a refusal')
    expect(faultOf(() => run(() => refuse('NO_COFFEE'))).message).toContain('does not declare')
    const open = { ...channel(() => null), check: undefined }
    expect(
      runCheck(open, { settings, member, calendar, now, currency, offer, order: {} }),
    ).toBeNull()
  })

  it('assess: one of four answers, with a reason that its words say', () => {
    const words = { 'too-fast': { en: 'Too fast', zh: '过快' } }
    const rule = (answer: unknown) =>
      defineRiskRule({ ...base, id: 'tea', words, assess: () => answer as never })
    const { settings, now, currency } = context()
    const act = { kind: 'earn' as const, plugin: 'tea', points: 1, event: {} }
    const recent = Object.fromEntries(RECENT_FIGURES.map((name) => [name, 0])) as RecentFigures
    const run = (answer: unknown) =>
      runAssessment(rule(answer), { settings, member, calendar, now, currency, act, recent })
    expect(run({ answer: 'allow' })).toEqual({ answer: 'allow' })
    expect(run({ answer: 'hold', reason: 'too-fast' })).toEqual({
      answer: 'hold',
      reason: 'too-fast',
    })
    for (const answer of [
      null,
      {},
      { answer: 'maybe', reason: 'too-fast' },
      { answer: 'hold' },
      { answer: 'hold', reason: '' },
      { answer: 'hold', reason: 'toString' },
      { answer: 'refuse', reason: 'never said' },
    ]) {
      expect(faultOf(() => run(answer))).toMatchObject({ operation: 'assess', reason: 'nonsense' })
    }
  })
})

function circle(): object {
  const it: { self?: object } = {}
  it.self = it
  return it
}

describe('E8: what a source says of its items', () => {
  const itemsOf = (answer: unknown) => ({ ...sourceOf(() => good), items: () => answer as never })
  const told = { items: [{ id: 'tea', points: '1.25' }], besides: 0, rounding: 'floor' }

  it('is asked for where it tells any', () => {
    expect(runItems(itemsOf(told), context())).toEqual(told)
    expect(
      runItems(
        sourceOf(() => good),
        context(),
      ),
    ).toBeUndefined()
  })

  it.each<[string, unknown, string]>([
    ['nothing', null, 'it told no items'],
    ['no list', { ...told, items: {} }, 'its items are not a list'],
    ['an item that is none', { ...told, items: [null] }, 'items.0 has no id'],
    ['an item without id', { ...told, items: [{ id: '', points: 1 }] }, 'items.0 has no id'],
    [
      'seven places',
      { ...told, items: [{ id: 'tea', points: '0.1234567' }] },
      'items.0.points is neither a whole number nor a decimal of at most six places',
    ],
    [
      'less than nothing',
      { ...told, items: [{ id: 'tea', points: -1 }] },
      'items.0.points is neither a whole number nor a decimal of at most six places',
    ],
    ['half a point besides', { ...told, besides: 0.5 }, 'its besides is not a whole number'],
    [
      'another rounding',
      { ...told, rounding: 'even' },
      'its rounding is neither floor, half-up nor ceil',
    ],
  ])('is nonsense: %s', (_, answer, fault) => {
    const found = faultOf(() => runItems(itemsOf(answer), context()))
    expect(found).toMatchObject({ operation: 'items', reason: 'nonsense' })
    expect(found.message).toBe(`The plugin "tea" is at fault in items: ${fault}.`)
  })
})
