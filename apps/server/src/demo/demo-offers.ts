import type { NewOffer } from '@pointwell/program'

const cny = (yuan: number) => ({ amountMinor: yuan * 100, currency: 'CNY' })

export const DEMO_PARTNER_OFFER = 'teahouse-pot'

/** One coupon of each type; the first is the golden price of the formula, 2,500 points. Then goods, and what a partner gives. */
export const DEMO_OFFERS: readonly NewOffer[] = [
  {
    id: 'coupon-50-200',
    channel: 'coupon',
    title: { en: '¥50 off orders from ¥200', zh: '满200减50元券' },
    cashValue: cny(50),
    cost: cny(50),
    stock: { total: 500, perDay: 50 },
    limitPerMember: { count: 2, period: 'month' },
    paidBy: 'marketing',
    details: { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 },
  },
  {
    id: 'coupon-10',
    channel: 'coupon',
    title: { en: '¥10 off', zh: '10元立减券' },
    cashValue: cny(10),
    cost: cny(10),
    stock: { total: 1_000 },
    details: { type: 'direct-deduction', offMinor: 1_000 },
  },
  {
    id: 'voucher-100',
    channel: 'coupon',
    title: { en: '¥100 voucher for gold members', zh: '金卡专享100元代金券' },
    cashValue: cny(100),
    cost: cny(90),
    price: { costRate: '0.9' },
    tiers: ['gold'],
    stock: { total: 20 },
    details: { type: 'cash', worthMinor: 10_000 },
  },
  {
    id: 'free-delivery',
    channel: 'coupon',
    title: { en: 'Free delivery', zh: '免运费券' },
    cashValue: cny(8),
    // Cheaper with points that run out soon; and, on trial, for half of those who have long bought nothing.
    price: {
      expiringDiscount: true,
      byExperiment: {
        experiment: 'wake-up-price',
        variants: [{ variant: 'lower', factor: '0.8' }],
      },
    },
    cost: cny(8),
    stock: { total: 1_000 },
    details: { type: 'delivery' },
  },
  {
    id: 'double-points',
    channel: 'coupon',
    title: { en: 'Double points for a week', zh: '一周双倍积分卡' },
    cashValue: cny(6),
    cost: cny(6),
    stock: { total: 200 },
    details: { type: 'rate-up', factor: '2', days: 7 },
  },
  {
    id: 'longer-points',
    channel: 'coupon',
    title: { en: 'Six months more for points that end soon', zh: '积分延期卡（6个月）' },
    cashValue: cny(4),
    cost: cny(4),
    stock: { total: 200 },
    details: { type: 'expiry-extension', months: 6, withinDays: 30 },
  },
  {
    id: 'faster-tier',
    channel: 'coupon',
    title: { en: 'Faster to the next tier', zh: '升级加速卡' },
    cashValue: cny(12),
    cost: cny(12),
    stock: { total: 100 },
    details: { type: 'tier-accelerator', factor: '2', days: 30 },
  },
  {
    id: 'celadon-cup',
    channel: 'goods',
    title: { en: 'A celadon cup', zh: '青瓷茶杯' },
    cashValue: cny(50),
    // Half of it can be paid in money, and the last ones cost more; for half of the members, on trial.
    pointsAndCash: { leastPointsShare: '0.5', mostPointsShare: '1' },
    price: {
      byStock: [{ leftAtMost: '0.2', factor: '1.2' }],
      byExperiment: { experiment: 'cup-price', variants: [{ variant: 'fixed', byStock: [] }] },
    },
    cost: cny(32),
    stock: { total: 60, perDay: 5 },
    limitPerMember: { count: 1, period: 'month' },
    paidBy: 'marketing',
    details: { type: 'physical', returnable: true },
  },
  {
    id: DEMO_PARTNER_OFFER,
    channel: 'partner',
    title: { en: 'A pot of tea at the teahouse', zh: '茶馆茗茶一壶' },
    cashValue: cny(38),
    cost: cny(20),
    stock: { total: 20 },
    paidBy: 'teahouse',
    details: { partner: 'teahouse', costMinor: 2_000, gives: { source: 'pool' } },
  },
]
