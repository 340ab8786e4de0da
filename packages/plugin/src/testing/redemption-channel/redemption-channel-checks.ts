import { pureChecks } from '../decision/pure-checks.js'
import { everyPluginChecks } from '../every-plugin/every-plugin-checks.js'
import type { Check } from '../run/finding.js'
import { answerChecks } from './answer-checks.js'
import { type ChannelSession, channelCases, channelOperations } from './channel-case.js'
import { memberChecks } from './member-checks.js'
import { onceChecks } from './once-checks.js'
import { unknownChecks } from './unknown-checks.js'

/** All that the contract asks of a redemption channel. */
export const redemptionChannelChecks: readonly Check<ChannelSession>[] = [
  ...everyPluginChecks,
  ...pureChecks({ cases: channelCases, operations: channelOperations }),
  ...answerChecks,
  ...onceChecks,
  ...unknownChecks,
  ...memberChecks,
]
