import { describe, expect, it } from 'vitest'
import { openPolicyReader } from '../policy/read-policy.js'
import { type SegmentFigures, segmentsOf } from './segments-of.js'

const read = openPolicyReader({ sources: [], channels: [] })
const title = { en: 'x', zh: 'x' }
const listOf = (document: object) => read(document).document!.segments.list
const somebody: SegmentFigures = {
  rfm: null,
  orders: { orders: 0, minor: 0 },
  daysSinceOrder: null,
  daysSinceJoined: 100,
  daysSinceActive: 10,
  tier: 'regular',
  region: null,
  badges: [],
  activity: 'low',
  currency: 'CNY',
}
const ordered = (recency: number, frequency: number): SegmentFigures => ({
  ...somebody,
  rfm: { recency, frequency, monetary: 1 },
  orders: { orders: 3, minor: 3_000 },
  daysSinceOrder: 20,
})
const pathsOf = (document: object) => read(document).faults?.map(({ path }) => path)

describe('M6: named segments', () => {
  it('everyone who ever ordered is in one of the four that a new programme has', () => {
    const list = listOf({})
    const names = new Map<string, number>()
    for (let recency = 1; recency <= 5; recency++) {
      for (let frequency = 1; frequency <= 5; frequency++) {
        const found = segmentsOf(list, ordered(recency, frequency))
        expect(found).toHaveLength(1)
        names.set(found[0]!, (names.get(found[0]!) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(names)).toEqual({ loyal: 4, sleeping: 5, lost: 5, ordinary: 11 })
    expect(segmentsOf(list, { ...somebody, daysSinceOrder: 500 })).toEqual(['lost'])
    expect(segmentsOf(list, somebody)).toEqual([])
  })

  it.each<[string, object, Partial<SegmentFigures>, boolean]>([
    ['no condition: everybody', {}, {}, true],
    ['from', { orders: { min: 2 } }, { orders: { orders: 2, minor: 0 } }, true],
    ['not below', { orders: { min: 2 } }, { orders: { orders: 1, minor: 0 } }, false],
    ['to', { daysSinceJoined: { max: 100 } }, {}, true],
    ['not above', { daysSinceJoined: { max: 99 } }, {}, false],
    ['active lately', { daysSinceActive: { max: 9 } }, {}, false],
    [
      'spent, to the fen',
      { spent: { min: '12.34' } },
      { orders: { orders: 1, minor: 1_234 } },
      true,
    ],
    ['spent less', { spent: { min: '12.34' } }, { orders: { orders: 1, minor: 1_233 } }, false],
    ['spent at most', { spent: { max: '12' } }, { orders: { orders: 1, minor: 1_201 } }, false],
    ['never ordered is no number of days', { daysSinceOrder: { max: 9 } }, {}, false],
    ['so active', { activity: ['medium', 'low'] }, {}, true],
    ['more active', { activity: ['high'] }, {}, false],
    ['one of its tiers', { tiers: ['silver', 'regular'] }, {}, true],
    ['none of its tiers', { tiers: ['gold'] }, {}, false],
    ['no region', { regions: ['east'] }, {}, false],
    ['its region', { regions: ['east'] }, { region: 'east' }, true],
    ['a badge', { badges: ['b'] }, { badges: ['a', 'b'] }, true],
    ['no badge', { badges: ['b'] }, { badges: ['a'] }, false],
    ['all of them', { tiers: ['regular'], orders: { min: 1 } }, {}, false],
  ])('%s', (_, conditions, figures, expected) => {
    const badges = [{ id: 'b', title, goal: { type: 'orders', count: 1 } }]
    const list = listOf({ badges, segments: { list: [{ id: 'it', title, anyOf: [conditions] }] } })
    expect(segmentsOf(list, { ...somebody, ...figures })).toEqual(expected ? ['it'] : [])
  })

  it('E1: every fault has its path', () => {
    const list = [
      { id: 'a', title, anyOf: [{ notIn: ['b'], tiers: ['regular', 'tin'] }] },
      { id: 'a', title, anyOf: [{ badges: ['none'] }, { notIn: ['a'] }] },
    ]
    expect(pathsOf({ segments: { list } })).toEqual([
      'segments.list.0.anyOf.0.tiers.1',
      'segments.list.0.anyOf.0.notIn.0',
      'segments.list.1.id',
      'segments.list.1.anyOf.0.badges.0',
    ])
    const odd = [{ id: 'a', title, anyOf: [{ recency: { min: 4, max: 2 }, sex: 'f' }] }]
    expect(pathsOf({ segments: { list: odd, rfm: { windowMonths: 25 } } })).toEqual([
      'segments.rfm.windowMonths',
      'segments.list.0.anyOf.0.recency.max',
      'segments.list.0.anyOf.0.sex',
    ])
  })
})
