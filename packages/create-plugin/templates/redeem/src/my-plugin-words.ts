import type { Words } from '@pointwell/plugin'

export const MY_PLUGIN_TITLE: Words = { en: 'My plugin', zh: '我的插件' }

/** The channel’s own refusals, with what a member reads. */
export const MY_PLUGIN_REFUSALS = {
  MY_PLUGIN_NOT_FOUND: {
    en: 'There is no voucher with this code.',
    zh: '没有使用该券码的凭证。',
  },
  MY_PLUGIN_USED: {
    en: 'This voucher has already been used.',
    zh: '该凭证已被使用。',
  },
  MY_PLUGIN_EXPIRED: {
    en: 'This voucher has expired.',
    zh: '该凭证已过期。',
  },
  MY_PLUGIN_VOID: {
    en: 'This voucher was cancelled.',
    zh: '该凭证已作废。',
  },
} as const satisfies Readonly<Record<string, Words>>
