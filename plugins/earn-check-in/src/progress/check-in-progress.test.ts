import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { type CheckInMemory, checkInMemory } from '../memory/check-in-memory.js'
import { checkInSettings } from '../settings/check-in-settings.js'
import { checkInProgress } from './check-in-progress.js'

const progress = (
  memory: Partial<CheckInMemory>,
  { now = '2021-05-10T12:00:00+08:00', settings = {} }: { now?: string; settings?: object } = {},
) =>
  checkInProgress({
    memory: checkInMemory.parse(memory),
    settings: checkInSettings.parse(settings),
    member: { joinedAt: Date.parse('2021-05-01T00:00:00+08:00') },
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse(now),
  })
const run = (first: number, last: number) => ({
  first: `2021-05-${String(first).padStart(2, '0')}`,
  last: `2021-05-${String(last).padStart(2, '0')}`,
  length: last - first + 1,
})

describe('E14: how far a member has come', () => {
  it('tells a newcomer what there is to win', () => {
    expect(progress({})).toEqual({
      today: '2021-05-10',
      checkedIn: false,
      streak: 0,
      pointsToday: 5,
      pointsTomorrow: 5,
      nextBonus: { points: 20, checkIns: 7 },
      cardsLeft: 1,
      missed: ['09', '08', '07', '06', '05', '04', '03'].map((day) => `2021-05-${day}`),
    })
  })

  it('tells what today gives while it is open', () => {
    expect(progress({ runs: [run(4, 9)] })).toMatchObject({
      checkedIn: false,
      streak: 6,
      pointsToday: 25,
      pointsTomorrow: 5,
      nextBonus: { points: 20, checkIns: 1 },
      missed: ['2021-05-03'],
    })
  })

  it('tells what today gave, and that the table is gone through', () => {
    expect(progress({ runs: [run(4, 10)] })).toMatchObject({
      checkedIn: true,
      streak: 7,
      pointsToday: 25,
      pointsTomorrow: 5,
      nextBonus: null,
    })
  })

  it('tells of the next round where the table starts again', () => {
    expect(
      progress({ runs: [run(4, 10)] }, { settings: { restartAfterLongest: true } }),
    ).toMatchObject({
      nextBonus: { points: 20, checkIns: 7 },
    })
  })

  it('a streak that was broken is over, and its gap can be made up for', () => {
    expect(progress({ runs: [run(1, 8)] })).toMatchObject({
      streak: 0,
      pointsToday: 5,
      missed: ['2021-05-09'],
    })
  })

  it('without a card nothing can be made up for', () => {
    expect(progress({ runs: [run(1, 8)], cards: { month: '2021-05', used: 1 } })).toMatchObject({
      cardsLeft: 0,
      missed: [],
    })
    expect(progress({ runs: [run(1, 8)], cards: { month: '2021-04', used: 1 } }).cardsLeft).toBe(1)
    expect(progress({}, { settings: { makeUp: { enabled: false } } })).toMatchObject({
      cardsLeft: 0,
      missed: [],
    })
  })
})
