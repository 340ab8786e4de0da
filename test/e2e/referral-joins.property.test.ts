import {
  type ReferralEvent,
  type ReferralMemory,
  referral,
  referralMemory,
} from '@pointwell/earn-referral'
import {
  type EarnedRecord,
  isRefusal,
  type MemberFacts,
  openCalendar,
  runDecision,
  runJoin,
} from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** So many devices, and means of payment, are remembered. */
const MOST_MARKS = 10
const DAY_MS = 86_400_000
const START = Date.parse('2026-01-28T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')
const settings = { ...(referral.settings.parse({ limits: [], newForDays: null }) as object) }
const fresh = () => referralMemory.parse({})
const facts = (id: string, formerIds: string[] = []): MemberFacts => ({
  id,
  formerIds,
  joinedAt: START,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
})
const confirmed = (once: string): EarnedRecord => ({
  memberId: 'x',
  once,
  event: {},
  status: 'confirmed',
  granted: 10,
  standing: 10,
  returns: [],
})
const join = (from: ReferralMemory, into: ReferralMemory) =>
  runJoin(referral, {
    from: { ids: ['ann'], memory: from },
    into: { ids: ['bob'], memory: into },
    calendar,
    now: START,
  }) as ReferralMemory
const isOpen = ({ held, ruling, lost }: ReferralMemory) =>
  !lost && (held === null || ruling === 'released')
/** As a fingerprint is kept. */
const mark = (text: string) => text.padStart(22, '0')

/** A member's life with this source, as the programme lives it; others are as they have to be. */
class Life {
  memory = fresh()
  constructor(readonly id: string) {}

  do(event: ReferralEvent, now: number): void {
    const friend = {
      accepted: { referrer: this.id, at: 0 },
      qualified: { source: 's', order: 'o' },
    }
    const others: Partial<ReferralMemory>[] =
      event.act === 'reward' ? [friend] : event.act === 'accept' ? [{}] : []
    const decision = runDecision(referral, {
      event,
      memory: this.memory,
      member: facts(this.id),
      acts: [confirmed('o')],
      others: others.map((memory) => ({
        facts: facts('other'),
        memory: referralMemory.parse(memory),
        identities: [],
      })),
      settings,
      calendar,
      now,
      currency: 'CNY',
    })
    if (!isRefusal(decision)) this.memory = decision.memory as ReferralMemory
  }
}

/** Which was seen last nobody knows. */
const plain = (memory: ReferralMemory) => ({
  ...memory,
  devices: memory.devices.toSorted(),
  payments: memory.payments.toSorted(),
})

const step = fc.oneof(
  fc.record({ do: fc.constant('mark' as const), device: fc.nat(5), payment: fc.nat(5) }),
  fc.record({ do: fc.constant('reward' as const), days: fc.nat(3) }),
  fc.record({ do: fc.constantFrom('accept' as const, 'qualify' as const, 'lose' as const) }),
)

