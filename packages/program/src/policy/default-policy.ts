import type { Term } from '@pointwell/plugin'

const months = (count: number): Term => ({ term: 'months', months: count })

/** Points kinds that a new programme has (X2). */
export const defaultKinds = {
  base: { title: { en: 'Base points', zh: '基础积分' }, expiry: months(24) },
  premium: {
    title: { en: 'Premium points', zh: '高级积分' },
    expiry: months(36),
    renewable: true,
  },
  bonus: { title: { en: 'Bonus points', zh: '奖励积分' }, expiry: months(12) },
  welcome: { title: { en: 'Welcome points', zh: '迎新积分' }, expiry: months(6) },
  purchase: { title: { en: 'Purchase points', zh: '消费积分' }, expiry: months(12) },
  task: { title: { en: 'Task points', zh: '任务积分' }, expiry: months(3) },
  campaign: { title: { en: 'Campaign points', zh: '活动积分' }, expiry: months(1) },
}

/** Tiers that a new programme has (M3). */
export const defaultTierLevels = [
  { id: 'regular', title: { en: 'Regular', zh: '普通会员' }, threshold: '0', earnMultiplier: '1' },
  {
    id: 'silver',
    title: { en: 'Silver', zh: '银卡会员' },
    threshold: '5000',
    earnMultiplier: '1.2',
  },
  {
    id: 'gold',
    title: { en: 'Gold', zh: '金卡会员' },
    threshold: '20000',
    earnMultiplier: '1.5',
    expiry: { term: 'never' as const },
  },
]

/** The kind of a source that names none: its namesake, else what tasks give. */
export function defaultKindOf(source: string): string {
  return Object.hasOwn(defaultKinds, source) ? source : 'task'
}
