import {
  type Grant,
  isRefusal,
  type MemberFacts,
  openCalendar,
  type Refusal,
  runDecision,
} from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkIn } from '../check-in.js'
import { checkInRefusals, checkInWords } from '../check-in-words.js'
import { checkInEvent } from '../event/check-in-event.js'
import { type CheckInMemory, checkInMemory } from '../memory/check-in-memory.js'
import { checkInSettings } from '../settings/check-in-settings.js'
import type { CheckInDetails } from './decide-check-in.js'

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

/** A member who checks in, and remembers. */
function someone({
  zone = 'Asia/Shanghai',
  settings = {},
  facts = {},
}: {
  zone?: string
  settings?: Record<string, unknown>
  facts?: Partial<MemberFacts>
} = {}) {
  const calendar = openCalendar(zone)
  let memory: CheckInMemory = checkInMemory.parse({})
  const decide = (now: number, event: { date: string; makeUp?: boolean }) => {
    const decision = runDecision(checkIn, {
      event: checkInEvent.parse(event),
      memory,
      settings: checkInSettings.parse(settings),
      member: { ...member, ...facts },
      calendar,
      now,
      currency: 'CNY',
    })
    if (!isRefusal(decision)) memory = decision.memory as CheckInMemory
    return decision
  }
  return {
    calendar,
    memory: () => memory,
    /** Checks in on the day it is. */
    checkIn: (at: string) => decide(Date.parse(at), { date: calendar.dateOf(Date.parse(at)) }),
    /** Tells of a day, at some time. */
    tell: (at: string, date: string) => decide(Date.parse(at), { date }),
    makeUp: (at: string, date: string) => decide(Date.parse(at), { date, makeUp: true }),
  }
}

const granted = (decision: Grant | Refusal): Grant & { details: CheckInDetails } => {
  if (isRefusal(decision)) throw new Error(decision.code)
  return decision as Grant & { details: CheckInDetails }
}
const pointsOf = (decision: Grant | Refusal) => granted(decision).points
const streakOf = (decision: Grant | Refusal) => granted(decision).details.streak
const noon = (date: string) => `${date}T12:00:00+08:00`
const may = (day: number) => `2021-05-${String(day).padStart(2, '0')}`

