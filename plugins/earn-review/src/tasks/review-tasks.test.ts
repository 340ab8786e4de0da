import { openCalendar, runTasks } from '@pointwell/plugin'
import { expect, it } from 'vitest'
import { review } from '../review.js'
import { reviewSettings } from '../settings/review-settings.js'

it('E14: to review, and with photos, with campaigns', () => {
  const tasks = runTasks(review, {
    settings: reviewSettings.parse({ points: 10 }),
    memory: {},
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [{ id: 'may', multiplier: '3', extraPoints: 0 }],
    },
    calendar: openCalendar('Asia/Shanghai'),
    now: 0,
    currency: 'CNY',
  })
  expect(tasks.map(({ id, points, title }) => [id, points, title.zh])).toEqual([
    ['review', 30, '商品评价'],
    ['review-photos', 150, '带图评价'],
  ])
})
