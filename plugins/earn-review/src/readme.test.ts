import { readFileSync } from 'node:fs'
import { type EarnedRecord, isRefusal, openCalendar, runDecision } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { reviewEvent } from './event/review-event.js'
import { review } from './review.js'
import { MOST_PHOTOS, reviewSettings } from './settings/review-settings.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const NOW = Date.parse('2021-05-03T12:00:00+08:00')
const order: EarnedRecord = {
  memberId: 'm-1',
  once: '1001',
  event: {
    lines: [
      { id: '1', quantity: 2 },
      { id: '2', quantity: 1 },
      { id: '3', quantity: 1 },
    ],
  },
  status: 'confirmed',
  granted: 100,
  standing: 60,
  returns: [
    {
      lines: [
        { line: '1', quantity: 1 },
        { line: '3', quantity: 1 },
      ],
    },
  ],
}

describe('the README', () => {
  it('works its example as the plugin does', () => {
    const rows = [
      ...readme.matchAll(/^\| `(\d+)` \| `(\d+)` \| (\d+) \| (\d+) \| (?:(\d+)|`([A-Z_]+)`) \|$/gm),
    ]
    expect(rows).toHaveLength(6)
    for (const [, orderId, lineId, characters, photos, points, code] of rows) {
      const decision = runDecision(review, {
        event: reviewEvent.parse({
          orderId,
          lineId,
          reviewId: 'r-1',
          characters: Number(characters),
          photos: Number(photos),
          at: NOW,
        }),
        memory: {},
        settings: reviewSettings.parse({}),
        member: {
          id: 'm-1',
          joinedAt: 0,
          region: null,
          staff: false,
          birthday: null,
          tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
          segments: [],
          campaigns: [],
        },
        calendar: openCalendar('Asia/Shanghai'),
        now: NOW,
        currency: 'CNY',
        acts: [orderId === order.once ? order : null],
      })
      expect(isRefusal(decision) ? decision.code : String(decision.points)).toBe(code ?? points)
    }
  })

  it('names every setting with its default', () => {
    const told = Object.fromEntries(
      [...readme.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm)]
        .filter(([, name]) => !/^\d+$/.test(name!))
        .map(([, name, value]) => [name, JSON.parse(value!)]),
    )
    expect(told).toEqual(reviewSettings.parse({}))
    expect(readme).toContain(`1 to ${MOST_PHOTOS} `)
  })

  it('names every refusal', () => {
    for (const code of Object.keys(review.refusals ?? {})) expect(readme).toContain(`\`${code}\``)
  })
})
