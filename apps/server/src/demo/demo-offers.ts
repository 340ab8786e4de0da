import type { NewOffer } from '@pointwell/program'

const cny = (yuan: number) => ({ amountMinor: yuan * 100, currency: 'CNY' })

/** One coupon of each type; the first is the golden price of the formula, 2,500 points. */
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
]
