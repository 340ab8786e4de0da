import type { Words } from '@pointwell/plugin'

export const GAME_TITLE: Words = { en: 'Game', zh: '小游戏' }

/** Titles of the steps of its explanations. */
export const GAME_WORDS = {
  game: GAME_TITLE,
  'game-prize': { en: 'Won in a game', zh: '游戏中奖' },
  'stake-share': { en: 'Share of a pool', zh: '奖池分成' },
  // Of awards from before stakes came back to their lots.
  'stake-back': { en: 'A stake that came back', zh: '投注退回' },
} as const satisfies Readonly<Record<string, Words>>

/** The channel's own refusals, with what a member reads. */
export const GAME_REFUSALS = {
  GAME_NOT_FOUND: {
    en: 'There is no such game.',
    zh: '没有这个游戏。',
  },
  GAME_NOT_IN_REGION: {
    en: 'This game cannot be played in your region.',
    zh: '您所在的地区不能玩这个游戏。',
  },
  GAME_PRIZES_GONE: {
    en: 'There is nothing left to win.',
    zh: '奖品已全部送完。',
  },
  GAME_ROUND_ENDED: {
    en: 'Another round has begun. Look at it, and play again.',
    zh: '新的一轮已经开始，请查看后再玩。',
  },
  GAME_PLAY_FINAL: {
    en: 'A play is final.',
    zh: '游戏一经参与不可撤销。',
  },
  GAME_PLAY_NOT_FOUND: {
    en: 'There is no such play.',
    zh: '没有这次游戏记录。',
  },
  REVIVE_USED: {
    en: 'This life has already been used.',
    zh: '这次复活机会已经用过。',
  },
  STAKE_NOT_FOUND: {
    en: 'There is no such round.',
    zh: '没有这一轮竞猜。',
  },
  STAKE_CLOSED: {
    en: 'Stakes are no longer taken.',
    zh: '竞猜已截止。',
  },
  STAKE_NOT_CLOSED: {
    en: 'Stakes are still being taken.',
    zh: '竞猜尚未截止。',
  },
  STAKE_OUTCOME_UNKNOWN: {
    en: 'The round has no such outcome.',
    zh: '这一轮没有这个选项。',
  },
  STAKE_SETTLED: {
    en: 'The round is settled, and its points are being paid.',
    zh: '这一轮已结算，积分正在发放。',
  },
  STAKE_VOIDED: {
    en: 'The round was voided, and its stakes come back.',
    zh: '这一轮已作废，投注将退回。',
  },
} as const satisfies Readonly<Record<string, Words>>
