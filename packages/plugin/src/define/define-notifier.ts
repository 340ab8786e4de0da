import type { ZodType } from 'zod'
import type { Notifier } from '../contract/plugin.js'
import { assertPluginShape } from './assert-plugin-shape.js'

/** Makes a notifier (G1). Throws TypeError naming every fault of its shape. */
export function defineNotifier<Settings extends ZodType>(
  definition: Omit<Notifier<Settings>, 'kind'>,
): Notifier<Settings> {
  const notifier = { ...definition, kind: 'notifier' as const }
  assertPluginShape(notifier)
  return Object.freeze(notifier)
}