describe('E3: a check-in a day', () => {
  it('gives five points by default, and says why', () => {
    const now = Date.parse(noon(may(3)))
    expect(someone().checkIn(noon(may(3)))).toEqual({
      points: 5,
      because: [{ step: 'check-in', points: 5, figures: { date: '2021-05-03' } }],
      at: now,
      streak: 1,
      memory: { runs: [{ first: may(3), last: may(3), length: 1 }], cards: null },
      details: { date: '2021-05-03', streak: 1, cardsLeft: 1 },
    })
  })

  it('gives twenty more on the seventh day in a row, once a streak', () => {
    const { checkIn } = someone()
    const points = Array.from({ length: 15 }, (_, n) => pointsOf(checkIn(noon(may(n + 1)))))
    expect(points).toEqual([5, 5, 5, 5, 5, 5, 25, 5, 5, 5, 5, 5, 5, 5, 5])
  })

  it('starts the table again after its longest entry, if the operator wants it so', () => {
    const { checkIn } = someone({
      settings: { streaks: { 3: 10, 7: 20 }, restartAfterLongest: true },
    })
    const points = Array.from({ length: 15 }, (_, n) => pointsOf(checkIn(noon(may(n + 1)))))
    expect(points).toEqual([5, 5, 15, 5, 5, 5, 25, 5, 5, 15, 5, 5, 5, 25, 5])
  })

  it('says which day of the table it was', () => {
    const { checkIn } = someone({ settings: { streaks: { 2: 10 }, restartAfterLongest: true } })
    for (const day of [1, 2, 3]) checkIn(noon(may(day)))
    expect(granted(checkIn(noon(may(4)))).because).toEqual([
      { step: 'check-in', points: 5, figures: { date: may(4) } },
      { step: 'streak', points: 10, figures: { streak: 4, day: 2 } },
    ])
  })

  it('begins a new streak after a missed day', () => {
    const { checkIn } = someone()
    expect([1, 2, 4, 5].map((day) => streakOf(checkIn(noon(may(day)))))).toEqual([1, 2, 1, 2])
  })

  it.each([
    ['nothing a day', { points: 0 }, [0, 0, 0, 0, 0, 0, 20]],
    ['no table', { streaks: {} }, [5, 5, 5, 5, 5, 5, 5]],
    ['no table, started again', { streaks: {}, restartAfterLongest: true }, [5, 5, 5, 5, 5, 5, 5]],
    ['every day more', { streaks: { 1: 1, 2: 2, 3: 3 } }, [6, 7, 8, 5, 5, 5, 5]],
    [
      'a table of one day, started again',
      { streaks: { 1: 1 }, restartAfterLongest: true },
      [6, 6, 6, 6, 6, 6, 6],
    ],
  ])('follows the operator’s settings: %s', (_, settings, points) => {
    const { checkIn } = someone({ settings })
    expect([1, 2, 3, 4, 5, 6, 7].map((day) => pointsOf(checkIn(noon(may(day)))))).toEqual(points)
  })

  it('E11: campaigns multiply, round down, then add; nothing stays nothing', () => {
    const campaigns = [
      { id: 'a', multiplier: '1.5', extraPoints: 3 },
      { id: 'b', multiplier: '1', extraPoints: 4 },
    ]
    const { because, points, ...more } = granted(
      someone({ facts: { campaigns } }).checkIn(noon(may(3))),
    )
    expect(points).toBe(7 + 7)
    expect(because.slice(1)).toMatchObject([
      { step: 'campaign', points: 5, figures: { campaign: 'a' } },
      { step: 'campaign', points: 4, figures: { campaign: 'b' } },
    ])
    expect(more.campaigns).toEqual([
      { id: 'a', points: 5, extra: 3 },
      { id: 'b', points: 4, extra: 4 },
    ])
    expect(
      pointsOf(someone({ facts: { campaigns }, settings: { points: 0 } }).checkIn(noon(may(3)))),
    ).toBe(0)
  })

  it('is one act a member and day, named by the day', () => {
    const calendar = openCalendar('Asia/Shanghai')
    const once = (event: object) =>
      checkIn.once({ event: checkInEvent.parse(event), calendar, now: 0 })
    expect(once({ date: may(3) })).toBe('2021-05-03')
    expect(once({ date: may(3), makeUp: true })).toBe('make-up:2021-05-03')
    expect(checkIn.scope).toBe('member')
  })

  it('has words for every step', () => {
    const { checkIn, makeUp } = someone({ settings: { streaks: { 3: 1 } } })
    checkIn(noon(may(1)))
    checkIn(noon(may(3)))
    for (const { step } of granted(makeUp(noon(may(3)), may(2))).because) {
      expect(Object.keys(checkInWords)).toContain(step)
    }
  })
})

