import type { RiskAnswer, RiskRule } from '@pointwell/plugin'
import type { myPluginSettings } from './my-plugin-settings.js'
import type { MY_PLUGIN_WORDS } from './my-plugin-words.js'

type Reason = keyof typeof MY_PLUGIN_WORDS

/**
 * What the rule says of an act. Pure: no clock but `now`, no input or output. The act itself is not among what
 * is counted in `recent`.
 */
export function assessMyPlugin({
  act,
  recent,
  settings,
}: Parameters<RiskRule<typeof myPluginSettings>['assess']>[0]): RiskAnswer {
  if (act.kind === 'earn') {
    const isMany = recent.earnsLastHour >= settings.earnsAnHour
    return isMany ? say('hold', 'my-plugin-earns') : { answer: 'allow' }
  }
  const isMany = recent.redemptionsLastHour >= settings.redemptionsAnHour
  return isMany ? say('refuse', 'my-plugin-redemptions') : { answer: 'allow' }
}

/** Only reasons that members can read. */
function say(answer: 'hold' | 'refuse', reason: Reason): RiskAnswer {
  return { answer, reason }
}
