import {
  type Grant,
  isRefusal,
  type MemberFacts,
  openCalendar,
  type Refusal,
  runDecision,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { behaviour } from '../behaviour.js'
import { behaviourRefusals, behaviourWords } from '../behaviour-words.js'
import { behaviourEvent } from '../event/behaviour-event.js'
import { type BehaviourMemory, behaviourMemory } from '../memory/behaviour-memory.js'
import { behaviourSettings } from '../settings/behaviour-settings.js'
import type { BehaviourDetails } from './decide-behaviour.js'

const member: MemberFacts = {
  id: 'm-1',
  joinedAt: Date.parse('2000-01-01T00:00:00Z'),
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
}
const title = { en: 'Something', zh: '某事' }

/** A member who does things, and is remembered. */
function someone({
  zone = 'Asia/Shanghai',
  behaviours,
  daysLate = 3,
  facts = {},
}: {
  zone?: string
  behaviours?: Record<string, object>
  daysLate?: number
  facts?: Partial<MemberFacts>
} = {}) {
  let memory: BehaviourMemory = behaviourMemory.parse({})
  let given = behaviours && withTitles(behaviours)
  return {
    memory: () => memory,
    change(changed: Record<string, object>) {
      given = withTitles(changed)
    },
    act(id: string, at: string, now: string = at) {
      const decision = runDecision(behaviour, {
        event: behaviourEvent.parse({ behaviour: id, ref: '1', at }),
        memory,
        settings: behaviourSettings.parse({ ...(given && { behaviours: given }), daysLate }),
        member: { ...member, ...facts },
        calendar: openCalendar(zone),
        now: Date.parse(now),
        currency: 'CNY',
      })
      if (!isRefusal(decision)) memory = decision.memory as BehaviourMemory
      return decision
    },
  }
}

function withTitles(behaviours: Record<string, object>) {
  return Object.fromEntries(
    Object.entries(behaviours).map(([id, it]) => [id, { title, points: 10, ...it }]),
  )
}

const granted = (decision: Grant | Refusal): Grant & { details: BehaviourDetails } => {
  if (isRefusal(decision)) throw new Error(decision.code)
  return decision as Grant & { details: BehaviourDetails }
}
const pointsOf = (decision: Grant | Refusal) => granted(decision).points
const outcome = (decision: Grant | Refusal) =>
  isRefusal(decision) ? decision.code : decision.points
const noon = (day: number) => `2021-05-${String(day).padStart(2, '0')}T12:00:00+08:00`
const midnight = (date: string) => Date.parse(`${date}T00:00:00+08:00`)

describe('E6: what a behaviour earns', () => {
  it('gives a thousand welcome points for signing up, once ever, and says why', () => {
    const ann = someone()
    expect(ann.act('sign-up', noon(3))).toEqual({
      points: 1_000,
      because: [
        {
          step: 'behaviour',
          points: 1_000,
          figures: { behaviour: 'sign-up', title: { en: 'Sign up', zh: '注册' } },
        },
      ],
      expiry: { term: 'months', months: 6 },
      core: false,
      behaviour: 'sign-up',
      at: Date.parse(noon(3)),
      tags: ['sign-up'],
      memory: {
        done: { 'sign-up': { ever: [1, 1_000], periods: {} } },
        forgottenBefore: '2021-04-30',
      },
      details: { behaviour: 'sign-up', left: 0, againAt: null },
    })
    expect(ann.act('sign-up', '2031-05-03T12:00:00+08:00')).toEqual({
      refused: true,
      code: 'BEHAVIOUR_LIMIT_REACHED',
      figures: { field: 'behaviour', available: 0, limit: 1 },
    })
  })

  it('gives so many times a day, and says when it is possible again', () => {
    const ann = someone()
    const left = [1, 2, 3].map(() => granted(ann.act('share', noon(3))).details)
    expect(left.map((details) => details.left)).toEqual([2, 1, 0])
    expect(left[2]?.againAt).toBe(midnight('2021-05-04'))
    expect(ann.act('share', noon(3))).toEqual({
      refused: true,
      code: 'BEHAVIOUR_LIMIT_REACHED',
      figures: { field: 'behaviour', available: 0, limit: 3, when: midnight('2021-05-04') },
    })
    expect(pointsOf(ann.act('share', noon(4)))).toBe(10)
    expect(pointsOf(ann.act('favourite', noon(3)))).toBe(2)
  })

  it.each([
    ['week', '2021-05-09T23:59:59.999+08:00', '2021-05-10'],
    ['month', '2021-05-31T23:59:59.999+08:00', '2021-06-01'],
    ['year', '2021-12-31T23:59:59.999+08:00', '2022-01-01'],
  ])('counts a %s in the programme’s calendar, to its last instant', (per, last, next) => {
    const ann = someone({ behaviours: { it: { per } } })
    expect(pointsOf(ann.act('it', noon(5)))).toBe(10)
    expect(ann.act('it', last)).toMatchObject({
      code: 'BEHAVIOUR_LIMIT_REACHED',
      figures: { when: midnight(next) },
    })
    expect(pointsOf(ann.act('it', `${next}T00:00:00+08:00`))).toBe(10)
  })

  it('X1, E7: hands on the kind, the expiry and whether it is core, as the operator set them', () => {
    const expiry = { term: 'days', days: 7 }
    const ann = someone({ behaviours: { it: { kind: 'campaign', expiry, core: true }, plain: {} } })
    expect(granted(ann.act('it', noon(3)))).toMatchObject({ kind: 'campaign', expiry, core: true })
    const plain = granted(ann.act('plain', noon(3)))
    expect(plain).not.toHaveProperty('kind')
    expect(plain).not.toHaveProperty('expiry')
    expect(plain.core).toBe(false)
  })

  it('cuts the last act to what the limit of points leaves, says so, and refuses the next', () => {
    const it_ = { per: 'day', times: 10, pointsLimit: 25 }
    const ann = someone({ behaviours: { it: it_ } })
    ann.act('it', noon(3))
    ann.act('it', noon(3))
    const third = granted(ann.act('it', noon(3)))
    expect(third.because).toEqual([
      { step: 'behaviour', points: 10, figures: { behaviour: 'it', title } },
      { step: 'points-limit', points: -5, figures: { limit: 25, per: 'day' } },
    ])
    expect(third.details).toEqual({ behaviour: 'it', left: 0, againAt: midnight('2021-05-04') })
    expect(ann.act('it', noon(3))).toEqual({
      refused: true,
      code: 'BEHAVIOUR_POINTS_REACHED',
      figures: { field: 'behaviour', available: 0, limit: 25, when: midnight('2021-05-04') },
    })
    expect(pointsOf(ann.act('it', noon(4)))).toBe(10)
  })

  it('keeps an act that earns nothing, and counts it', () => {
    const ann = someone({ behaviours: { it: { points: 0 } } })
    expect(pointsOf(ann.act('it', noon(3)))).toBe(0)
    expect(outcome(ann.act('it', noon(3)))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })

  it('E11: campaigns multiply, round down, then add; the limit of points holds over them', () => {
    const campaigns = [
      { id: 'a', multiplier: '1.55', extraPoints: 3 },
      { id: 'b', multiplier: '1', extraPoints: 4 },
    ]
    const behaviours = { it: { per: 'day', times: 9 }, little: { pointsLimit: 12 } }
    const ann = someone({ behaviours, facts: { campaigns } })
    const whole = granted(ann.act('it', noon(3)))
    expect(whole.because.map(({ step, points }) => [step, points])).toEqual([
      ['behaviour', 10],
      ['campaign', 8],
      ['campaign', 4],
    ])
    expect(whole.campaigns).toEqual([
      { id: 'a', points: 8, extra: 3 },
      { id: 'b', points: 4, extra: 4 },
    ])
    // What the limit cuts, it cuts from what campaigns add, the last one first.
    expect(granted(ann.act('little', noon(3)))).toMatchObject({
      points: 12,
      campaigns: [{ id: 'a', points: 2 }],
    })
  })

  it('stays exact whatever campaigns would multiply it to', () => {
    const huge = { multiplier: '1000', extraPoints: Number.MAX_SAFE_INTEGER }
    const campaigns = ['a', 'b', 'c'].map((id) => ({ id, ...huge }))
    const ann = someone({ behaviours: { it: { points: 1_000_000_000 } }, facts: { campaigns } })
    expect(pointsOf(ann.act('it', noon(3)))).toBe(1_000_000_000)
  })

  it('is one act a member, behaviour and ref', () => {
    const once = (id: string, ref: string) =>
      behaviour.once({
        event: behaviourEvent.parse({ behaviour: id, ref, at: 0 }),
        calendar: openCalendar('UTC'),
        now: 0,
      })
    expect(once('share', 'article-7')).toBe('share:article-7')
    expect(once('share', 'a')).not.toBe(once('favourite', 'a'))
    expect(behaviour.scope).toBe('member')
  })

  it('L9: has words for every step', () => {
    const campaigns = [{ id: 'a', multiplier: '2', extraPoints: 0 }]
    const ann = someone({ behaviours: { it: { pointsLimit: 12 } }, facts: { campaigns } })
    const { because } = granted(ann.act('it', noon(3)))
    expect(because.map(({ step }) => step)).toEqual(Object.keys(behaviourWords))
  })
})

describe('E6: what is refused', () => {
  it('an unknown behaviour, and one that is switched off, by their field', () => {
    const ann = someone({ behaviours: { off: { active: false } } })
    for (const [id, code] of [
      ['gone', 'BEHAVIOUR_NOT_FOUND'],
      ['constructor', 'BEHAVIOUR_NOT_FOUND'],
      ['off', 'BEHAVIOUR_NOT_ACTIVE'],
    ] as const) {
      expect(ann.act(id, noon(3))).toEqual({ refused: true, code, figures: { field: 'behaviour' } })
    }
  })

  it('a behaviour may be called as anything in JavaScript is', () => {
    const ann = someone({ behaviours: { constructor: {} } })
    expect(pointsOf(ann.act('constructor', noon(3)))).toBe(10)
    expect(outcome(ann.act('constructor', noon(3)))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })

  it('an act far in the future; a clock that is a little ahead is none', () => {
    const ann = someone()
    expect(ann.act('share', noon(5), noon(3))).toEqual({
      refused: true,
      code: 'EVENT_IN_FUTURE',
      figures: { field: 'at', when: Date.parse(noon(4)) },
    })
    expect(pointsOf(ann.act('share', noon(4), noon(3)))).toBe(10)
  })

  it('an act in a period that ended longer ago than can be told of', () => {
    const ann = someone({ daysLate: 1 })
    expect(pointsOf(ann.act('share', '2021-05-09T00:00:00+08:00', noon(10)))).toBe(10)
    expect(ann.act('share', '2021-05-08T23:59:59.999+08:00', noon(10))).toEqual({
      refused: true,
      code: 'BEHAVIOUR_TOO_LATE',
      figures: { field: 'at', limit: 1, when: midnight('2021-05-09') },
    })
  })

  it('a period that goes on can be told of however long ago it began', () => {
    const ann = someone({ behaviours: { month: { per: 'month' }, ever: {} } })
    expect(pointsOf(ann.act('month', noon(1), noon(31)))).toBe(10)
    expect(pointsOf(ann.act('ever', '2020-06-01T00:00:00+08:00', noon(31)))).toBe(10)
  })

  it('declares every code', () => {
    expect(Object.keys(behaviourRefusals)).toHaveLength(5)
    expect(behaviour.refusals).toBe(behaviourRefusals)
  })
})

describe('E6: acts that are told of late', () => {
  it('count in their own period, not in the one in which they are told of', () => {
    const ann = someone({ behaviours: { it: { per: 'day' } } })
    expect(pointsOf(ann.act('it', noon(10), noon(10)))).toBe(10)
    expect(pointsOf(ann.act('it', noon(9), noon(10)))).toBe(10)
    expect(outcome(ann.act('it', noon(9), noon(10)))).toBe('BEHAVIOUR_LIMIT_REACHED')
    expect(pointsOf(ann.act('it', noon(8), noon(10)))).toBe(10)
  })

  it('are refused with the next period that has room, though it has begun', () => {
    const ann = someone({ behaviours: { it: { per: 'day' } } })
    ann.act('it', noon(8), noon(10))
    ann.act('it', noon(9), noon(10))
    expect(ann.act('it', noon(8), noon(10))).toMatchObject({
      figures: { when: midnight('2021-05-10') },
    })
  })

  it('what was forgotten once stays closed, also for a server whose clock is behind', () => {
    const ann = someone({ behaviours: { it: { per: 'day' } } })
    ann.act('it', noon(1), noon(4))
    ann.act('it', noon(5), noon(5))
    expect(ann.act('it', noon(1), noon(4))).toMatchObject({
      code: 'BEHAVIOUR_TOO_LATE',
      figures: { when: midnight('2021-05-02') },
    })
  })
})

describe('E6: days of the programme’s zone', () => {
  it.each([
    ['Asia/Shanghai', '2021-05-03T15:59:59.999Z', '2021-05-03T16:00:00.000Z'],
    // 23 and 25 hours, and a midnight that was skipped.
    ['Europe/London', '2024-03-31T22:59:59.999Z', '2024-03-31T23:00:00.000Z'],
    ['Europe/London', '2024-10-27T23:59:59.999Z', '2024-10-28T00:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04T02:59:59.999Z', '2018-11-04T03:00:00.000Z'],
    ['America/New_York', '2021-03-15T03:59:59.999Z', '2021-03-15T04:00:00.000Z'],
  ])('%s: %s and %s are two days', (zone, last, first) => {
    const ann = someone({ zone, behaviours: { it: { per: 'day' } } })
    expect(pointsOf(ann.act('it', last))).toBe(10)
    expect(ann.act('it', last)).toMatchObject({ figures: { when: Date.parse(first) } })
    expect(pointsOf(ann.act('it', first))).toBe(10)
    expect(outcome(ann.act('it', first))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })

  it('goes over a date that the zone skipped', () => {
    const ann = someone({ zone: 'Pacific/Apia', behaviours: { it: { per: 'day' } } })
    ann.act('it', '2011-12-30T09:59:59Z')
    expect(ann.act('it', '2011-12-30T09:59:59Z')).toMatchObject({
      figures: { when: Date.parse('2011-12-30T10:00:00Z') },
    })
    expect(pointsOf(ann.act('it', '2011-12-30T10:00:00Z'))).toBe(10)
  })

  it('has an end to the calendar', () => {
    for (const per of ['day', 'week', 'month', 'year']) {
      const ann = someone({ zone: 'UTC', behaviours: { it: { per } } })
      const last = '9999-12-31T12:00:00Z'
      expect(pointsOf(ann.act('it', last))).toBe(10)
      expect(ann.act('it', last)).not.toHaveProperty('figures.when')
    }
  })
})

describe('E1: what an operator changes', () => {
  it('a limit that is raised opens the rest of the period, one that is lowered closes it', () => {
    const ann = someone({ behaviours: { it: { per: 'day' } } })
    ann.act('it', noon(3))
    ann.change({ it: { per: 'day', times: 2 } })
    expect(pointsOf(ann.act('it', noon(3)))).toBe(10)
    ann.change({ it: { per: 'day', times: 1 } })
    expect(outcome(ann.act('it', noon(3)))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })

  it('made once and for all, what was done before counts', () => {
    const ann = someone({ behaviours: { it: { per: 'day' } } })
    ann.act('it', noon(3))
    ann.change({ it: { per: 'ever' } })
    expect(outcome(ann.act('it', noon(9)))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })

  it('switched off and on again, what was done before counts', () => {
    const ann = someone({ behaviours: { it: {}, other: {} } })
    ann.act('it', noon(3))
    ann.change({ it: { active: false }, other: {} })
    ann.act('other', noon(4))
    ann.change({ it: {} })
    expect(outcome(ann.act('it', noon(5)))).toBe('BEHAVIOUR_LIMIT_REACHED')
  })
})
