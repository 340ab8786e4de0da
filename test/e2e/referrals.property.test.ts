import { type ReferralEvent, referral } from '@pointwell/earn-referral'
import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/runs.js'
import { balanceOf, openTestProgram } from '../support/test-program.js'
import { shop } from '../support/test-program-plugins.js'

const MEMBERS = ['m0', 'm1', 'm2']
const POINTS = 300
const WELCOME = 50
const PIECES = 3
/** A piece earns so many points. */
const PIECE = 10

const who = fc.nat(MEMBERS.length - 1)
const what = fc.nat(20)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('accept' as const), who, of: who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('buy' as const), who, now: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('confirm' as const), what }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('return' as const), what, n: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), what }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Order {
  readonly id: string
  readonly who: number
  readonly at: number
  pieces: number
  confirmed: boolean
  cancelled: boolean
}

const stands = ({ confirmed, cancelled, pieces }: Order) => confirmed && !cancelled && pieces > 0

/** A life in a few lines, with a list where the programme has memories, notices and locks. */
class Town {
  readonly orders: Order[] = []
  readonly referrers = new Map<number, { of: number; at: number }>()
  /** The order that counted, where what follows is done after every step. */
  readonly counted = new Map<number, Order>()

  isAbove(one: number, other: number): boolean {
    const above = this.referrers.get(other)
    return above !== undefined && (above.of === one || this.isAbove(one, above.of))
  }

  lineOf(member: number): number[] {
    const above = this.referrers.get(member)
    return [member, ...(above ? this.lineOf(above.of) : [])]
  }

  settle(): void {
    for (const order of this.orders) {
      const brought = this.referrers.get(order.who)
      if (brought && !this.counted.has(order.who) && stands(order) && order.at >= brought.at) {
        this.counted.set(order.who, order)
      }
    }
  }

  /** Points of a member's own orders, pending ones too. */
  ownPoints(member: number): number {
    return this.orders
      .filter((order) => order.who === member && !order.cancelled)
      .reduce((sum, { pieces }) => sum + pieces * PIECE, 0)
  }
}

async function open() {
  const settings = { friendPoints: WELCOME, newForDays: null, limits: [] }
  const test = await openTestProgram('memory', {
    plugins: [shop, referral],
    firstPolicy: { sources: { referral: { settings } } },
  })
  await test.program.members.registerMany(MEMBERS.map((id) => ({ id })))
  return test
}
type Test = Awaited<ReturnType<typeof open>>

async function live({ program, time }: Test, town: Town, it: Step): Promise<void> {
  time.now += 1_000
  const order = 'what' in it ? town.orders[it.what % town.orders.length] : undefined
  switch (it.do) {
    case 'accept': {
      const line = town.lineOf(it.of).map((member) => MEMBERS[member]!)
      const event: ReferralEvent = {
        act: 'accept',
        line,
        device: null,
        payment: null,
        at: time.now,
      }
      const answer = await program.earn({ source: 'referral', memberId: MEMBERS[it.who]!, event })
      const known = town.referrers.get(it.who)
      const wrong =
        known?.of === it.of ? false : known || it.who === it.of || town.isAbove(it.who, it.of)
      // The same code again is a replay, or names what is not as it was up the line.
      if (known?.of === it.of) return
      expect(isRefusal(answer)).toBe(Boolean(wrong))
      if (!wrong) town.referrers.set(it.who, { of: it.of, at: time.now })
      return
    }
    case 'buy': {
      const id = `o${town.orders.length}`
      const event = {
        orderId: id,
        at: time.now,
        lines: [{ id: '1', quantity: PIECES, priceMinor: PIECE * 100 }],
        confirmed: it.now,
      }
      await program.earn({ source: 'purchase', memberId: MEMBERS[it.who]!, event })
      town.orders.push({
        id,
        who: it.who,
        at: time.now,
        pieces: PIECES,
        confirmed: it.now,
        cancelled: false,
      })
      return
    }
    case 'confirm':
      if (!order || order.cancelled) return
      await program.confirmEarned({ source: 'purchase', once: order.id })
      order.confirmed = true
      return
    case 'return': {
      const quantity = it.n + 1
      if (!order || order.cancelled || quantity > order.pieces) return
      const taken = { returnId: `r${time.now}`, lines: [{ line: '1', quantity }] }
      await program.returnEarned({ source: 'purchase', once: order.id, taken })
      order.pieces -= quantity
      return
    }
    case 'cancel':
      if (!order) return
      await program.cancelEarned({ source: 'purchase', once: order.id })
      order.cancelled = true
      return
    case 'settle':
      expect(await program.notices.handleDue()).toMatchObject({ failed: 0 })
  }
}

async function pointsOf(test: Test, member: number): Promise<number> {
  const { balance } = await balanceOf(test, MEMBERS[member]!)
  return balance.available + balance.pending - balance.debt
}

const steps = fc.array(step, { minLength: 12, maxLength: 40 })

describe('E4, L5: nobody is better off than by what stands', () => {
  it('to the point, where what follows from each step is done before the next', async () => {
    let given = 0
    let lost = 0
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        const test = await open()
        const town = new Town()
        for (const it of life) {
          await live(test, town, it)
          await test.program.notices.handleDue()
          town.settle()
        }
        for (const member of MEMBERS.keys()) {
          let expected = town.ownPoints(member)
          for (const [friend, order] of town.counted) {
            if (!stands(order)) {
              lost += 1
              continue
            }
            if (friend === member) expected += WELCOME
            if (town.referrers.get(friend)!.of === member) {
              expected += POINTS
              given += 1
            }
          }
          expect(await pointsOf(test, member)).toBe(expected)
        }
      }),
      { numRuns: runs(40) },
    )
    for (const seen of [given, lost]) expect(seen).toBeGreaterThan(0)
  })

  it('at most by it, where things follow late', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        const test = await open()
        const town = new Town()
        for (const it of life) await live(test, town, it)
        await test.program.notices.handleDue()
        expect(await test.ledger.store.findFailedNotices(1)).toEqual([])
        for (const member of MEMBERS.keys()) {
          const isGood = (friend: number) =>
            town.orders.some(
              (order) =>
                order.who === friend &&
                stands(order) &&
                order.at >= (town.referrers.get(friend)?.at ?? Infinity),
            )
          const friends = [...town.referrers].filter(
            ([friend, { of }]) => of === member && isGood(friend),
          )
          const most =
            town.ownPoints(member) + friends.length * POINTS + (isGood(member) ? WELCOME : 0)
          const has = await pointsOf(test, member)
          expect(has).toBeLessThanOrEqual(most)
          expect(has).toBeGreaterThanOrEqual(town.ownPoints(member))
        }
      }),
      { numRuns: runs(20) },
    )
  })
})
