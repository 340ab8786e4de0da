import type { Refusal } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'
import type { Program } from '@pointwell/program'
import { DEMO_MEMBER } from './demo-acts.js'
import { demoPolicy } from './demo-policy.js'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** What somebody who runs the programme did. Instants are epoch milliseconds. */
export interface OperatorAct {
  readonly at: number
  readonly act: 'operator'
  readonly perform: (program: Program) => Promise<object | Refusal>
}

/** Members to whom something happened that is worth a look. */
const DEMO_PEOPLE = {
  giftsTo: 'm-1002',
  madeGold: 'm-1020',
  frozen: 'm-1038',
  lapsed: 'm-1039',
  oneTablet: ['m-1034', 'm-1035', 'm-1036', 'm-1037'],
  oneFamily: ['m-1026', 'm-1027', 'm-1028', 'm-1029'],
} as const

const BY = 'demo-operator'
const acting = (reason: string) => ({
  by: BY,
  roles: ['admin'] as const,
  address: null,
  reason,
})

/** The rules, from the first day on: who and why is in the audit. */
export function demoRules(program: Program, now: number): Promise<object | Refusal> {
  const note = 'The rules of the demo'
  const document = demoPolicy(now, program.calendar())
  return program.policies.update({ document, note, by: BY, acting: acting(note) })
}

/** What operators and the shop did in half a year, besides the rules. */
export function operatorActs(now: number, calendar: Calendar): OperatorAct[] {
  return [
    ...reviewed(now),
    ...ofMembers(now),
    ...ofIdentities(now),
    ...aPause(now),
    ...ofTheValue(now, calendar),
  ]
}

function daysAgo(
  now: number,
  days: number,
  perform: (program: Program, at: number) => Promise<object | Refusal>,
): OperatorAct {
  const at = now - Math.floor(days * DAY_MS)
  return { at, act: 'operator', perform: (program) => perform(program, at) }
}

/** The daily look at all members, on the day before a campaign asks for segments, and today. */
function reviewed(now: number): OperatorAct[] {
  return [40, 0.01].map((days) =>
    daysAgo(now, days, async (program, at) => {
      const { signal } = new AbortController()
      let fault: unknown
      const report = (_: string, found: unknown) => {
        fault ??= found
      }
      await program.reviews.run({ now: at, signal, report })
      if (fault) throw fault
      return {}
    }),
  )
}

function ofMembers(now: number): OperatorAct[] {
  const { frozen, giftsTo, lapsed, madeGold } = DEMO_PEOPLE
  return [
    daysAgo(now, 60, ({ tiers }, at) =>
      tiers.set({
        memberId: madeGold,
        given: { tier: 'gold', until: at + 150 * DAY_MS },
        idempotencyKey: 'demo-gold',
        acting: acting('moved here from another shop, where she was gold'),
      }),
    ),
    daysAgo(now, 30, ({ memberships }, at) =>
      memberships.change(
        {
          memberId: lapsed,
          until: at + 10 * DAY_MS,
          reason: 'asked to end it',
          idempotencyKey: 'demo-lapse',
          by: BY,
        },
        acting('asked to end it'),
      ),
    ),
    daysAgo(now, 6, ({ adjustments }) =>
      adjustments.request(
        {
          memberId: DEMO_MEMBER,
          points: 200,
          kind: 'bonus',
          reason: 'a parcel that came late',
          idempotencyKey: 'demo-parcel',
          by: BY,
        },
        acting('a parcel that came late'),
      ),
    ),
    daysAgo(now, 4, ({ transfers }) =>
      transfers.give({
        memberId: DEMO_MEMBER,
        to: giftsTo,
        points: 150,
        idempotencyKey: 'demo-gift',
        mayKnow: true,
      }),
    ),
    daysAgo(now, 2, ({ freezes }) =>
      freezes.freeze(
        {
          memberId: frozen,
          points: null,
          until: null,
          reason: 'somebody else may use the account',
          idempotencyKey: 'demo-freeze',
          by: BY,
        },
        acting('somebody else may use the account'),
      ),
    ),
    daysAgo(now, 1, ({ adjustments }) =>
      adjustments.request(
        {
          memberId: giftsTo,
          points: 1_500,
          kind: 'bonus',
          reason: 'for the survey of last month',
          idempotencyKey: 'demo-survey',
          by: BY,
        },
        acting('for the survey of last month'),
      ),
    ),
  ]
}

