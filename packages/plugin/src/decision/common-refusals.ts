import type { Words } from '../contract/words.js'

/** Codes that any plugin may answer with and none declares, with what a member reads. */
export const COMMON_REFUSALS = {
  INVALID_INPUT: {
    en: 'Something in the request is not right.',
    zh: '请求中有内容不正确。',
  },
  EVENT_IN_FUTURE: {
    en: 'This is dated in the future.',
    zh: '日期在未来，尚不能处理。',
  },
  CURRENCY_NOT_SUPPORTED: {
    en: 'This currency is not the one of the programme.',
    zh: '币种与本积分计划的币种不一致。',
  },
} as const satisfies Readonly<Record<string, Words>>

export type CommonRefusalCode = keyof typeof COMMON_REFUSALS
