import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

/** The programme's rules about frozen points, written down once more, lot by lot. A lot here is always
 * in one place as a whole. Days end at midnight in Shanghai, which knows no summer time. */
const endOfDayAfter = (at: number, days: number) =>
  (Math.floor((at + 8 * HOUR_MS) / DAY_MS) + 1 + days) * DAY_MS - 8 * HOUR_MS

interface Rules {
  /** Days of grace after a renewal and after a freeze; null: what ran out is gone. */
  readonly ranOut: number | null
  readonly reinstate: number | null
  readonly earning: 'refuse' | 'freeze'
}

interface NaiveLot {
  readonly points: number
  readonly confirmAt: number
  expiresAt: number
  /** `lapsed`: the membership ran out. Any other word: the freeze of that name. */
  place: 'pending' | 'available' | 'lapsed' | 'gone' | (string & {})
}

class Oracle {
  readonly lots: NaiveLot[] = []
  freezes: { readonly id: string; readonly until: number }[] = []
  private closes = Infinity

  constructor(private readonly rules: Rules) {}

  isClosed(at: number): boolean {
    return at >= this.closes
  }

  /** Whatever happens by itself up to `now`, one thing after the other. */
  settle(now: number): void {
    for (;;) {
      const next = this.next()
      if (!next || next.at > now) return
      next.happen()
    }
  }

  private next(): { at: number; happen: () => void } | undefined {
    const events: { at: number; happen: () => void }[] = []
    for (const lot of this.lots) {
      if (lot.place === 'pending') {
        const at = lot.confirmAt
        events.push({ at, happen: () => (lot.place = this.isClosed(at) ? 'lapsed' : 'available') })
      } else if (lot.place === 'available') {
        const runsOut = lot.expiresAt <= this.closes
        events.push({
          at: Math.min(lot.expiresAt, this.closes),
          happen: () => (lot.place = runsOut ? 'gone' : 'lapsed'),
        })
      }
    }
    for (const freeze of this.freezes) {
      events.push({ at: freeze.until, happen: () => this.thaw(freeze.id, freeze.until) })
    }
    return events.toSorted((a, b) => a.at - b.at)[0]
  }

  thaw(id: string, at: number): void {
    this.freezes = this.freezes.filter((freeze) => freeze.id !== id)
    this.free(id, { at, graceDays: this.rules.reinstate })
  }

  setEnd(closes: number, now: number): void {
    const wasClosed = this.isClosed(now)
    this.closes = closes
    if (!wasClosed || this.isClosed(now)) return
    this.free('lapsed', { at: now, graceDays: this.rules.ranOut })
  }

  private free(from: string, { at, graceDays }: { at: number; graceDays: number | null }): void {
    for (const lot of this.lots.filter(({ place }) => place === from)) {
      if (this.isClosed(at)) lot.place = 'lapsed'
      else if (lot.expiresAt > at) lot.place = 'available'
      else if (graceDays === null) lot.place = 'gone'
      else {
        lot.place = 'available'
        lot.expiresAt = endOfDayAfter(at, graceDays)
      }
    }
  }

  sum(which: (place: string) => boolean): number {
    return this.lots.reduce((sum, { place, points }) => sum + (which(place) ? points : 0), 0)
  }
}

const word = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('earn' as const),
      points: fc.nat(50),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('freeze' as const),
      days: fc.option(fc.integer({ min: 1, max: 20 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('thaw' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('set' as const),
      days: fc.option(fc.integer({ min: -2, max: 20 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('look' as const) }) },
)
const step = fc.record({ waitHours: fc.integer({ min: 0, max: 160 }), word })
const RULES: readonly Rules[] = [
  { ranOut: 7, reinstate: 4, earning: 'freeze' },
  { ranOut: null, reinstate: 3, earning: 'refuse' },
  { ranOut: 5, reinstate: null, earning: 'refuse' },
  { ranOut: null, reinstate: null, earning: 'freeze' },
]

const title = { en: 'x', zh: 'x' }
async function openShop({ ranOut, reinstate, earning }: Rules): Promise<TestProgram> {
  return openTestProgram('memory', {
    firstPolicy: {
      kinds: {
        purchase: { title, expiry: { term: 'days', days: 10 } },
        task: { title, expiry: { term: 'never' } },
      },
      sources: { purchase: { settings: { confirmAfterMs: 3 * DAY_MS } } },
      membership: {
        enabled: true,
        firstTermMonths: null,
        earningWhileLapsed: earning,
        ranOut: ranOut === null ? { policy: 'expire' } : { policy: 'keep', graceDays: ranOut },
      },
      reinstate: reinstate === null ? { policy: 'forfeit' } : { policy: 'grace', days: reinstate },
    },
  })
}

it.each(RULES)(
  'M2, K2: nothing is lost but by the policy %j, whatever comes after what',
  async (terms) => {
    const test = await openShop(terms)
    const { program, time } = test
    let members = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
        const memberId = `m${members++}`
        await program.members.register({ id: memberId })
        const oracle = new Oracle(terms)
        let granted = 0
        for (const [n, { waitHours, word }] of steps.entries()) {
          time.now += waitHours * HOUR_MS
          const { now } = time
          oracle.settle(now)
          const key = { memberId, reason: 'r', by: 'rosa', idempotencyKey: `${n}` }
          if (word.act === 'earn' && word.points > 0) {
            const lines = [{ id: '1', quantity: 1, priceMinor: word.points * 100 }]
            const event = { orderId: `${memberId}-${n}`, at: now, lines, confirmed: !word.waits }
            const earned = await program.earn({ source: 'purchase', memberId, event })
            const may = !oracle.isClosed(now) || terms.earning === 'freeze'
            expect(isRefusal(earned)).toBe(!may)
            if (may) {
              granted += word.points
              oracle.lots.push({
                points: word.points,
                confirmAt: now + (word.waits ? 3 * DAY_MS : 0),
                expiresAt: endOfDayAfter(now, 10),
                place: 'pending',
              })
            }
          } else if (word.act === 'freeze') {
            const until = word.days === null ? null : now + word.days * DAY_MS
            const frozen = await program.freezes.freeze({ ...key, points: null, until })
            const available = oracle.lots.filter(({ place }) => place === 'available')
            expect(isRefusal(frozen)).toBe(available.length === 0)
            if (!isRefusal(frozen)) {
              oracle.freezes.push({ id: frozen.id, until: until ?? Infinity })
              for (const lot of available) lot.place = frozen.id
            }
          } else if (word.act === 'thaw' && oracle.freezes.length > 0) {
            const [{ id } = { id: '' }] = oracle.freezes
            const thawed = await program.freezes.thaw({ id, reason: 'r', by: 'rosa' })
            expect(isRefusal(thawed)).toBe(false)
            oracle.thaw(id, now)
          } else if (word.act === 'set') {
            const until = word.days === null ? null : now + word.days * DAY_MS
            expect(isRefusal(await program.memberships.change({ ...key, until }))).toBe(false)
            oracle.setEnd(until ?? Infinity, now)
          }
          oracle.settle(now)
          const { balance } = await balanceOf(test, memberId)
          const isFrozen = (place: string) => !['pending', 'available', 'gone'].includes(place)
          expect(balance, `after step ${n}`).toEqual({
            available: oracle.sum((place) => place === 'available'),
            pending: oracle.sum((place) => place === 'pending'),
            frozen: oracle.sum(isFrozen),
            claimable: 0,
            held: 0,
            debt: 0,
          })
        }
        expect(oracle.sum(() => true)).toBe(granted)
      }),
      { numRuns: 60 },
    )
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  },
)
