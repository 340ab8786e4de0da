import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { behaviourMemory } from '../memory/behaviour-memory.js'
import { behaviourSettings } from '../settings/behaviour-settings.js'
import { behaviourProgress } from './behaviour-progress.js'

const progress = (
  done: object = {},
  { now = '2021-05-10T12:00:00+08:00', settings = {} }: { now?: string; settings?: object } = {},
) =>
  behaviourProgress({
    memory: behaviourMemory.parse({ done }),
    settings: behaviourSettings.parse(settings),
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse(now),
  })
const title = { en: 'It', zh: '它' }

describe('E14: what a member can earn by', () => {
  it('tells a newcomer all there is, beginners’ tasks first', () => {
    expect(progress().map(({ id, points, left, againAt }) => [id, points, left, againAt])).toEqual([
      ['sign-up', 1_000, 1, null],
      ['complete-profile', 100, 1, null],
      ['first-order', 200, 1, null],
      ['share', 10, 3, null],
      ['favourite', 2, 5, null],
    ])
  })

  it('tells what is left today, and from when on there is more', () => {
    const all = progress({
      'sign-up': { ever: [1, 1_000] },
      share: { ever: [9, 90], periods: { 'd2021-05-10': [3, 30] } },
      favourite: { ever: [9, 18], periods: { 'd2021-05-09': [5, 10], 'd2021-05-10': [2, 4] } },
    })
    expect(all.map(({ id }) => id)).toEqual([
      'complete-profile',
      'first-order',
      'favourite',
      'sign-up',
      'share',
    ])
    const byId = Object.fromEntries(all.map((it) => [it.id, it]))
    expect(byId.share).toEqual({
      id: 'share',
      title: { en: 'Share', zh: '分享' },
      points: 10,
      times: 3,
      per: 'day',
      pointsLimit: null,
      left: 0,
      pointsLeft: null,
      againAt: Date.parse('2021-05-11T00:00:00+08:00'),
    })
    expect(byId.favourite).toMatchObject({ left: 3, againAt: null })
    expect(byId['sign-up']).toMatchObject({ left: 0, againAt: null })
  })

  it('all is there again at midnight', () => {
    const done = { share: { ever: [3, 30], periods: { 'd2021-05-10': [3, 30] } } }
    const left = (now: string) => progress(done, { now }).find(({ id }) => id === 'share')?.left
    expect(left('2021-05-10T23:59:59.999+08:00')).toBe(0)
    expect(left('2021-05-11T00:00:00+08:00')).toBe(3)
  })

  it('nothing is left where the points are used up', () => {
    const settings = {
      behaviours: { it: { title, points: 10, times: 5, per: 'week', pointsLimit: 25 } },
    }
    const week = (points: number) => ({
      it: { ever: [3, points], periods: { 'w2021-05-10': [3, points] } },
    })
    expect(progress(week(20), { settings })[0]).toMatchObject({ left: 2, pointsLeft: 5 })
    expect(progress(week(25), { settings })[0]).toMatchObject({
      left: 0,
      pointsLeft: 0,
      againAt: Date.parse('2021-05-17T00:00:00+08:00'),
    })
  })

  it('what is switched off is not shown', () => {
    const settings = { behaviours: { it: { title, points: 1, active: false } } }
    expect(progress({}, { settings })).toEqual([])
  })
})
