import { openCalendar, runTasks } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { behaviour } from '../behaviour.js'
import { behaviourMemory } from '../memory/behaviour-memory.js'
import { behaviourSettings } from '../settings/behaviour-settings.js'

const title = { en: 'It', zh: '它' }
const tasks = (done: object = {}, settings: object = {}) =>
  runTasks(behaviour, {
    settings: behaviourSettings.parse(settings),
    memory: behaviourMemory.parse({ done }),
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [{ id: 'may', multiplier: '1.5', extraPoints: 0 }],
    },
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse('2021-05-10T12:00:00+08:00'),
    currency: 'CNY',
  })

describe('E14: behaviours as tasks', () => {
  it('are all that are open, those of once and for all for beginners', () => {
    expect(tasks().map(({ id, points, beginner }) => [id, points, beginner])).toEqual([
      ['sign-up', 1_500, true],
      ['complete-profile', 150, true],
      ['first-order', 300, true],
      ['share', 15, false],
      ['favourite', 3, false],
    ])
  })

  it('say how many times are done, and when there are more', () => {
    const all = tasks({
      'sign-up': { ever: [1, 1_000] },
      share: { ever: [3, 30], periods: { 'd2021-05-10': [3, 30] } },
      favourite: { ever: [2, 4], periods: { 'd2021-05-10': [2, 4] } },
    })
    const byId = Object.fromEntries(all.map((task) => [task.id, task]))
    expect(byId.share).toEqual({
      id: 'share',
      title: { en: 'Share', zh: '分享' },
      points: 15,
      behaviour: 'share',
      done: true,
      progress: { done: 3, of: 3 },
      againAt: Date.parse('2021-05-11T00:00:00+08:00'),
      beginner: false,
    })
    expect(byId.favourite).toMatchObject({ done: false, progress: { done: 2, of: 5 } })
    expect(byId['sign-up']).toMatchObject({ done: true, againAt: null })
  })

  it('give no more than a limit of points leaves', () => {
    const settings = {
      behaviours: { it: { title, points: 10, times: 5, per: 'week', pointsLimit: 25 } },
    }
    const week = (points: number) => ({
      it: { ever: [2, points], periods: { 'w2021-05-10': [2, points] } },
    })
    expect(tasks(week(20), settings)[0]).toMatchObject({ points: 5, done: false })
    expect(tasks(week(25), settings)[0]).toMatchObject({ points: 15, done: true })
  })
})
