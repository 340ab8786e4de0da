import { type MemberFacts, openCalendar, runTasks } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { purchase } from '../purchase.js'
import { purchaseSettings } from '../settings/purchase-settings.js'

const rateOf = (settings: object = {}, member: Partial<MemberFacts> = {}) => {
  const [task] = runTasks(purchase, {
    settings: purchaseSettings.parse(settings),
    memory: {},
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
      segments: [],
      campaigns: [],
      ...member,
    },
    calendar: openCalendar('Asia/Shanghai'),
    now: Date.parse('2021-05-03T12:00:00+08:00'),
    currency: 'CNY',
  })
  expect(task).toMatchObject({ id: 'purchase', points: null, done: false })
  return task?.rate
}

describe('E14: what a yuan earns', () => {
  it.each<[what: string, rate: string, settings: object, member: Partial<MemberFacts>]>([
    ['a point', '1', {}, {}],
    ['by spend', '0.333333', { spendPerPoint: '3' }, {}],
    ['by region', '1.2', { regionRates: { 'class-3': '1.2' } }, { region: 'class-3' }],
    [
      'by tier',
      '1.5',
      {},
      { tier: { id: 'gold', earnMultiplier: '1.5', birthdayMultiplier: '2' } },
    ],
    ['on a birthday', '2', {}, { birthday: { month: 5, day: 3 } }],
    ['in a campaign', '3', {}, { campaigns: [{ id: 'x', multiplier: '3', extraPoints: 5 }] }],
    ['nothing, for staff', '0', {}, { staff: true }],
  ])('%s: %s', (_, rate, settings, member) => {
    expect(rateOf(settings, member)).toBe(rate)
  })
})
