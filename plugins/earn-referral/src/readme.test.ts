import { readFileSync } from 'node:fs'
import {
  type FollowedAct,
  isRefusal,
  type MemberFacts,
  openCalendar,
  runAsks,
  runDecision,
  runReaction,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import type { ReferralEvent } from './event/referral-event.js'
import { stateOf } from './graphql/referral.object.js'
import { type ReferralMemory, referralMemory } from './memory/referral-memory.js'
import { referral } from './referral.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')
const settings = { ...(referral.settings.parse({}) as object), friendPoints: 50 }
const facts = (id: string): MemberFacts => ({
  id,
  joinedAt: NOON,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
})

/** A programme for two, as small as it can be. */
class Two {
  private readonly memories = new Map<string, ReferralMemory>()
  private readonly given = new Map<string, number>()
  private order: FollowedAct | null = null

  points(memberId: string): number {
    const own = [...this.given].filter(([name]) => name.startsWith(`${memberId} `))
    return own.reduce((sum, [, points]) => sum + points, 0)
  }

  memory(memberId: string): ReferralMemory {
    return this.memories.get(memberId) ?? referralMemory.parse({})
  }

  earn(memberId: string, event: ReferralEvent): void {
    const once = referral.once({ event, calendar, now: NOON })
    if (this.given.has(`${memberId} ${once}`)) return
    const asked = runAsks(referral, { event, calendar, now: NOON })
    const decision = runDecision(referral, {
      event,
      memory: this.memory(memberId),
      member: facts(memberId),
      acts: asked.acts.map(() => this.order),
      others: [...asked.members, ...(asked.line ? [asked.line] : [])].map((id) => ({
        facts: facts(id),
        memory: this.memory(id),
        identities: [],
      })),
      settings,
      calendar,
      now: NOON,
      currency: 'CNY',
    })
    if (isRefusal(decision)) return
    this.given.set(`${memberId} ${once}`, decision.points)
    if (decision.memory) this.memories.set(memberId, decision.memory as ReferralMemory)
    this.tell(memberId, { ...NOTHING, source: 'referral', memberId, once, event })
  }

  /** What becomes of an order of Bob's. */
  tellOf(order: Partial<FollowedAct>): void {
    this.order = { ...NOTHING, source: 'purchase', memberId: 'bob', ...order }
    if (this.order.status === 'confirmed') this.tell('bob', this.order)
  }

  private tell(memberId: string, act: FollowedAct): void {
    const reactions = runReaction(referral, {
      happened: 'confirmed',
      act,
      memory: this.memory(memberId),
      member: facts(memberId),
      settings,
      calendar,
      now: NOON,
      currency: 'CNY',
    })
    for (const reaction of reactions) {
      if ('earn' in reaction) {
        this.earn(reaction.earn.memberId, reaction.earn.event as ReferralEvent)
      } else this.given.set(`${reaction.cancel.memberId} ${reaction.cancel.once}`, 0)
    }
  }
}

const NOTHING: FollowedAct = {
  source: '',
  memberId: '',
  once: 'o-1',
  event: {},
  at: NOON,
  status: 'confirmed',
  granted: 100,
  standing: 100,
  qualifyingMinor: 10_000,
  returns: [],
}

describe('the README', () => {
  it('works its example as the plugin does', () => {
    const rows = [...readme.matchAll(/^\| (.+?) \| (\d+) \| (\d+) \| (\w+) \|$/gm)]
    const two = new Two()
    const happens = [
      () =>
        two.earn('bob', {
          act: 'accept',
          line: ['ann'],
          device: null,
          payment: null,
          at: NOON,
        }),
      () => two.tellOf({ status: 'pending' }),
      () => two.tellOf({}),
      () => two.tellOf({ standing: 50, qualifyingMinor: 5_000 }),
      () => two.tellOf({ standing: 0, qualifyingMinor: 0 }),
      () => two.tellOf({ once: 'o-2' }),
    ]
    expect(rows).toHaveLength(happens.length)
    for (const [place, happen] of happens.entries()) {
      happen()
      const [, what, ann, bob, state] = rows[place]!
      const seen = [two.points('ann'), two.points('bob'), stateOf(two.memory('bob'))]
      expect(seen, what).toEqual([Number(ann), Number(bob), state?.toUpperCase()])
    }
  })

  it('names every setting with its default', () => {
    const told = Object.fromEntries(
      [...readme.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm)].map(([, name, value]) => [name, value]),
    )
    const known = Object.entries(referral.settings.parse({}) as object)
    expect(told).toEqual(
      Object.fromEntries(known.map(([name, value]) => [name, JSON.stringify(value)])),
    )
  })

  it('names every refusal', () => {
    for (const code of Object.keys(referral.refusals ?? {})) {
      expect(readme).toContain(`\`${code}\``)
    }
  })
})
