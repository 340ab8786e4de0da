import { CountersNotLoaded, type Draft, getCounter } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCountersOf, giveBack, roomFor, shardOf, takeFrom, usedOf } from './budget-shards.js'

/** The counters of a store, and decisions on them that ask for more until they have what they need. */
function openCounters() {
  const stored = new Map<string, number>()
  let rounds = 0
  const decide = <T>(work: (draft: Draft) => T): T => {
    const loaded = new Set<string>()
    for (;;) {
      rounds++
      const counters = new Map([...loaded].map((id) => [id, stored.get(id) ?? 0]))
      const draft = { view: { counters }, counters: new Map() } as unknown as Draft
      try {
        const answer = work(draft)
        for (const id of draft.counters.keys()) stored.set(id, getCounter(draft, id))
        return answer
      } catch (fault) {
        if (!(fault instanceof CountersNotLoaded)) throw fault
        expect(fault.ids.some((id) => !loaded.has(id))).toBe(true)
        for (const id of fault.ids) loaded.add(id)
      }
    }
  }
  const grant = (
    points: number,
    { limit, version = 1, shard = 0 }: { limit: number; version?: number; shard?: number },
  ) =>
    decide((draft) => {
      const room = roomFor(draft, { name: 'b', limit, version }, { shard, wanted: points })
      takeFrom(draft, 'b', { shard, points: room })
      return room
    })
  const back = (points: number, shard = 0) =>
    decide((draft) => giveBack(draft, 'b', { shard, points }))
  /** How many rounds of asking a piece of work took. */
  const roundsOf = (work: () => void) => {
    const before = rounds
    work()
    return rounds - before
  }
  return { grant, back, roundsOf, used: () => usedOf(stored, 'b') }
}

describe('E9: a budget in shards', () => {
  it('gives what there is to the point, whatever shard is asked', () => {
    const { grant, used } = openCounters()
    const limit = 1_000
    const granted = Array.from({ length: 40 }, (_, n) => grant(30, { limit, shard: n % 16 }))
    expect(granted.reduce((sum, it) => sum + it, 0)).toBe(limit)
    // All but the last one whole.
    expect(granted.filter((it) => it !== 30 && it !== 0)).toEqual([10])
    expect(used()).toEqual({ limit, used: limit })
  })

  it('looks at one shard as a rule, and at one when nothing is left', () => {
    const { grant, roundsOf } = openCounters()
    const limit = 100_000
    expect(roundsOf(() => grant(10, { limit }))).toBe(3)
    const later = roundsOf(() => {
      for (let n = 0; n < 100; n++) grant(10, { limit, shard: n % 16 })
    })
    // One for the own counters, which a command names from the start, and one to decide.
    expect(later).toBe(200)
    grant(limit, { limit })
    expect(grant(1, { limit })).toBe(0)
    expect(roundsOf(() => grant(1, { limit, shard: 7 }))).toBe(2)
  })

  it('hears everywhere of what comes back after it was used up', () => {
    const { grant, back, used } = openCounters()
    expect(grant(500, { limit: 100 })).toBe(100)
    expect(grant(1, { limit: 100, shard: 3 })).toBe(0)
    back(40, 5)
    expect(used().used).toBe(60)
    expect(grant(50, { limit: 100, shard: 3 })).toBe(40)
    expect(grant(50, { limit: 100, shard: 5 })).toBe(0)
  })

  it('follows a change at once: raised, lowered, lowered below what is used', () => {
    const { grant, back, used } = openCounters()
    for (let shard = 0; shard < 16; shard++) grant(5, { limit: 100, shard })
    // Every shard has some room left, and none may use it any more.
    expect(grant(5, { limit: 60, version: 2, shard: 9 })).toBe(0)
    for (let shard = 0; shard < 16; shard++) {
      expect(grant(1, { limit: 60, version: 2, shard })).toBe(0)
    }
    expect(used()).toEqual({ limit: 60, used: 80 })
    back(15, 2)
    expect(grant(5, { limit: 60, version: 2, shard: 1 })).toBe(0)
    back(10, 2)
    expect(grant(9, { limit: 60, version: 2, shard: 1 })).toBe(5)
    expect(grant(100, { limit: 150, version: 3, shard: 4 })).toBe(90)
    expect(used()).toEqual({ limit: 150, used: 150 })
  })

  it('keeps to the newer policy where a server has not heard of it', () => {
    const { grant } = openCounters()
    expect(grant(50, { limit: 100, version: 1 })).toBe(50)
    expect(grant(10, { limit: 60, version: 2 })).toBe(10)
    expect(grant(10, { limit: 100, version: 1, shard: 3 })).toBe(0)
    expect(grant(10, { limit: 70, version: 3, shard: 3 })).toBe(10)
  })

  it('E9: is never overshot, and never withholds what there is, in any order of events', () => {
    const acts = fc.array(
      fc.record({
        what: fc.constantFrom('grant', 'grant', 'grant', 'back', 'change'),
        shard: fc.nat(15),
        points: fc.nat(80),
        limit: fc.nat(400),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(fc.nat(400), acts, (first, list) => {
        const counters = openCounters()
        let [limit, version, used] = [first, 1, 0]
        let opened = false
        for (const { what, shard, points, limit: next } of list) {
          if (what === 'change') {
            limit = next
            version++
          } else if (what === 'grant') {
            const granted = counters.grant(points, { limit, version, shard })
            expect(granted).toBe(Math.max(0, Math.min(points, limit - used)))
            used += granted
            opened = true
          } else if (opened) {
            const back = Math.min(points, used)
            counters.back(back, shard)
            used -= back
          }
          if (opened) expect(counters.used().used).toBe(used)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('where a budget lies', () => {
  it('has counters of its own for each lane of a server', () => {
    expect(new Set([0, 1, 2, 3].map((wallet) => shardOf(wallet, 1))).size).toBe(4)
    expect(shardOf(6, 1)).toBe(shardOf(2, 5))
    expect(shardOf(1, 0)).not.toBe(shardOf(1, 1))
    expect(new Set(allCountersOf('b')).size).toBe(48)
  })
})
