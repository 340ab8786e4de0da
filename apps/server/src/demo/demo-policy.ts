import type { Calendar } from '@pointwell/plugin'

const DAY_MS = 86_400_000

/** A department that has all but used up what it may spend on campaigns. */
const MARKETING_POINTS = 3_800

/** The rules of the demo programme: whatever an operator can set, set to something to look at. Periods lie
 * around `now`, epoch milliseconds. */
export function demoPolicy(now: number, calendar: Calendar): object {
  const days = (count: number) => new Date(now + count * DAY_MS).toISOString()
  const today = calendar.dateOf(now)
  return {
    kinds: {
      base: { title: { en: 'Base points', zh: '基础积分' }, expiry: months(24) },
      bonus: { title: { en: 'Bonus points', zh: '奖励积分' }, expiry: months(12) },
      welcome: { title: { en: 'Welcome points', zh: '迎新积分' }, expiry: months(12) },
      purchase: { title: { en: 'Purchase points', zh: '消费积分' }, expiry: months(12) },
      task: { title: { en: 'Task points', zh: '任务积分' }, expiry: months(3) },
      'tea-festival': {
        title: { en: 'Tea festival points', zh: '茶节积分' },
        expiry: { term: 'days', days: 25 },
        renewable: true,
      },
    },
    caps: {
      pointsPerDay: { limit: 1_500, byTier: { gold: null } },
      pointsPerOrder: { limit: 4_000 },
      perBehaviour: { behaviour: { share: [{ period: 'day', limit: 10 }] } },
    },
    campaigns: [
      {
        id: 'tea-festival',
        title: { en: 'Tea festival', zh: '茶节' },
        from: days(-45),
        until: days(15),
        sources: ['purchase'],
        extraPoints: 40,
        kind: 'tea-festival',
        budget: 20_000,
        department: 'marketing',
      },
      {
        id: 'come-back',
        title: { en: 'Good to see you again', zh: '欢迎回来' },
        from: days(-39),
        until: days(20),
        sources: ['purchase'],
        segments: ['sleeping', 'lost'],
        activity: ['low', 'medium'],
        multiplier: '2',
        kind: 'bonus',
        expiry: { term: 'days', days: 60 },
        department: 'service',
      },
      {
        id: 'gold-days',
        title: { en: 'Days for gold members', zh: '金卡会员日' },
        from: days(10),
        until: days(13),
        tiers: ['gold'],
        multiplier: '1.5',
      },
    ],
    budgets: {
      programme: { period: 'year', points: 2_000_000 },
      departments: {
        marketing: {
          period: 'dated',
          spans: [{ from: days(-45), until: days(45), points: MARKETING_POINTS }],
        },
        service: { period: 'quarter', points: 50_000 },
      },
    },
    badges: [
      {
        id: 'first-order',
        title: { en: 'First order', zh: '首单' },
        goal: { type: 'orders', count: 1 },
      },
      {
        id: 'tea-lover',
        title: { en: 'Tea lover', zh: '爱茶人' },
        goal: { type: 'acts', source: 'purchase', tag: 'tea', count: 5 },
      },
      {
        id: 'week-in-a-row',
        title: { en: 'A week in a row', zh: '连签一周' },
        goal: { type: 'streak', source: 'check-in', count: 7 },
      },
    ],
    renewal: {
      timesPerLot: 2,
      tasks: [
        {
          id: 'share',
          title: { en: 'Share something: 15 days more', zh: '分享一次，延长15天' },
          when: { type: 'behaviour', behaviour: 'share' },
          extend: { term: 'days', days: 15 },
        },
        {
          id: 'order-300',
          title: { en: 'An order from ¥300: a month more', zh: '单笔满300元，延长1个月' },
          when: { type: 'order', amount: '300' },
          extend: { term: 'months', months: 1 },
        },
      ],
    },
    experiments: [
      {
        id: 'cup-price',
        title: { en: 'A fixed price for the cup', zh: '茶杯固定价' },
        from: days(-30),
        variants: [
          { id: 'follows-stock', share: '0.5' },
          { id: 'fixed', share: '0.5' },
        ],
      },
      {
        id: 'wake-up-price',
        title: { en: 'A lower price for who sleeps', zh: '沉睡会员优惠价' },
        from: days(-41),
        segments: ['sleeping', 'lost'],
        variants: [
          { id: 'as-ever', share: '0.5' },
          { id: 'lower', share: '0.5' },
        ],
      },
    ],
    membership: { enabled: true },
    transfers: { enabled: true, most: 500, giver: { pointsPerMonth: 1_000 } },
    pointValue: { follows: { baseMonth: calendar.addMonths(today, -13).slice(0, 7) } },
  }
}

function months(count: number) {
  return { term: 'months', months: count }
}
