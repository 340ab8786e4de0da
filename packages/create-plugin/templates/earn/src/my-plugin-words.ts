import type { Words } from '@pointwell/plugin'

export const MY_PLUGIN_TITLE: Words = { en: 'My plugin', zh: '我的插件' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const MY_PLUGIN_WORDS = {
  'my-plugin': MY_PLUGIN_TITLE,
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
} satisfies Readonly<Record<string, Words>>

/** The source’s own refusals, with what a member reads. */
export const MY_PLUGIN_REFUSALS = {
  MY_PLUGIN_TOO_LATE: {
    en: 'This was too long ago to earn points.',
    zh: '时间过久，已无法再获得积分。',
  },
} satisfies Readonly<Record<string, Words>>
