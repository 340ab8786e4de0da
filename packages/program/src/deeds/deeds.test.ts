import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  actsDone,
  confirmDeed,
  countWaitingDeeds,
  type Deeds,
  NO_DEEDS,
  readDeeds,
  writeDeeds,
} from './deeds.js'
import { orderFigures } from './order-figures.js'
import { deedOf, keptDeed, recordDeed, takeBackRecorded } from './record-deed.js'

/** One order and what becomes of it. Days are counted from 1 January 2024. */
interface Story {
  day: number
  /** Told of so many days later. */
  late: number
  minor: number
  tags: string[]
  /** How many days after that it confirms by itself; null: at once. */
  waits: number | null
  /** What is left after a return on the next day: amount and tags; all of it: nothing. */
  back: { minor: number; tags: string[] } | 'all' | null
}

const DAY_MS = 86_400_000
const START = Date.parse('2024-01-01T00:00:00Z')
const dateOf = (day: number) => new Date(START + day * DAY_MS).toISOString().slice(0, 10)
const monthOf = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7))

const stories = fc.array(
  fc.record<Story>({
    day: fc.integer({ min: 0, max: 1_200 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
    minor: fc.integer({ min: 0, max: 1_000 }),
    tags: fc.uniqueArray(fc.constantFrom('tea', 'cup', 'constructor')),
    waits: fc.option(fc.integer({ min: 1, max: 20 })),
    back: fc.option(
      fc.oneof(
        fc.constant('all' as const),
        fc.record({
          minor: fc.integer({ min: 0, max: 1_000 }),
          tags: fc.uniqueArray(fc.constantFrom('tea', 'cup', 'constructor')),
        }),
      ),
    ),
  }),
  { maxLength: 20 },
)

/** The sums as postings leave them by the end of day `today`. */
function live(list: readonly Story[], { today, months }: { today: number; months: number }): Deeds {
  let deeds = NO_DEEDS
  for (let day = 0; day <= today; day++) {
    const kept = { today: dateOf(day), months }
    deeds = readDeeds(JSON.parse(JSON.stringify(writeDeeds(deeds))))
    deeds = countWaitingDeeds(deeds, day, kept)
    for (const [place, { tags, minor, waits, back, ...story }] of list.entries()) {
      const event = { source: 'shop', date: dateOf(story.day), asked: () => true }
      const deed = deedOf({ qualifyingMinor: minor, tags }, event)
      const name = `shop:${place}`
      if (story.day + story.late === day) {
        const pending = waits === null ? undefined : { confirmAt: day + waits }
        deeds = recordDeed(deeds, deed, { name, pending, kept })
      }
      if (back && story.day + story.late + 1 === day) {
        const left =
          back === 'all' || (minor > 0 && Math.min(minor, back.minor) === 0)
            ? null
            : {
                minor: Math.min(minor, back.minor),
                tags: tags.filter((tag) => back.tags.includes(tag)),
                streak: null,
              }
        deeds = takeBackRecorded(deeds, { name, ...event, before: keptDeed(deed), left })
      }
    }
  }
  return deeds
}

/** What stands at the end of `today`, looked up order by order. */
function standing(list: readonly Story[], today: number) {
  return list.flatMap(({ day, late, minor, tags, waits, back }) => {
    const toldOn = day + late
    if (toldOn + (waits ?? 0) > today) return []
    if (!back || toldOn + 1 > today) return [{ day, minor, tags }]
    const left = back === 'all' ? 0 : Math.min(minor, back.minor)
    if (back === 'all' || (left === 0 && minor > 0)) return []
    return [{ day, minor: left, tags: tags.filter((tag) => back.tags.includes(tag)) }]
  })
}

describe('M6, M7: what a member has done', () => {
  it('is the sum of what stands, whatever came late, waited or went back', () => {
    fc.assert(
      fc.property(
        stories,
        fc.integer({ min: 0, max: 1_300 }),
        fc.integer({ min: 1, max: 24 }),
        (list, today, months) => {
          const deeds = live(list, { today, months })
          const orders = standing(list, today)
          expect(deeds.orders).toBe(orders.length)
          expect(deeds.minor).toBe(orders.reduce((sum, { minor }) => sum + minor, 0))
          expect(actsDone(deeds, 'shop', null)).toBe(orders.length)
          for (const tag of ['tea', 'cup', 'constructor']) {
            const about = orders.filter(({ tags }) => tags.includes(tag))
            expect(actsDone(deeds, 'shop', tag)).toBe(about.length)
          }
          const within = orders.filter(
            ({ day }) => monthOf(dateOf(day)) > monthOf(dateOf(today)) - months,
          )
          const figures = orderFigures(deeds, { today: dateOf(today), months })
          expect(figures).toMatchObject({
            orders: within.length,
            minor: within.reduce((sum, { minor }) => sum + minor, 0),
            lastOrder:
              within.length === 0 ? null : dateOf(Math.max(...within.map(({ day }) => day))),
          })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('knows the last order ever, also of months that are not kept', () => {
    const old = deedOf(
      { qualifyingMinor: 5 },
      { source: 'shop', date: '2024-02-29', asked: () => false },
    )
    const kept = { today: '2024-03-01', months: 2 }
    let deeds = recordDeed(NO_DEEDS, old, { name: 'a', pending: undefined, kept })
    const later = { ...old, date: '2025-01-01' }
    const now = { today: '2025-01-01', months: 2 }
    deeds = recordDeed(deeds, later, { name: 'b', pending: undefined, kept: now })
    expect(deeds.earlier).toBe('2024-02-29')
    const event = { name: 'b', source: 'shop', date: later.date, before: keptDeed(later) }
    deeds = takeBackRecorded(deeds, { ...event, left: null })
    expect(orderFigures(deeds, now)).toEqual({
      lastOrder: null,
      orders: 0,
      minor: 0,
      lastEver: '2024-02-29',
    })
  })

  it('waits for the call that confirms it, and then counts once', () => {
    const deed = deedOf({ streak: 3 }, { source: 'bell', date: '2024-02-29', asked: () => false })
    const kept = { today: '2024-03-01', months: 2 }
    const waiting = recordDeed(NO_DEEDS, deed, { name: 'a', pending: { confirmAt: null }, kept })
    expect(actsDone(countWaitingDeeds(waiting, Infinity, kept), 'bell', null)).toBe(0)
    const confirmed = confirmDeed(waiting, 'a', kept)
    expect(confirmed).toMatchObject({ acts: { bell: 1 }, streaks: { bell: 3 }, waiting: {} })
    expect(confirmDeed(confirmed, 'a', kept)).toBe(confirmed)
    expect(confirmed.orders).toBe(0)
  })
})
