import type { Words } from '@pointwell/plugin'

export const MY_PLUGIN_TITLE: Words = { en: 'My plugin', zh: '我的插件' }

/** The reasons that the rule gives, with what a member reads. */
export const MY_PLUGIN_WORDS = {
  'my-plugin-earns': {
    en: 'So many points in so short a time are looked at first.',
    zh: '短时间内获得积分过于频繁，需先核查。',
  },
  'my-plugin-redemptions': {
    en: 'That is too many redemptions for now. Try again later.',
    zh: '兑换过于频繁，请稍后再试。',
  },
} satisfies Readonly<Record<string, Words>>
