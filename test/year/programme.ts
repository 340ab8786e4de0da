import { openDraw } from '../chaos/draw.js'
import { addMonths, dayOf, isoOf, startOf, ZONE } from './oracle/berlin.js'
import type { Cap, Rules, Term, YearOffer } from './oracle/rules.js'

/** The first day: both changes of the clock lie in the year, and a new year; one of them, and an end of
 * the year, in a few weeks of it. */
export function firstDayOf(days: number): number {
  return days > 150 ? dayOf(2026, 7, 1) : dayOf(2026, 10, 10)
}

const words = (text: string) => ({ en: text, zh: text })
const months = (count: number): Term => ({ term: 'months', months: count })
const never: Term = { term: 'never' }
const cap = (limit: number | null, byTier: Cap['byTier'] = {}): Cap => ({ limit, byTier })

/** A version of the policy, and the day with whose first instant it begins. */
export interface Version {
  readonly from: number
  readonly rules: Rules
}

/**
 * The policy through the year. It begins without expiry for what is bought; in October expiry is switched
 * on, and old points get one last day (X4); in December caps, budgets, and what becomes of lapsed members
 * change; in March again. What else there is, seeds draw.
 */
export function versionsOf(
  seed: number,
  { firstDay, members, days }: { firstDay: number; members: number; days: number },
): Version[] {
  const draw = openDraw(seed ^ 0x5eed)
  // A shorter year has all its versions too.
  const at = (share: number) => firstDay + Math.round(share * days)
  const isoAt = (day: number) => new Date(startOf(day)).toISOString()
  const plenty = 1_000_000_000
  const kind = (title: string, expiry: Term, more: object = {}) => ({
    title: words(title),
    expiry,
    bySource: {},
    byTier: {},
    byActivity: {},
    renewable: false,
    ...more,
  })
  const kinds = {
    purchase: kind('Purchase', never, { renewable: true }),
    task: kind('Task', months(2), {
      renewable: draw.chance(0.5),
      byActivity: { high: months(1), low: months(3) },
      bySource: { review: { term: 'days', days: 45 } },
    }),
    bonus: kind('Bonus', months(4), { byTier: { silver: { term: 'end-of-next-year' } } }),
    campaign: kind('Campaign', months(1)),
  }
  const level = (id: string, threshold: string, more: object = {}) => ({
    id,
    title: words(id),
    threshold,
    earnMultiplier: '1',
    birthdayMultiplier: '2',
    priceFactor: '1',
    expiry: null,
    ...more,
  })
  const period = draw.oneOf([
    { type: 'rolling-months' as const, months: 2 },
    { type: 'rolling-months' as const, months: 3 },
    { type: 'calendar-year' as const },
    { type: 'lifetime' as const },
  ])
  const campaign = (id: string, from: number, until: number, more: object = {}) => ({
    id,
    title: words(id),
    from: new Date(startOf(from) + draw.between(0, 12) * 3_600_000).toISOString(),
    until: isoAt(until),
    sources: null,
    tiers: null,
    regions: null,
    multiplier: '1',
    extraPoints: 0,
    kind: null,
    expiry: null,
    budget: null,
    department: null,
    ...more,
  })
  const campaigns = [
    campaign('summer', at(0.05), at(0.2), {
      sources: ['purchase'],
      multiplier: '1.5',
      extraPoints: 7,
      kind: 'campaign',
    }),
    campaign('class-3-days', at(0.15), at(0.6), {
      sources: ['purchase', 'check-in'],
      regions: ['class-3'],
      multiplier: '1.25',
    }),
    campaign('advent', at(0.38), at(0.49), {
      sources: ['purchase', 'behaviour'],
      multiplier: '2',
      extraPoints: 3,
      expiry: { term: 'days', days: 20 },
      budget: members * 25,
      department: 'marketing',
    }),
    campaign('loyal', at(0.55), at(0.9), {
      sources: ['purchase', 'review'],
      tiers: ['silver', 'gold'],
      extraPoints: 11,
      department: 'marketing',
    }),
  ]
  const behaviour = (points: number, times: number, per: string, more: object = {}) => ({
    title: words('x'),
    points,
    times,
    per,
    kind: null,
    expiry: null,
    ...more,
  })
  const first = {
    programme: { zone: ZONE, currency: 'EUR' },
    events: { maxAgeDays: 365, maxFutureMinutes: 10 },
    kinds,
    tiers: {
      period,
      graceDays: draw.oneOf([0, 10, 40]),
      levels: [
        level('regular', '0'),
        level('silver', '150', { earnMultiplier: '1.2', priceFactor: '0.95' }),
        level('gold', '450', { earnMultiplier: '1.5', priceFactor: '0.9', expiry: never }),
      ],
    },
    caps: {
      pointsPerDay: cap(900, { gold: null }),
      ordersPerDay: cap(3),
      pointsPerOrder: cap(600, { gold: 2_000 }),
      perSource: { 'check-in': [{ ...cap(120), period: 'month' as const }] },
    },
    campaigns,
    budgets: {
      programme: { period: 'month' as const, points: plenty },
      reservePercent: 15,
      departments: { marketing: { period: 'month' as const, points: members * 40 } },
    },
    adjustments: { approvalAbove: 200, kind: 'bonus' },
    returns: { policy: 'debt' as const },
    reinstate: { policy: 'grace' as const, days: 14 },
    staff: { rate: '0.5' },
    membership: {
      enabled: true as const,
      firstTermMonths: 5,
      renewalMonths: 4,
      earningWhileLapsed: 'refuse' as const,
      ranOut: { policy: 'keep' as const, graceDays: 21 },
    },
    activity: { windowDays: 30, highFrom: 8, mediumFrom: 3 },
    expiry: { oldLots: { policy: 'keep' as const } },
    renewal: {
      windowDays: 30,
      timesPerLot: draw.oneOf([1, 2]),
      tasks: [
        { when: { type: 'spend', amount: '90' }, extend: { term: 'months', months: 1 } },
        { when: { type: 'order', amount: '60' }, extend: { term: 'months', months: 2 } },
        { when: { type: 'streak', days: 5 }, extend: { term: 'days', days: 40 } },
        { when: { type: 'behaviour', behaviour: 'share' }, extend: { term: 'days', days: 15 } },
      ].map((task) => ({ ...task, id: task.when.type, title: words(task.when.type) })),
    },
    reminders: { daysBefore: [30, 15, 7] },
    transfers: {
      enabled: true,
      least: 5,
      most: 200,
      giver: { pointsPerDay: 150, pointsPerMonth: 400, timesPerDay: 2, timesPerMonth: null },
      receiver: { pointsPerDay: null, pointsPerMonth: 500, timesPerDay: null, timesPerMonth: 6 },
      minMembershipDays: 20,
    },
    pricing: { closedLoopRatio: '40', step: 5 },
    pointValue: {
      changes: [{ from: isoOf(addMonths(firstDay, 7)), value: draw.oneOf(['1.1', '0.9']) }],
      transitionDays: 60,
    },
    sources: {
      purchase: {
        kind: 'purchase',
        settings: {
          spendPerPoint: '0.5',
          categoryRates: { tea: '1.5', books: '0.5' },
          regionRates: { 'class-3': '1.2' },
          staffRate: '0',
          birthday: true,
          rounding: 'floor' as const,
          confirmAfterDays: 7,
          claimDays: null as number | null,
        },
      },
      'check-in': {
        kind: 'task',
        settings: {
          points: 5,
          streaks: { 3: 4, 7: 20 },
          restartAfterLongest: false,
          makeUp: {
            enabled: true,
            maxDaysBack: 5,
            cardsPerMonth: 2,
            earnsPoints: draw.chance(0.5),
          },
        },
      },
      behaviour: {
        kind: 'task',
        settings: {
          behaviours: {
            'sign-up': behaviour(100, 1, 'ever', { kind: 'bonus', expiry: months(1) }),
            share: behaviour(6, 2, 'day'),
            favourite: behaviour(3, 5, 'week'),
            survey: behaviour(15, 1, 'month', { expiry: { term: 'days', days: 10 } }),
          },
          daysLate: 3,
        },
      },
      referral: {
        kind: 'bonus',
        settings: {
          points: 80,
          friendPoints: 20,
          newForDays: 60,
          limits: [{ per: 'month' as const, times: 3 }],
        },
      },
      review: {
        kind: 'task',
        settings: { points: 8, pointsWithPhotos: 20, photos: 3, minCharacters: 10 },
      },
    },
    channels: { coupon: { settings: { validityDays: 30 } } },
  }
  const begins = at(0.25)
  const ending = {
    ...first,
    kinds: { ...kinds, purchase: { ...kinds.purchase, expiry: months(2) } },
    expiry: {
      oldLots: {
        policy: 'grace' as const,
        through: isoOf(at(0.5)),
        earnedBefore: isoAt(begins),
        kinds: draw.oneOf([null, ['purchase', 'task']]),
      },
    },
    sources: {
      ...first.sources,
      purchase: withSettings(first.sources.purchase, { claimDays: 7, confirmAfterDays: 5 }),
    },
  }
  const tighter = {
    ...ending,
    caps: {
      ...first.caps,
      pointsPerDay: cap(150),
      ordersPerDay: cap(1),
      pointsPerOrder: cap(120),
      perSource: { 'check-in': [{ ...cap(60, { gold: null }), period: 'month' as const }] },
    },
    budgets: { ...first.budgets, programme: { period: 'month' as const, points: members * 70 } },
    membership: {
      ...first.membership,
      earningWhileLapsed: 'freeze' as const,
      ranOut: { policy: 'expire' as const },
    },
    reinstate: { policy: 'forfeit' as const },
    staff: { rate: '0.25' },
    transfers: { ...first.transfers, minMembershipDays: 0, most: 60 },
  }
  const last = {
    ...tighter,
    budgets: { ...first.budgets, reservePercent: 10 },
    caps: first.caps,
    expiry: first.expiry,
    returns: { policy: draw.oneOf(['within-balance', 'pending-only'] as const) },
    reinstate: first.reinstate,
    membership: { ...first.membership, firstTermMonths: 2 },
    sources: {
      ...first.sources,
      purchase: withSettings(first.sources.purchase, {
        rounding: 'half-up',
        spendPerPoint: '0.7',
        confirmAfterDays: 10,
      }),
    },
  }
  return [
    { from: firstDay, rules: first as unknown as Rules },
    { from: begins, rules: ending as unknown as Rules },
    { from: at(0.42), rules: tighter as unknown as Rules },
    { from: at(0.68), rules: last as unknown as Rules },
  ]
}

export const OFFERS: readonly YearOffer[] = [
  { id: 'by-hand', byHand: 60, cashMinor: 500, perMonth: 3, stock: null },
  { id: 'by-formula', byHand: null, cashMinor: 333, perMonth: null, stock: null },
  { id: 'scarce', byHand: 30, cashMinor: 200, perMonth: 1, stock: 40 },
]

function withSettings<T extends { settings: object }>(source: T, settings: object): T {
  return { ...source, settings: { ...source.settings, ...settings } }
}
