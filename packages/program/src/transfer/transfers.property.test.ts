import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceOf, MONDAY_NOON, openTestProgram } from '../../../../test/support/test-program.js'
import { giveCommand, receiveCommand } from './transfer-commands.js'

const calendar = openCalendar('Asia/Shanghai')
const HOUR_MS = 3_600_000
const MEMBERS = ['ann', 'bob', 'cat']
/** Most points that anybody may receive a day. */
const MOST_A_DAY = 60

const title = { en: 'Points', zh: '积分' }
const POLICY = {
  transfers: { enabled: true, kinds: ['task', 'short'], receiver: { pointsPerDay: MOST_A_DAY } },
  adjustments: { approvalAbove: null },
  kinds: {
    task: { title, expiry: { term: 'never' } },
    short: { title, expiry: { term: 'days', days: 1 } },
    kept: { title, expiry: { term: 'never' } },
  },
  sources: { purchase: { kind: 'task' } },
}

const who = fc.integer({ min: 0, max: 2 })
const act = fc.oneof(
  fc.record({
    act: fc.constant('earn' as const),
    who,
    kind: fc.constantFrom('task', 'short', 'kept'),
    points: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({
    act: fc.constant('give' as const),
    who,
    to: who,
    points: fc.integer({ min: 1, max: 60 }),
    dies: fc.constantFrom('never', 'never', 'after giving', 'after receiving'),
  }),
  fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ act: fc.constant('take up' as const) }),
)

/** A heap of points of one origin: the oracle knows no lots. */
interface Heap {
  readonly kind: string
  readonly origin: number
  points: number
  /** The heap it was taken from; what comes back goes there. */
  readonly of?: Heap
  endsAt: number
}

/** The same life in another way: heaps in hands, by nothing but the words of L2 and L10. */
class Oracle {
  readonly hands: Heap[][] = [[], [], []]
  readonly received = new Map<string, number>()
  readonly waiting: { from: number; to: number; heaps: Heap[]; arrived: boolean }[] = []
  private origins = 0

  earn(member: number, kind: string, points: number, now: number) {
    const endsAt =
      kind === 'short' ? calendar.endOf(calendar.addDays(calendar.dateOf(now), 1)) : Infinity
    this.hands[member]!.push({ kind, origin: this.origins++, points, endsAt })
  }

  available(member: number, now: number): number {
    return sum(this.hands[member]!.filter(({ endsAt }) => endsAt > now))
  }

  mayReceive(member: number, points: number, now: number): boolean {
    return (this.received.get(dayOf(member, now)) ?? 0) + points <= MOST_A_DAY
  }

  /** Undefined: there are not enough that may be given. */
  take(member: number, points: number, now: number): Heap[] | undefined {
    const some = this.hands[member]!.filter((it) => it.kind !== 'kept' && it.endsAt > now)
    if (sum(some) < points) return undefined
    some.sort((a, b) => (a.endsAt === b.endsAt ? a.origin - b.origin : a.endsAt - b.endsAt))
    const taken: Heap[] = []
    for (const heap of some) {
      const amount = Math.min(heap.points, points - sum(taken))
      if (amount > 0) taken.push({ ...heap, points: amount, of: heap })
      heap.points -= amount
    }
    return taken
  }

  /** True: it arrived; false: it went back. */
  arrive(from: number, to: number, heaps: Heap[], now: number): boolean {
    const points = sum(heaps)
    if (this.mayReceive(to, points, now)) {
      const day = dayOf(to, now)
      this.received.set(day, (this.received.get(day) ?? 0) + points)
      this.hands[to]!.push(...heaps.map(({ of: _, ...heap }) => heap))
      return true
    }
    for (const { of, points: amount } of heaps) {
      of!.points += amount
      // Reinstated with 30 days of grace (L2).
      if (of!.endsAt <= now) {
        of!.endsAt = calendar.endOf(calendar.addDays(calendar.dateOf(now), 30))
        of!.points = amount
      }
      if (!this.hands[from]!.includes(of!)) this.hands[from]!.push(of!)
    }
    return false
  }
}

