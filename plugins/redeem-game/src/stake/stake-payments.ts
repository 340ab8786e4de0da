import type { PluginJob } from '@pointwell/plugin'
import { payDueRounds } from './pay-due-rounds.js'

/** Pays what a server that died while it settled a round left unpaid (R12). */
export const stakePayments: PluginJob = {
  name: 'stake-payments',
  title: { en: 'Pay stakes of rounds that have ended', zh: '支付已结束竞猜的奖励' },
  everyMs: 5_000,
  async run(context) {
    return `${await payDueRounds(context)} rounds`
  },
}
