import type { ZodType } from 'zod'
import type { RiskRule } from '../contract/plugin.js'
import { assertPluginShape } from './assert-plugin-shape.js'

/** Makes a risk rule (G1, K1). Throws TypeError naming every fault of its shape. */
export function defineRiskRule<Settings extends ZodType>(
  definition: Omit<RiskRule<Settings>, 'kind'>,
): RiskRule<Settings> {
  const rule = { ...definition, kind: 'risk-rule' as const }
  assertPluginShape(rule)
  return Object.freeze(rule)
}
