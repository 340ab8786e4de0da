import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WalletInHand } from '../../../../test/support/wallet-in-hand.js'
import { isRefusal } from '../refusal/refusal.js'
import { claimLots } from './claim-lots.js'
import { type ClawbackPolicy, type ClawedBack, clawBack } from './claw-back.js'
import { confirmLots } from './confirm-lots.js'
import { freezePoints, thawPoints } from './freeze-points.js'
import { grantPoints } from './grant-points.js'
import { captureHold, holdPoints, refundHold, releaseHold } from './hold.js'
import type { Reinstate } from './put-back.js'

const RUNS = Number(process.env.POINTWELL_PROPERTY_RUNS ?? 300)

/** Lots of the order, then lots of others that never expire: so many points a lot. */
const order = fc.array(
  fc.record({
    points: fc.integer({ min: 1, max: 60 }),
    state: fc.constantFrom('pending', 'claimable', 'available'),
    /** In ticks from the start; what is null never ends. */
    ends: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  }),
  { minLength: 1, maxLength: 3 },
)
const others = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 })

type Event =
  | { readonly is: 'hold' | 'freeze' | 'thaw' | 'grant'; readonly points: number }
  | { readonly is: 'capture' | 'release' | 'refund' | 'confirm' | 'claim' | 'tick' }

const points = fc.integer({ min: 1, max: 50 })
const event = (...kinds: readonly Event['is'][]): fc.Arbitrary<Event> =>
  fc.record({ is: fc.constantFrom(...kinds), points }) as fc.Arbitrary<Event>

const some = (kinds: fc.Arbitrary<Event>, maxLength: number) => fc.array(kinds, { maxLength })

/** A spend that comes back after a while, and whatever else around it: drawn blindly it is rare. */
const spentAndBack = fc
  .tuple(
    some(event('confirm', 'claim', 'hold', 'tick'), 3),
    fc.tuple(event('hold')),
    some(event('hold', 'confirm', 'claim', 'tick'), 2),
    some(event('tick'), 5),
    fc.constantFrom<readonly Event[]>(
      [{ is: 'release' }],
      [{ is: 'capture' }, { is: 'refund' }],
      [{ is: 'capture' }, { is: 'tick' }, { is: 'refund' }],
    ),
    some(event('hold', 'capture', 'release', 'refund', 'claim', 'tick'), 4),
  )
  .map((events) => events.flat())

/** A return's parts: how much is taken back after how many of the events. */
const returns = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 12 }), points: fc.integer({ min: 1, max: 60 }) }),
  { minLength: 1, maxLength: 5 },
)

const reinstate = fc.constantFrom<Reinstate>({ policy: 'forfeit' }, { policy: 'grace', graceMs: 3 })

interface Scene {
  readonly order: readonly { points: number; state: string; ends: number | null }[]
  readonly others: readonly number[]
}

/** A member's wallet with an order in it, and how the order is returned. */
class Story {
  readonly wallet = new WalletInHand()
  readonly clawed: ClawedBack = { voided: 0, taken: 0, owed: 0, forgiven: 0, forgone: 0 }
  private readonly lots: number[]
  private holds = 0

  constructor(
    { order, others }: Scene,
    readonly policy: ClawbackPolicy = 'debt',
    readonly lapsed: Reinstate = { policy: 'grace', graceMs: 3 },
  ) {
    this.lots = order.map((_, place) => place + 1)
    for (const { points, state, ends } of order) {
      this.grant(points, {
        pending: state === 'pending' ? { confirmAt: null } : undefined,
        claimMs: state === 'available' ? null : 5,
        expiresAt: ends,
      })
    }
    for (const points of others) this.grant(points)
  }

  get granted(): number {
    return this.lots.reduce((sum, seq) => sum + this.wallet.lot(seq).granted, 0)
  }

  /** Everything the member has, less what it owes. */
  get worth(): number {
    const { debt, ...states } = this.wallet.balance
    return Object.values(states).reduce((sum, points) => sum + points, 0) - debt
  }

