/** Tasks that renew points in a new programme (X5). */
export const defaultRenewalTasks = [
  {
    id: 'spend',
    title: { en: 'Spend 100 yuan', zh: '消费满 100 元' },
    when: { type: 'spend' as const, amount: '100' },
    extend: { term: 'months' as const, months: 1 },
  },
  {
    id: 'share',
    title: { en: 'Share', zh: '分享' },
    when: { type: 'behaviour' as const, behaviour: 'share' },
    extend: { term: 'days' as const, days: 15 },
  },
  {
    id: 'check-in-week',
    title: { en: 'Check in seven days in a row', zh: '连续签到 7 天' },
    when: { type: 'streak' as const, days: 7 },
    extend: { term: 'months' as const, months: 6 },
  },
  {
    id: 'large-order',
    title: { en: 'Spend 100 yuan in one order', zh: '单笔消费满 100 元' },
    when: { type: 'order' as const, amount: '100' },
    extend: { term: 'months' as const, months: 6 },
  },
]