const sum = (heaps: readonly Heap[]) => heaps.reduce((all, { points }) => all + points, 0)
const dayOf = (member: number, now: number) => `${member} ${calendar.dateOf(now)}`

describe('L10: any sequence of transfers, of servers that die, and of days that pass', () => {
  it('loses nothing, doubles nothing, and lets every point run out when it would have', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 24 }), async (acts) => {
        const test = await openTestProgram('memory', { firstPolicy: POLICY })
        const { program, ledger, time } = test
        time.now = MONDAY_NOON
        await program.members.registerMany(MEMBERS.map((id) => ({ id })))
        const oracle = new Oracle()
        for (const [n, it] of acts.entries()) {
          // No two grants at one instant: nothing else would say which is older.
          time.now += 1
          if (it.act === 'wait') time.now += it.hours * HOUR_MS
          if (it.act === 'earn') {
            const memberId = MEMBERS[it.who]!
            const asked = { memberId, points: it.points, kind: it.kind, reason: 'r', by: 'rosa' }
            const done = await program.adjustments.request({ ...asked, idempotencyKey: `e${n}` })
            expect(isRefusal(done)).toBe(false)
            oracle.earn(it.who, it.kind, it.points, time.now)
          }
          if (it.act === 'take up') {
            time.now += 15_000
            await program.transfers.takeUpDue(100)
            for (const { from, to, heaps, arrived } of oracle.waiting.splice(0)) {
              if (!arrived) oracle.arrive(from, to, heaps, time.now)
            }
          }
          if (it.act === 'give' && it.who !== it.to) {
            const heaps = oracle.take(it.who, it.points, time.now)
            const able = heaps && oracle.mayReceive(it.to, it.points, time.now)
            if (heaps && !able) for (const heap of heaps) heap.of!.points += heap.points
            const key = `g${n}`
            if (it.dies === 'never' || !able) {
              const answer = await program.transfers.give({
                memberId: MEMBERS[it.who]!,
                to: MEMBERS[it.to]!,
                points: it.points,
                idempotencyKey: key,
                mayKnow: false,
              })
              const code = heaps ? 'RECEIVER_UNAVAILABLE' : 'INSUFFICIENT_POINTS'
              if (!able) expect(answer).toMatchObject({ code })
              else {
                expect(answer).toMatchObject({ status: 'received' })
                oracle.arrive(it.who, it.to, heaps, time.now)
              }
            } else {
              const giver = (await program.members.find(MEMBERS[it.who]!))!
              const to = it.to + 1
              const subject = { id: `T${n}`, giver, to, points: it.points, idempotencyKey: key }
              await ledger.post(giveCommand(subject, program.policies))
              const arrived = it.dies === 'after receiving'
              if (arrived) {
                const sent = (await program.transfers.find(`T${n}`))!
                await ledger.post(receiveCommand(sent, program.policies))
                oracle.arrive(it.who, it.to, heaps, time.now)
              }
              oracle.waiting.push({ from: it.who, to: it.to, heaps, arrived })
            }
          }
          for (const [member, id] of MEMBERS.entries()) {
            const { balance } = await balanceOf(test, id)
            expect([id, balance.available]).toEqual([id, oracle.available(member, time.now)])
            expect(balance.debt).toBe(0)
          }
          const totals = await ledger.store.findTotalsAt(Number.MAX_SAFE_INTEGER)
          const onTheWay = oracle.waiting.filter(({ arrived }) => !arrived)
          expect(Number(totals.get('transferred') ?? 0)).toBe(
            onTheWay.reduce((all, { heaps }) => all + sum(heaps), 0),
          )
          expect([...totals.values()].reduce((all, total) => all + total, 0n)).toBe(0n)
        }
        expect((await verifyLedger(ledger.store)).ok).toBe(true)
      }),
      { numRuns: 80 },
    )
  })
})