  /** Answers whether it went through. */
  happen(event: Event): boolean {
    const { wallet, lapsed } = this
    const ref = `${this.holds}`
    const account = 'redeemed:coupon'
    switch (event.is) {
      case 'tick':
        wallet.until(wallet.now + 1)
        return true
      case 'grant':
        this.grant(event.points)
        return true
      case 'hold': {
        const answer = wallet.decide((draft) =>
          holdPoints(draft, { ref: `${this.holds + 1}`, points: event.points }),
        )
        if (!isRefusal(answer)) this.holds++
        return !isRefusal(answer)
      }
      case 'capture':
        return !isRefusal(wallet.decide((draft) => captureHold(draft, { ref, account })))
      case 'release':
        return !isRefusal(wallet.decide((draft) => releaseHold(draft, { ref, lapsed })))
      case 'refund':
        return !isRefusal(wallet.decide((draft) => refundHold(draft, { ref, account, lapsed })))
      case 'freeze': {
        const name = `${wallet.wallet.version}`
        return !isRefusal(
          wallet.decide((draft) => freezePoints(draft, { ref: name, points: event.points })),
        )
      }
      case 'thaw': {
        const name = wallet.wallet.lock?.freezes[0]?.ref ?? 'none'
        return !isRefusal(wallet.decide((draft) => thawPoints(draft, { ref: name, graceTo: null })))
      }
      case 'confirm':
        wallet.decide((draft) => confirmLots(draft, { lots: this.lots }))
        return true
      case 'claim':
        wallet.decide((draft) => claimLots(draft))
        return true
    }
  }

  return(points: number): void {
    const { forgiven: forgivenBefore } = this.clawed
    const { lots, policy } = this
    const clawed = this.wallet.do((draft) =>
      clawBack(draft, { lots, points, forgivenBefore, policy }),
    )
    const sum = Object.values(clawed).reduce((sum, points) => sum + points, 0)
    expect(sum, 'where it came from adds up').toBe(points)
    for (const key of Object.keys(clawed) as (keyof ClawedBack)[]) {
      ;(this.clawed as Record<keyof ClawedBack, number>)[key] += clawed[key]
    }
  }

  /** Nothing is frozen any more, and everything that ends has ended. */
  end(): void {
    for (const { ref } of this.wallet.wallet.lock?.freezes ?? []) {
      this.wallet.do((draft) => thawPoints(draft, { ref, graceTo: null }))
    }
    expect(this.wallet.balance.frozen).toBe(0)
    this.wallet.until(100)
  }

  private grant(points: number, terms: object = {}): void {
    this.wallet.do((draft) =>
      grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: null,
        points,
        earnedAt: this.wallet.now,
        claimMs: null,
        expiresAt: null,
        ...terms,
      }),
    )
  }
}

/** Cuts the parts down to what the order granted: never more than that is asked back. */
function within(granted: number, parts: readonly { after: number; points: number }[]) {
  let left = granted
  return parts
    .map(({ after, points }) => {
      const cut = Math.min(points, left)
      left -= cut
      return { after, points: cut }
    })
    .filter(({ points }) => points > 0)
}

function tell(story: Story, events: readonly Event[], parts: ReturnType<typeof within>): boolean[] {
  const went: boolean[] = []
  for (let place = 0; place <= events.length; place++) {
    for (const { after, points } of parts) {
      if (Math.min(after, events.length) === place) story.return(points)
    }
    const event = events[place]
    if (event) went.push(story.happen(event))
  }
  return went
}

const scene = fc.record({ order, others })

