import { openCalendar, runTasks } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { checkIn } from '../check-in.js'
import { checkInMemory } from '../memory/check-in-memory.js'
import { checkInSettings } from '../settings/check-in-settings.js'

const tasks = (memory: object, settings: object = {}) =>
  runTasks(checkIn, {
    settings: checkInSettings.parse(settings),
    memory: checkInMemory.parse(memory),
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [{ id: 'may', multiplier: '2', extraPoints: 1 }],
    },
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse('2021-05-10T12:00:00+08:00'),
    currency: 'CNY',
  })
const runs = (first: string, last: string, length: number) => ({ runs: [{ first, last, length }] })

describe('E14: today’s check-in', () => {
  it('gives the day’s points and what the streak reaches, with campaigns', () => {
    expect(tasks({})).toEqual([
      {
        id: 'check-in',
        title: checkIn.title,
        points: 11,
        done: false,
        streak: 0,
        progress: { done: 0, of: 7 },
        againAt: null,
        beginner: false,
      },
    ])
    expect(tasks(runs('2021-05-04', '2021-05-09', 6))).toMatchObject([
      { points: 51, streak: 6, progress: { done: 6, of: 7 }, done: false },
    ])
  })

  it('is done until midnight', () => {
    const [task] = tasks(runs('2021-05-04', '2021-05-10', 7))
    expect(task).toMatchObject({
      done: true,
      streak: 7,
      againAt: Date.parse('2021-05-11T00:00:00+08:00'),
    })
    // The table is gone through: there is nothing to get nearer to.
    expect(task).not.toHaveProperty('progress')
  })
})
