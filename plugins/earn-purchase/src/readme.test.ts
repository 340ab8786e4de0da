import { readFileSync } from 'node:fs'
import { isRefusal, openCalendar, runDecision } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { purchaseEvent } from './event/purchase-event.js'
import { purchase } from './purchase.js'
import { purchaseSettings } from './settings/purchase-settings.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the README', () => {
  it('works its example as the plugin does', () => {
    const decision = runDecision(purchase, {
      event: purchaseEvent.parse({
        orderId: 'o-1',
        at: '2021-05-03T10:00:00+08:00',
        currency: 'CNY',
        region: 'class-3',
        lines: [
          { id: '1', article: 'tea', quantity: 1, unitPrice: '100', category: 'tea' },
          { id: '2', article: 'cup', quantity: 1, unitPrice: '33.33' },
        ],
        includedTax: '13 CNY',
        paidWithCoupons: '20 CNY',
      }),
      settings: purchaseSettings.parse({
        categoryRates: { tea: '2' },
        regionRates: { 'class-3': '1.2' },
        pointsPerItem: { limit: 300 },
      }),
      member: {
        id: 'm-1',
        joinedAt: 0,
        region: null,
        staff: false,
        birthday: { month: 5, day: 3 },
        tier: { id: 'gold', earnMultiplier: '1.5', birthdayMultiplier: '2' },
        segments: [],
        campaigns: [{ id: 'spring', multiplier: '1.1', extraPoints: 20 }],
      },
      memory: {},
      calendar: openCalendar('Asia/Shanghai'),
      now: 0,
      currency: 'CNY',
    })
    if (isRefusal(decision)) throw new Error(decision.code)
    const told = [...readme.matchAll(/^\| ([a-z-]+) \| (-?[\d.]+) \|/gm)]
    expect(told.map(([, step, points]) => ({ step, points }))).toEqual(
      decision.because.map(({ step, points }) => ({ step, points })),
    )
    expect(readme).toContain(`Together ${decision.points} points.`)
  })

  it('names every setting with its default', () => {
    const told = new Map(
      [...readme.matchAll(/^\| (`.+?`) \| `(.+?)` \|/gm)].flatMap(([, names = '', value]) =>
        names.split(', ').map((name): [string, unknown] => [name.replaceAll('`', ''), value]),
      ),
    )
    const defaults = Object.entries(purchaseSettings.parse({})).map(([name, value]) => [
      name,
      name === 'rounding' ? value : JSON.stringify(value),
    ])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(defaults))
  })
})
