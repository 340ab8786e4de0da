import type { Words } from '@pointwell/plugin'

export const referralTitle: Words = { en: 'Bring a friend', zh: '邀请好友' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const referralWords = {
  referral: { en: 'A friend’s first order', zh: '好友首单奖励' },
  'referral-friend': { en: 'Welcome by a friend', zh: '受邀新人奖励' },
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
} satisfies Readonly<Record<string, Words>>

export const referralRefusals = {
  REFERRAL_CODE_NOT_FOUND: {
    en: 'There is no such code.',
    zh: '没有这个邀请码。',
  },
  REFERRAL_OWN_CODE: {
    en: 'Nobody can bring themselves.',
    zh: '不能使用自己的邀请码。',
  },
  REFERRAL_ALREADY_ACCEPTED: {
    en: 'Another code was accepted before.',
    zh: '已经接受过邀请。',
  },
  REFERRAL_STAFF: {
    en: 'Staff take no part in this.',
    zh: '员工不参加邀请活动。',
  },
  REFERRAL_MEMBER_NOT_NEW: {
    en: 'Codes are for new members.',
    zh: '邀请码仅限新会员使用。',
  },
  REFERRAL_LOOP: {
    en: 'This member was brought by the one who would accept.',
    zh: '邀请关系不能循环。',
  },
  REFERRAL_SAME_DEVICE: {
    en: 'Both use the same device.',
    zh: '双方使用了同一设备。',
  },
  REFERRAL_SAME_PAYMENT: {
    en: 'Both pay with the same means.',
    zh: '双方使用了同一支付账户。',
  },
  REFERRAL_CHANGED: {
    en: 'Something changed meanwhile. Please try again.',
    zh: '情况刚刚发生变化，请重试。',
  },
  REFERRAL_LIMIT_REACHED: {
    en: 'So many friends have given points already.',
    zh: '邀请奖励次数已达上限。',
  },
  REFERRAL_NOT_HELD: {
    en: 'This referral does not wait for a decision.',
    zh: '该邀请没有待审核事项。',
  },
  REFERRAL_ENDED: {
    en: 'This referral gives no points.',
    zh: '该邀请不再产生奖励。',
  },
} satisfies Readonly<Record<string, Words>>
