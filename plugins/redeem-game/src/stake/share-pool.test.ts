import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decidePayouts } from './decide-payouts.js'
import { rakeOf, sharePool } from './share-pool.js'

const stakes = fc
  .array(fc.record({ points: fc.integer({ min: 1, max: 2 ** 40 }), isWinning: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((list) =>
    list.map(({ points, isWinning }, place) => ({
      id: `r-${String(place).padStart(3, '0')}`,
      points,
      outcome: isWinning ? 'home' : 'away',
    })),
  )
const rakes = fc.constantFrom('0', '0.05', '0.1', '0.333333', '0.999999')
const sumOf = (list: Iterable<number>) => [...list].reduce((sum, it) => sum + it, 0)

describe('R12: shares of a pool', () => {
  test('sum to the pool less the rake, and each is right to less than a point', () => {
    fc.assert(
      fc.property(stakes, rakes, (all, rake) => {
        const winners = all.filter(({ outcome }) => outcome === 'home')
        fc.pre(winners.length > 0)
        const terms = { status: 'settled', outcome: 'home', rake, nobodyWon: 'returned' } as const
        const { why, points } = decidePayouts(terms, all)
        const pool = sumOf(all.map((it) => it.points))
        const net = pool - rakeOf(pool, rake)
        expect(why).toBe('share')
        expect(sumOf(points.values())).toBe(net)
        expect([...points.keys()].sort()).toEqual(winners.map(({ id }) => id))
        const staked = BigInt(sumOf(winners.map((it) => it.points)))
        for (const { id, points: own } of winners) {
          // Between the exact share's floor and its ceiling.
          const exact = BigInt(net) * BigInt(own)
          const paid = BigInt(points.get(id) ?? 0)
          expect(paid * staked > exact - staked && paid * staked < exact + staked).toBe(true)
        }
      }),
    )
  })

  test('do not hang on the order of the stakes, and larger stakes never get less', () => {
    fc.assert(
      fc.property(stakes, fc.nat({ max: 2 ** 45 }), (all, points) => {
        const shares = sharePool(points, all)
        expect(sharePool(points, all.toReversed())).toEqual(new Map([...shares].toReversed()))
        for (const a of all) {
          for (const b of all) {
            if (a.points > b.points) expect(shares.get(a.id)! >= shares.get(b.id)!).toBe(true)
          }
        }
      }),
    )
  })

  test('the points that are left go to the largest fractions, then to the lower id', () => {
    const of = (points: number, ...list: number[]) => [
      ...sharePool(
        points,
        list.map((it, place) => ({ id: `r-${place}`, points: it })),
      ).values(),
    ]
    expect(of(100, 1, 1, 1)).toEqual([34, 33, 33])
    expect(of(101, 1, 1, 1)).toEqual([34, 34, 33])
    // 14.28…, 28.57…, 57.14…: one is left, and the second lost most.
    expect(of(100, 1, 2, 4)).toEqual([14, 29, 57])
    expect(of(0, 5, 5)).toEqual([0, 0])
    expect(sharePool(5, [])).toEqual(new Map())
  })

  test('the rake is rounded down', () => {
    expect([
      rakeOf(999, '0.05'),
      rakeOf(1_000, '0.05'),
      rakeOf(7, '0'),
      rakeOf(9, '0.999999'),
    ]).toEqual([49, 50, 0, 8])
    expect(rakeOf(Number.MAX_SAFE_INTEGER, '0.5')).toBe(4_503_599_627_370_495)
  })

  test('a pool that nobody won, and a voided one', () => {
    const lost = [
      { id: 'a', points: 10, outcome: 'home' },
      { id: 'b', points: 30, outcome: 'home' },
    ]
    const end = (more: object) =>
      decidePayouts(
        { status: 'settled', outcome: 'away', rake: '0.5', nobodyWon: 'returned', ...more },
        lost,
      )
    const back = new Map([
      ['a', 10],
      ['b', 30],
    ])
    expect(end({})).toEqual({ why: 'back', points: back })
    expect(end({ nobodyWon: 'kept' })).toEqual({ why: 'share', points: new Map() })
    expect(end({ status: 'voided', outcome: null, nobodyWon: 'kept' })).toEqual({
      why: 'back',
      points: back,
    })
    expect(() => end({ status: 'open' })).toThrow('A round that is open pays nobody.')
  })
})