describe('E3: days of the programme’s zone', () => {
  it('a minute before and after midnight are two days', () => {
    const { checkIn } = someone()
    expect(streakOf(checkIn('2021-05-03T15:59:59.999Z'))).toBe(1)
    expect(streakOf(checkIn('2021-05-03T16:00:00.000Z'))).toBe(2)
  })

  it.each([
    [
      'Europe/London',
      ['2024-03-30T12:00Z', '2024-03-31T00:00Z', '2024-03-31T23:00Z', '2024-04-01T23:00Z'],
    ],
    [
      'Europe/London',
      ['2024-10-26T22:59Z', '2024-10-26T23:00Z', '2024-10-28T00:00Z', '2024-10-29T23:59Z'],
    ],
    [
      'America/Sao_Paulo',
      ['2018-11-03T12:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z', '2018-11-06T02:00Z'],
    ],
    [
      'America/Sao_Paulo',
      ['2018-02-17T01:59Z', '2018-02-18T02:59Z', '2018-02-18T03:00Z', '2018-02-19T03:00Z'],
    ],
    [
      'Pacific/Apia',
      ['2011-12-29T00:00Z', '2011-12-30T09:59Z', '2011-12-30T10:00Z', '2012-01-01T00:00Z'],
    ],
  ])('goes on over a change of clocks: %s %j', (zone, instants) => {
    const { checkIn } = someone({ zone })
    expect(instants.map((at) => streakOf(checkIn(at)))).toEqual([1, 2, 3, 4])
  })

  it('a date that the zone skipped cannot be told of', () => {
    const { tell, makeUp } = someone({ zone: 'Pacific/Apia' })
    const refused = { refused: true, code: 'INVALID_INPUT', figures: { field: 'date' } }
    expect(tell('2012-01-01T00:00Z', '2011-12-30')).toEqual(refused)
    expect(makeUp('2012-01-01T00:00Z', '2011-12-30')).toEqual(refused)
  })

  it('a make-up joins over a skipped date too', () => {
    const { checkIn, makeUp } = someone({ zone: 'Pacific/Apia' })
    checkIn('2011-12-28T12:00Z') // the 28th
    checkIn('2012-01-01T00:00Z') // the 1st
    expect(streakOf(makeUp('2012-01-01T00:00Z', '2011-12-31'))).toBe(2)
    expect(streakOf(checkIn('2012-01-02T00:00Z'))).toBe(3)
  })
})

describe('E3: days told out of order', () => {
  it('tomorrow is refused, and says when it begins', () => {
    expect(someone().tell(noon(may(3)), may(4))).toEqual({
      refused: true,
      code: 'EVENT_IN_FUTURE',
      figures: { field: 'date', when: Date.parse('2021-05-03T16:00:00Z') },
    })
  })

  it('a day told of late counts for its own day', () => {
    const { checkIn, tell } = someone()
    checkIn(noon(may(1)))
    const late = granted(tell(noon(may(4)), may(2)))
    expect(late.details.streak).toBe(2)
    expect(late.at).toBe(Date.parse('2021-05-02T15:59:59.999Z'))
    expect(streakOf(checkIn(noon(may(4))))).toBe(1)
  })

  it('a day before the last one is refused, and says which would do', () => {
    const { checkIn, tell } = someone()
    checkIn(noon(may(3)))
    expect(tell(noon(may(3)), may(2))).toEqual({
      refused: true,
      code: 'CHECK_IN_OUT_OF_ORDER',
      figures: { field: 'date', when: Date.parse('2021-05-03T16:00:00Z') },
    })
  })

  it('the last day is remembered however late it was told', () => {
    const { checkIn, tell } = someone()
    expect(streakOf(tell('2021-08-01T12:00:00+08:00', may(2)))).toBe(1)
    expect(tell('2021-08-01T12:00:00+08:00', may(1))).toMatchObject({
      code: 'CHECK_IN_OUT_OF_ORDER',
    })
    expect(tell('2021-08-01T12:00:00+08:00', may(2))).toMatchObject({ code: 'ALREADY_CHECKED_IN' })
    expect(streakOf(tell('2021-08-01T12:00:00+08:00', may(3)))).toBe(2)
    expect(streakOf(checkIn('2021-08-01T12:00:00+08:00'))).toBe(1)
  })

  it('the same day again is refused where it is not a replay, and says when the next begins', () => {
    const { checkIn, makeUp } = someone()
    checkIn(noon(may(3)))
    const refused = {
      refused: true,
      code: 'ALREADY_CHECKED_IN',
      figures: { field: 'date', when: Date.parse('2021-05-04T16:00:00Z') },
    }
    expect(makeUp(noon(may(4)), may(3))).toEqual(refused)
  })
})

