import type { Words } from '@pointwell/plugin'

/** What a reader is told for the programme's own steps and reasons. */
export const PROGRAMME_WORDS: Readonly<Record<string, Words>> = {
  cap: { en: 'Limit', zh: '上限' },
  claim: { en: 'Claimed', zh: '领取' },
  confirm: { en: 'Confirmed', zh: '确认' },
  adjustment: { en: 'Adjustment', zh: '人工调整' },
  'adjustment:waiting': { en: 'Adjustment waits for approval', zh: '调整待审批' },
  'adjustment:declined': { en: 'Adjustment was declined', zh: '调整未通过' },
  return: { en: 'Return', zh: '退货' },
  cancel: { en: 'Cancellation', zh: '取消' },
  due: { en: 'Confirmed', zh: '到期确认' },
  unclaimed: { en: 'Not claimed in time', zh: '逾期未领取' },
  expired: { en: 'Expired', zh: '过期' },
  offer: { en: 'Redemption', zh: '兑换' },
  'redemption:ask': { en: 'Redemption is being looked into', zh: '兑换处理中' },
  'redemption:unknown': { en: 'Redemption is being looked into', zh: '兑换处理中' },
  'redemption:cancelling': { en: 'Redemption is being cancelled', zh: '兑换取消中' },
  'redemption:kept': { en: 'Redemption was not cancelled', zh: '兑换未能取消' },
  'cash-value': { en: 'Value', zh: '价值' },
  'cost-rate': { en: 'Cost rate', zh: '成本率' },
  premium: { en: 'Premium', zh: '溢价' },
  rounding: { en: 'Rounding', zh: '取整' },
  'hand-price': { en: 'Set price', zh: '指定价格' },
  tier: { en: 'Tier', zh: '会员等级' },
  birthday: { en: 'Birthday', zh: '生日' },
  campaign: { en: 'Campaign', zh: '活动' },
}
