import { openCalendar, runTasks } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { referralMemory } from '../memory/referral-memory.js'
import { referral } from '../referral.js'

const NOW = Date.parse('2021-05-10T12:00:00+08:00')

const tasks = ({
  settings = {},
  memory = {},
  staff = false,
}: {
  settings?: object
  memory?: object
  staff?: boolean
} = {}) =>
  runTasks(referral, {
    settings: referral.settings.parse(settings),
    memory: referralMemory.parse(memory),
    member: {
      id: 'm-1',
      joinedAt: NOW,
      region: null,
      staff,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [{ id: 'may', multiplier: '2', extraPoints: 0 }],
    },
    calendar: openCalendar('Asia/Shanghai'),
    now: NOW,
    currency: 'CNY',
  })

describe('E14: what referrals have for a member', () => {
  it('to bring a friend, as often as the limit that leaves least says', () => {
    expect(tasks()).toEqual([
      expect.objectContaining({
        id: 'bring-a-friend',
        points: 600,
        done: false,
        progress: { done: 0, of: 20 },
        againAt: null,
        beginner: false,
      }),
    ])
    const settings = {
      limits: [
        { per: 'year', times: 30 },
        { per: 'day', times: 2 },
      ],
    }
    const rewards = { day: ['2021-05-10', 1], year: ['2021', 4] }
    expect(tasks({ settings, memory: { rewards } })).toMatchObject([
      { progress: { done: 1, of: 2 }, done: false },
    ])
    expect(tasks({ settings: { limits: [] } })[0]).not.toHaveProperty('progress')
  })

  it.each([
    ['day', '2021-05-10', '2021-05-11T00:00:00+08:00'],
    ['month', '2021-05', '2021-06-01T00:00:00+08:00'],
    ['year', '2021', '2022-01-01T00:00:00+08:00'],
    ['ever', '', null],
  ])('is done when a limit by %s is used up', (per, name, again) => {
    expect(
      tasks({
        settings: { limits: [{ per, times: 3 }] },
        memory: { rewards: { [per]: [name, 5] } },
      }),
    ).toMatchObject([
      {
        done: true,
        progress: { done: 3, of: 3 },
        againAt: again === null ? null : Date.parse(again),
      },
    ])
  })

  it('to accept a code, for newcomers, where that gives points', () => {
    const settings = { friendPoints: 50 }
    expect(tasks({ settings })[0]).toMatchObject({
      id: 'accept-a-code',
      points: 100,
      beginner: true,
    })
    const accepted = { referrer: 'm-2', at: 0 }
    expect(tasks({ settings, memory: { accepted } })).toHaveLength(1)
  })

  it('none for staff', () => {
    expect(tasks({ staff: true })).toEqual([])
  })
})