describe('M8: what referrals remember of two members who are one', () => {
  it('is what one member would have who had done all, where one of the two was brought', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.boolean()), { maxLength: 30 }),
        fc.boolean(),
        (steps, broughtIsFrom) => {
          const [from, into, one] = ['ann', 'bob', 'one'].map((id) => new Life(id))
          let now = START
          for (const [it, isFrom] of steps) {
            now += ('days' in it ? it.days : 0) * DAY_MS
            const event: ReferralEvent =
              it.do === 'mark'
                ? {
                    act: 'mark',
                    device: mark(`d${it.device}`),
                    payment: mark(`p${it.payment}`),
                  }
                : it.do === 'reward'
                  ? { act: 'reward', friend: `f${now}`, source: 's', order: 'o' }
                  : it.do === 'accept'
                    ? { act: 'accept', line: ['zoe'], device: null, payment: null, at: now }
                    : { act: it.do, source: 's', order: 'o' }
            const isOfBrought = !['mark', 'reward'].includes(it.do)
            const whose = (isOfBrought ? broughtIsFrom : isFrom) ? from! : into!
            whose.do(event, now)
            one!.do(event, now)
          }
          const joined = join(from!.memory, into!.memory)
          const { accepted } = one!.memory
          expect(plain(joined)).toEqual({
            ...plain(one!.memory),
            accepted: accepted && { ...accepted, ...(broughtIsFrom && { friend: 'ann' }) },
          })
        },
      ),
    )
  })

  it('of more marks than are remembered, those that either was seen with last stay', () => {
    const marks = fc.uniqueArray(fc.nat(30).map(String), { maxLength: MOST_MARKS })
    fc.assert(
      fc.property(marks, marks, (devices, others) => {
        const joined = join({ ...fresh(), devices }, { ...fresh(), devices: others }).devices
        const all = new Set([...devices, ...others])
        expect(joined).toHaveLength(Math.min(all.size, MOST_MARKS))
        expect(new Set(joined).size).toBe(joined.length)
        for (const it of joined) expect(all).toContain(it)
        const half = MOST_MARKS / 2
        expect(joined).toEqual(expect.arrayContaining(devices.slice(-half)))
        expect(joined).toEqual(expect.arrayContaining(others.slice(-half)))
      }),
    )
  })

  const claim = (other: string) =>
    fc.record({
      referrer: fc.constantFrom(other, 'rex', 'sue'),
      at: fc.constantFrom(1, 2),
      qualified: fc.boolean(),
      lost: fc.boolean(),
      held: fc.boolean(),
      ruling: fc.constantFrom(null, 'released' as const, 'refused' as const),
      order: fc.constantFrom('o1', 'o2'),
    })
  type Claim = typeof claim extends (other: string) => fc.Arbitrary<infer T> ? T : never
  const remembered = ({ referrer, at, qualified, lost, held, ruling, order }: Claim) =>
    referralMemory.parse({
      accepted: { referrer, at },
      qualified: qualified ? { source: 's', order } : null,
      lost: qualified && lost,
      held: held ? ['same-device'] : null,
      ruling: held ? ruling : null,
    })

  it('a person was brought once, and nothing that gave points is forgotten', () => {
    fc.assert(
      fc.property(claim('bob'), claim('ann'), (ofAnn, ofBob) => {
        const [ann, bob] = [remembered(ofAnn), remembered(ofBob)]
        const joined = join(ann, bob)
        // By hand: who was brought by the other half is brought by nobody.
        const both = [
          { memory: ann, friend: 'ann', isOwn: ofAnn.referrer === 'bob' },
          { memory: bob, friend: 'bob', isOwn: ofBob.referrer === 'ann' },
        ]
        const { referrer, friend = 'bob' } = joined.accepted!
        const kept = both.find((it) => it.friend === friend)!
        const second = both.find((it) => it !== kept)!
        expect(kept.memory.accepted!.referrer).toBe(referrer)
        const mayHaveGiven = ({ qualified, lost, ruling }: ReferralMemory) =>
          qualified !== null && !lost && ruling !== 'refused'
        // One that gave points to the person itself waits for an operator, and gives no more.
        const own = both.filter(({ isOwn, memory }) => isOwn && mayHaveGiven(memory))
        if (own.length > 0) {
          expect(own).toContain(kept)
          expect(joined).toMatchObject({
            held: expect.arrayContaining(['same-member']),
            ruling: null,
          })
        }
        if (kept.isOwn) expect(isOpen(joined)).toBe(false)
        else expect(joined.held).toEqual(kept.memory.held)
        // Else the one that counted, else the first.
        const real = both.filter(({ isOwn }) => !isOwn)
        if (own.length === 0 && real.length === 2) {
          const counted = real.filter(({ memory }) => memory.qualified)
          const among = counted.length > 0 ? counted : real
          const first = Math.min(...among.map(({ memory }) => memory.accepted!.at))
          expect(among.filter(({ memory }) => memory.accepted!.at === first)).toContain(kept)
        }
        if (own.length === 0 && real.length === 1) expect(kept).toBe(real[0])
        const given = second.memory.qualified && isOpen(second.memory)
        expect(joined.aside).toEqual(
          given
            ? [
                {
                  referrer: second.memory.accepted!.referrer,
                  friend: second.friend,
                  ...second.memory.qualified,
                },
              ]
            : [],
        )
      }),
      { numRuns: 500 },
    )
  })
})