describe('L5: partial returns', () => {
  it.each(['debt', 'within-balance', 'pending-only'] as const)(
    '%s: end where the full return ends, lot by lot, in any split and any order',
    (policy) => {
      const before = fc.array(
        event('hold', 'capture', 'release', 'refund', 'freeze', 'thaw', 'confirm', 'claim', 'tick'),
        { maxLength: 14 },
      )
      fc.assert(
        fc.property(scene, before, returns, fc.nat(), (scene, events, parts, turn) => {
          const stories = [0, 1, 2].map(() => {
            const story = new Story(scene, policy)
            for (const event of events) story.happen(event)
            return story
          }) as [Story, Story, Story]
          const [inParts, turned, atOnce] = stories
          const cut = within(atOnce.granted, parts)
          const sum = cut.reduce((sum, { points }) => sum + points, 0)
          for (const { points } of cut) inParts.return(points)
          const from = cut.length === 0 ? 0 : turn % cut.length
          for (const { points } of [...cut.slice(from), ...cut.slice(0, from)])
            turned.return(points)
          atOnce.return(sum)
          for (const story of [inParts, turned]) {
            expect(story.wallet.balance).toEqual(atOnce.wallet.balance)
            expect([...story.wallet.lots]).toEqual([...atOnce.wallet.lots])
            expect(story.clawed).toEqual(atOnce.clawed)
          }
          const { voided, taken, owed, forgone } = atOnce.clawed
          expect(voided + taken + owed, 'never more than was granted').toBeLessThanOrEqual(
            atOnce.granted,
          )
          if (policy === 'debt') expect(forgone).toBe(0)
          else expect(owed + atOnce.wallet.balance.debt).toBe(0)
          if (policy === 'pending-only') expect(taken).toBe(0)
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('debt: leave the member with as much wherever they fall among grants, holds, spends, refunds, freezes and claims', () => {
    const kinds = event(
      'hold',
      'capture',
      'release',
      'refund',
      'freeze',
      'thaw',
      'confirm',
      'claim',
      'grant',
    )
    assertSameWherever(some(kinds, 12), { orders: 'any' })
  })

  it('debt: and among deadlines and expiries, while nothing spent of the order comes back', () => {
    const kinds = event('hold', 'capture', 'confirm', 'claim', 'grant', 'tick')
    assertSameWherever(some(kinds, 12), { orders: 'of one lot' })
    assertSameWherever(some(fc.oneof(kinds, event('freeze', 'thaw')), 12), { orders: 'whole' })
  })

  it('debt: and when the order was all there was to spend and came back after it expired', () => {
    assertSameWherever(spentAndBack, { orders: 'of one lot', alone: true })
    assertSameWherever(spentAndBack, { orders: 'whole', alone: true })
  })
})

/**
 * Holds the story of partial returns against one full return at the time of the first of them, and
 * at the time of the last: the member must be left with as much. Stories in which a spend goes
 * through in one and not in the others tell nothing and are left out.
 *
 * Where things end by themselves in between, a part of an order can leave other points behind than
 * the same part taken at another time (of which lot, frozen or not), and those may end sooner. So
 * there it holds for `whole` orders, of which nothing is left behind, and for orders `of one lot`.
 */
function assertSameWherever(
  events: fc.Arbitrary<readonly Event[]>,
  { orders, alone = false }: { orders: 'any' | 'whole' | 'of one lot'; alone?: boolean },
): void {
  fc.assert(
    fc.property(scene, events, returns, reinstate, (drawn, events, drawnParts, reinstate) => {
      const scene = {
        order: orders === 'of one lot' ? drawn.order.slice(0, 1) : drawn.order,
        others: alone ? [] : drawn.others,
      }
      const stories = [0, 1, 2].map(() => new Story(scene, 'debt', reinstate))
      const [inParts, first, last] = stories as [Story, Story, Story]
      const places = drawnParts.map(({ after }) => after)
      const rest = { after: Math.max(...places), points: inParts.granted }
      const parts = within(inParts.granted, orders === 'whole' ? [...drawnParts, rest] : drawnParts)
      const points = parts.reduce((sum, { points }) => sum + points, 0)
      const ended = [
        tell(inParts, events, parts),
        tell(first, events, [{ after: Math.min(...places), points }]),
        tell(last, events, [{ after: Math.max(...places), points }]),
      ]
      fc.pre(new Set(ended.map(String)).size === 1)
      // Whatever of the order can end has ended, so that no point is counted that will not stay.
      if (orders !== 'any') for (const story of stories) story.end()
      expect(inParts.worth).toBe(last.worth)
      expect(first.worth).toBe(last.worth)
    }),
    { numRuns: RUNS },
  )
}
