import { defineRiskRule, type RiskAct } from '@pointwell/plugin'
import { z } from 'zod'

/** A risk rule that holds some acts, of a server that comes without one. */
export function holdingRule(holds: (act: RiskAct) => boolean) {
  return defineRiskRule({
    id: 'large-redemptions',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Large redemptions', zh: '大额兑换' },
    settings: z.strictObject({}),
    words: {
      large: {
        en: 'A redemption as large as this is looked at first.',
        zh: '大额兑换需先核查。',
      },
    },
    assess: ({ act }) => (holds(act) ? { answer: 'hold', reason: 'large' } : { answer: 'allow' }),
  })
}
