import type { Words } from '@pointwell/plugin'

export const checkInTitle: Words = { en: 'Check-in', zh: '签到' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const checkInWords = {
  'check-in': { en: 'Check-in', zh: '每日签到' },
  streak: { en: 'Days in a row', zh: '连续签到奖励' },
  'make-up': { en: 'Made up for a missed day', zh: '补签' },
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
} satisfies Readonly<Record<string, Words>>

export const checkInRefusals = {
  ALREADY_CHECKED_IN: {
    en: 'This day is checked in for already.',
    zh: '该日期已签到。',
  },
  CHECK_IN_OUT_OF_ORDER: {
    en: 'A later day is checked in for already.',
    zh: '已有更晚日期的签到记录，不能再补报更早的日期。',
  },
  MAKE_UP_NOT_OFFERED: {
    en: 'Missed days cannot be made up for.',
    zh: '当前未开放补签。',
  },
  DAY_NOT_MISSED: {
    en: 'This is not a day that was missed.',
    zh: '该日期无需补签。',
  },
  MAKE_UP_TOO_LATE: {
    en: 'This day is too long ago to make up for it.',
    zh: '该日期已超过可补签的期限。',
  },
  NO_MAKE_UP_CARD: {
    en: 'There is no make-up card left this month.',
    zh: '本月补签卡已用完。',
  },
} satisfies Readonly<Record<string, Words>>
