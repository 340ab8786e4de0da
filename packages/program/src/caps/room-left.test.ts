import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shop } from '../../../../test/support/test-program-plugins.js'
import { openPolicyReader } from '../policy/read-policy.js'
import { applyCaps } from './apply-caps.js'
import { roomLeft } from './room-left.js'

const calendar = openCalendar('Asia/Shanghai')
const read = openPolicyReader({ sources: [shop], channels: [] })
const documentOf = (caps: object) => read({ caps }).document!
const event = {
  source: 'purchase',
  isOrder: true,
  tier: 'regular',
  date: '2026-01-07',
  calendar,
  counters: {},
}
const at = (date: string) => Date.parse(`${date}T00:00:00+08:00`)

describe('E14: what caps leave', () => {
  it('says nothing where there is none', () => {
    expect(roomLeft(documentOf({}), event)).toEqual({ points: null, orders: null, againAt: null })
    const noneForTier = { pointsPerDay: { limit: 10, byTier: { regular: null } } }
    expect(roomLeft(documentOf(noneForTier), event).points).toBeNull()
  })

  it('is the least of all, and orders by themselves', () => {
    const caps = {
      pointsPerDay: { limit: 100 },
      ordersPerDay: { limit: 3 },
      perSource: { purchase: [{ period: 'week', limit: 150 }] },
    }
    const counters = {
      'all:D2026-01-07': 30,
      'from:purchase:W2026-01-05': 90,
      'orders:D2026-01-07': 1,
    }
    expect(roomLeft(documentOf(caps), { ...event, counters })).toEqual({
      points: 60,
      orders: 2,
      againAt: null,
    })
    expect(roomLeft(documentOf(caps), { ...event, isOrder: false, counters }).orders).toBeNull()
  })

  it('says when there is more, once all caps that are used up are over', () => {
    const caps = {
      pointsPerDay: { limit: 100 },
      perSource: {
        purchase: [
          { period: 'week', limit: 150 },
          { period: 'lifetime', limit: 500 },
        ],
      },
    }
    const used = (counters: Record<string, number>) =>
      roomLeft(documentOf(caps), { ...event, counters }).againAt
    expect(used({ 'all:D2026-01-07': 100 })).toBe(at('2026-01-08'))
    expect(used({ 'all:D2026-01-07': 100, 'from:purchase:W2026-01-05': 170 })).toBe(
      at('2026-01-12'),
    )
    expect(used({ 'from:purchase:L': 500, 'all:D2026-01-07': 100 })).toBeNull()
    expect(roomLeft(documentOf({ pointsPerDay: { limit: 0 } }), event)).toMatchObject({
      points: 0,
      againAt: null,
    })
  })

  it('is what applyCaps lets through of more than that', () => {
    const limit = fc.option(fc.nat(50))
    const used = fc.nat(60)
    fc.assert(
      fc.property(
        fc.record({ day: limit, week: limit, ever: limit, orders: limit }),
        fc.record({ day: used, week: used, ever: used, orders: used }),
        (limits, counted) => {
          const document = documentOf({
            ...(limits.day !== null && { pointsPerDay: { limit: limits.day } }),
            ...(limits.orders !== null && { ordersPerDay: { limit: limits.orders } }),
            perSource: {
              purchase: [
                ...(limits.week !== null ? [{ period: 'week', limit: limits.week }] : []),
                ...(limits.ever !== null ? [{ period: 'lifetime', limit: limits.ever }] : []),
              ],
            },
          })
          const counters = {
            'all:D2026-01-07': counted.day,
            'orders:D2026-01-07': counted.orders,
            'from:purchase:W2026-01-05': counted.week,
            'from:purchase:L': counted.ever,
          }
          const room = roomLeft(document, { ...event, counters })
          const { points } = applyCaps(document, { ...event, counters, points: 1_000 })
          expect(room.orders === 0 ? 0 : (room.points ?? 1_000)).toBe(points)
        },
      ),
    )
  })
})