describe('E3: make-up cards', () => {
  /** Checked in on these days of May. */
  const with_ = (days: number[], options: Parameters<typeof someone>[0] = {}) => {
    const one = someone(options)
    for (const day of days) granted(one.checkIn(noon(may(day))))
    return one
  }

  it('join the days on both sides, and earn what the streak would have had', () => {
    const one = with_([1, 2, 3, 5, 6, 7])
    const made = granted(one.makeUp(noon(may(7)), may(4)))
    expect(made.because).toEqual([
      { step: 'make-up', points: 5, figures: { date: may(4) } },
      { step: 'streak', points: 20, figures: { streak: 7, day: 7 } },
    ])
    expect(made.details).toEqual({ date: may(4), streak: 7, cardsLeft: 0 })
    expect(one.memory()).toEqual({
      runs: [{ first: may(1), last: may(7), length: 7 }],
      cards: { month: '2021-05', used: 1 },
    })
    expect(pointsOf(one.checkIn(noon(may(8))))).toBe(5)
  })

  it('used yesterday’s day before today is checked in: the streak goes on', () => {
    const one = with_([1, 2])
    expect(streakOf(one.makeUp(noon(may(4)), may(3)))).toBe(3)
    expect(streakOf(one.checkIn(noon(may(4))))).toBe(4)
  })

  it('only join the streak, if the operator wants it so', () => {
    const one = with_([1, 2, 3, 5, 6, 7], { settings: { makeUp: { earnsPoints: false } } })
    expect(pointsOf(one.makeUp(noon(may(7)), may(4)))).toBe(20)
  })

  it('never pay a table twice: a part that had more by itself keeps it, and gets no more', () => {
    const one = with_([1, 3], { settings: { streaks: { 1: 10, 2: 4 } } })
    expect(pointsOf(one.makeUp(noon(may(3)), may(2)))).toBe(5)
  })

  it('are counted by the month in which they are used, and come anew with the next', () => {
    const one = someone({ settings: { makeUp: { cardsPerMonth: 2 } } })
    one.checkIn(noon(may(31)))
    granted(one.makeUp(noon(may(31)), may(30)))
    granted(one.makeUp(noon(may(31)), may(28)))
    expect(one.makeUp(noon(may(31)), may(29))).toEqual({
      refused: true,
      code: 'NO_MAKE_UP_CARD',
      figures: { available: 0, needed: 1, limit: 2, when: Date.parse('2021-05-31T16:00:00Z') },
    })
    expect(granted(one.makeUp('2021-06-01T00:00:00+08:00', may(29))).details).toEqual({
      date: may(29),
      streak: 4,
      cardsLeft: 1,
    })
  })

  it.each<[string, string, (one: ReturnType<typeof someone>) => Grant | Refusal, object, object?]>([
    [
      'not offered',
      'MAKE_UP_NOT_OFFERED',
      (one) => one.makeUp(noon(may(9)), may(8)),
      {},
      { makeUp: { enabled: false } },
    ],
    ['today', 'DAY_NOT_MISSED', (one) => one.makeUp(noon(may(9)), may(9)), { field: 'date' }],
    [
      'before joining',
      'DAY_NOT_MISSED',
      (one) => one.makeUp('2000-01-02T12:00:00+08:00', '1999-12-31'),
      { field: 'date' },
    ],
    [
      'too long ago',
      'MAKE_UP_TOO_LATE',
      (one) => one.makeUp(noon(may(9)), may(1)),
      { field: 'date', limit: 7, when: Date.parse('2021-05-01T16:00:00Z') },
    ],
    [
      'no cards',
      'NO_MAKE_UP_CARD',
      (one) => one.makeUp(noon(may(9)), may(8)),
      { available: 0, needed: 1, limit: 0, when: Date.parse('2021-05-31T16:00:00Z') },
      { makeUp: { cardsPerMonth: 0 } },
    ],
    [
      'tomorrow',
      'EVENT_IN_FUTURE',
      (one) => one.makeUp(noon(may(9)), may(10)),
      { field: 'date', when: Date.parse('2021-05-09T16:00:00Z') },
    ],
  ])('are refused: %s', (_, code, act, figures, settings = {}) => {
    const one = someone({ settings: settings as Record<string, unknown> })
    const before = one.memory()
    expect(act(one)).toEqual({ refused: true, code, figures })
    expect(one.memory()).toBe(before)
  })

  it('reach exactly as far back as is allowed', () => {
    const one = someone()
    expect(isRefusal(one.makeUp(noon(may(9)), may(2)))).toBe(false)
  })

  it('has words for every refusal in both languages', () => {
    for (const words of Object.values(checkInRefusals)) {
      expect(words.en).toMatch(/\.$/)
      expect(words.zh).toMatch(/。$/)
    }
  })
})

