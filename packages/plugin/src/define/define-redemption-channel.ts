import type { ZodType } from 'zod'
import type { RedemptionChannel } from '../contract/plugin.js'
import { assertPluginShape } from './assert-plugin-shape.js'

export type RedemptionChannelDefinition<
  Settings extends ZodType,
  Details extends ZodType,
  Order extends ZodType,
> = Omit<RedemptionChannel<Settings, Details, Order>, 'kind'>

/**
 * Makes a redemption channel (G1). Types of settings, offer details and order come from the schemas.
 * Throws TypeError naming every fault of its shape.
 */
export function defineRedemptionChannel<
  Settings extends ZodType,
  Details extends ZodType,
  Order extends ZodType,
>(
  definition: RedemptionChannelDefinition<Settings, Details, Order>,
): RedemptionChannel<Settings, Details, Order> {
  const channel = { ...definition, kind: 'redemption-channel' as const }
  assertPluginShape(channel)
  return Object.freeze(channel)
}
