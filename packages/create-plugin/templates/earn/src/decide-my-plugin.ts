import {
  campaignPoints,
  type EarnContext,
  type EarnDecision,
  grant,
  refuse,
  step,
} from '@pointwell/plugin'
import type { MyPluginEvent } from './my-plugin-event.js'
import type { MyPluginSettings } from './my-plugin-settings.js'

const DAY_MS = 86_400_000

/**
 * What an act earns. Pure: no clock but `now`, no input or output. Refuses MY_PLUGIN_TOO_LATE (`limit`: days;
 * `when`: the earliest that would do). What lies ahead the programme refuses, by its own policy.
 */
export function decideMyPlugin({
  event,
  settings,
  member,
  now,
}: EarnContext<MyPluginSettings, MyPluginEvent, unknown>): EarnDecision<never> {
  const { at } = event
  const limit = settings.reportWithinDays
  const earliest = now - limit * DAY_MS
  if (at < earliest) return refuse('MY_PLUGIN_TOO_LATE', { field: 'at', limit, when: earliest })
  const { points, steps, campaigns } = campaignPoints(settings.points, member.campaigns)
  return grant({
    points,
    // How the points came about: the steps sum to them, and members read their titles.
    because: [step('my-plugin', settings.points), ...steps],
    ...(campaigns.length > 0 && { campaigns }),
    at,
  })
}