// ── Any life ────────────────────────────────────────────────────────────────────────────────

interface Act {
  readonly days: number
  readonly act: 'check-in' | 'make-up' | 'tell'
  readonly back: number
}
const acts = fc.array(
  fc.record<Act>({
    days: fc.nat(3),
    act: fc.constantFrom('check-in', 'check-in', 'check-in', 'make-up', 'make-up', 'tell'),
    back: fc.integer({ min: -1, max: 12 }),
  }),
  { maxLength: 60 },
)
const tables = fc.dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.nat(50), {
  maxKeys: 4,
})

/** The same source told plainly: every day a member was ever there is a member of a set. */
class Diary {
  readonly days = new Set<string>()
  readonly cards = new Map<string, number>()

  private shift(date: string, by: number) {
    return new Date(Date.parse(date) + by * 86_400_000).toISOString().slice(0, 10)
  }
  streakOn(date: string): number {
    let length = 0
    for (let day = date; this.days.has(day); day = this.shift(day, -1)) length += 1
    return length
  }
  /** All extra points of the days there were. */
  bonuses(table: Record<string, number>, restart: boolean): number {
    const longest = Math.max(0, ...Object.keys(table).map(Number))
    let sum = 0
    for (const day of this.days) {
      const n = this.streakOn(day)
      sum += table[String(restart && longest > 0 ? ((n - 1) % longest) + 1 : n)] ?? 0
    }
    return sum
  }
  runAround(date: string): number {
    let last = date
    while (this.days.has(this.shift(last, 1))) last = this.shift(last, 1)
    return this.streakOn(last)
  }
}

describe('E3: any life of a member', () => {
  it('is the life of a plain diary', () => {
    fc.assert(
      fc.property(
        acts,
        tables,
        fc.boolean(),
        fc.nat(3),
        (life, streaks, restart, cardsPerMonth) => {
          const one = someone({
            zone: 'UTC',
            settings: {
              streaks,
              restartAfterLongest: restart,
              makeUp: { cardsPerMonth, maxDaysBack: 9 },
            },
          })
          const diary = new Diary()
          let now = Date.parse('2021-04-20T12:00:00Z')
          for (const { days, act, back } of life) {
            now += days * 86_400_000
            const at = new Date(now).toISOString()
            const today = at.slice(0, 10)
            const date = new Date(now - back * 86_400_000).toISOString().slice(0, 10)
            const month = today.slice(0, 7)
            const last = [...diary.days].sort().at(-1) ?? ''
            const day = act === 'check-in' ? today : date
            const used = diary.cards.get(month) ?? 0

            const refused =
              day > today || diary.days.has(day)
                ? true
                : act === 'make-up'
                  ? day === today || back > 9 || used >= cardsPerMonth
                  : day < last
            const decision =
              act === 'check-in'
                ? one.checkIn(at)
                : act === 'tell'
                  ? one.tell(at, day)
                  : one.makeUp(at, day)
            expect(isRefusal(decision)).toBe(refused)
            if (isRefusal(decision)) continue

            const before = diary.bonuses(streaks, restart)
            diary.days.add(day)
            if (act === 'make-up') diary.cards.set(month, used + 1)
            const gained = Math.max(0, diary.bonuses(streaks, restart) - before)
            expect(decision.points).toBe(5 + gained)
            expect(streakOf(decision)).toBe(diary.runAround(day))
            expect(one.memory().runs.length).toBeLessThanOrEqual(18)
          }
        },
      ),
      { numRuns: 600 },
    )
  })
})