/** A family that shares a card, which an operator cleared, and a tablet that nobody has looked at. */
function ofIdentities(now: number): OperatorAct[] {
  const seen = (
    days: number,
    members: readonly string[],
    identity: { kind: string; value: string },
  ) =>
    daysAgo(now, days, async ({ identityCases }, at) => {
      for (const memberId of members) {
        const found = await identityCases.report({ memberId, at, identities: [identity] })
        if (found.refused) return found
      }
      return {}
    })
  return [
    seen(50, DEMO_PEOPLE.oneFamily, { kind: 'payment', value: 'card-of-a-family' }),
    daysAgo(now, 49, async ({ identityCases }) => {
      const [open] = await identityCases.page({ status: 'open', after: 0, limit: 1 })
      if (!open) throw new Error('The demo has no case of the family.')
      const reason = 'a family with one card'
      return identityCases.decide(
        { id: open.id, decision: 'cleared', reason, by: BY },
        acting(reason),
      )
    }),
    seen(0.1, DEMO_PEOPLE.oneTablet, { kind: 'device', value: 'tablet-in-the-shop' }),
  ]
}

/** The shop's app sent things twice for an hour: what came meanwhile is kept, and goes in afterwards. */
function aPause(now: number): OperatorAct[] {
  const begun = now - 3 * DAY_MS
  const request = (reason: string) => ({ source: 'behaviour', reason, by: BY })
  const step = (
    hours: number,
    perform: (program: Program, at: number) => Promise<object | Refusal>,
  ): OperatorAct => {
    const at = begun + hours * HOUR_MS
    return { at, act: 'operator', perform: (program) => perform(program, at) }
  }
  const stop = 'the app sends everything twice'
  const goOn = 'the app is mended'
  const settle = 'what was kept is right'
  return [
    step(0, ({ pauses }) => pauses.pause(request(stop), acting(stop))),
    ...['m-1002', 'm-1003', 'm-1006'].map((memberId, place) =>
      step(0.2 + place / 10, async (program, at) => {
        const event = { behaviour: 'favourite', ref: `cup-${memberId}`, at }
        const kept = await program.earn({ source: 'behaviour', memberId, event })
        if (kept.refused && kept.code === 'EARNING_PAUSED') return {}
        throw new Error(`The demo did not pause: ${JSON.stringify(kept)}`)
      }),
    ),
    step(1, ({ pauses }) => pauses.resume(request(goOn), acting(goOn))),
    step(1.1, ({ settlements }) => settlements.settle(request(settle), acting(settle))),
    step(1.2, (program) => runJob(program, 'settle-kept-events')),
  ]
}

/** Prices rose by a tenth in a year, and so will the value of a point: told half a year ahead. */
function ofTheValue(now: number, calendar: Calendar): OperatorAct[] {
  const month = (ago: number) => calendar.addMonths(calendar.dateOf(now), -ago).slice(0, 7)
  const index = [
    { month: month(13), figure: '100' },
    { month: month(1), figure: '110' },
  ]
  const told = 'the consumer prices of a year'
  return [
    daysAgo(now, 5, async ({ pointValues }) => {
      const taken = await pointValues.record(index, { by: BY, acting: acting(told) })
      return typeof taken === 'number' ? {} : taken
    }),
    daysAgo(now, 4.9, ({ pointValues }) =>
      pointValues.announce({ note: told, by: BY, acting: acting(told) }),
    ),
    daysAgo(now, 0, (program) => runJob(program, 'reminders')),
  ]
}

async function runJob({ jobs }: Program, name: string): Promise<object | Refusal> {
  const asked = await jobs.runSoon(name)
  if ('refused' in asked && asked.refused) return asked
  const failed = (await jobs.runDue()).find(({ error }) => error !== undefined)
  if (failed) throw new Error(`The demo's job ${failed.name} failed: ${failed.error}`)
  return {}
}
