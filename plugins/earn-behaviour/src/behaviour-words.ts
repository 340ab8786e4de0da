import type { Words } from '@pointwell/plugin'

export const behaviourTitle: Words = { en: 'Behaviour', zh: '行为奖励' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const behaviourWords = {
  behaviour: { en: 'Behaviour', zh: '行为奖励' },
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
  'points-limit': { en: 'Limit of this behaviour', zh: '该行为的积分上限' },
} satisfies Readonly<Record<string, Words>>

export const behaviourRefusals = {
  BEHAVIOUR_NOT_FOUND: {
    en: 'There is no such behaviour.',
    zh: '没有这种行为。',
  },
  BEHAVIOUR_NOT_ACTIVE: {
    en: 'This behaviour earns nothing at present.',
    zh: '该行为当前不发放积分。',
  },
  BEHAVIOUR_TOO_LATE: {
    en: 'This was done in a period that is closed.',
    zh: '该行为所属的统计周期已结束，不能再补报。',
  },
  BEHAVIOUR_LIMIT_REACHED: {
    en: 'This was done as often as it earns points.',
    zh: '该行为的可得积分次数已用完。',
  },
  BEHAVIOUR_POINTS_REACHED: {
    en: 'This has earned as many points as it can.',
    zh: '该行为的可得积分已达上限。',
  },
} satisfies Readonly<Record<string, Words>>
