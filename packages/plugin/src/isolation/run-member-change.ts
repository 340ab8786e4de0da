import type { MemberErased, MemberNames, MembersMerged } from '../contract/member-changes.js'
import type { Plugin, PluginStore } from '../contract/plugin.js'
import { callInTime } from './call-in-time.js'
import { failPlugin } from './fail-plugin.js'
import type { PluginWatch } from './plugin-watch.js'

export interface MemberChangeOptions {
  readonly store: PluginStore
  /** Unless told, nobody was ever merged. */
  readonly names?: MemberNames
  /** How long it may take; milliseconds, 60,000 unless told. */
  readonly timeoutMs?: number
  readonly watch?: PluginWatch
}

const NEVER_MERGED: MemberNames = { idsOf: async (memberId) => [memberId] }

/** Has a plugin do its part of a member's end (M8). Throws `PluginFault` where it throws or is not back in
 * time, which is reported too: the step is not done, and is to be done again. */
export async function runMemberChange(
  plugin: Plugin,
  ...[change, what, options]:
    | [change: 'erased', what: MemberErased, options: MemberChangeOptions]
    | [change: 'merged', what: MembersMerged, options: MemberChangeOptions]
): Promise<void> {
  const { members } = plugin
  if (!members) return
  const { store, names = NEVER_MERGED } = options
  await callInTime(plugin, change, options, () =>
    change === 'erased' ? members.erased(what, store) : members.merged(what, store, names),
  )
}

/** Whose events and memories with the plugin may name the member. Throws `PluginFault`. */
export async function runNamedBy(
  plugin: Plugin,
  memberId: string,
  options: MemberChangeOptions,
): Promise<readonly string[]> {
  const { members } = plugin
  if (!members?.namedBy) return []
  const named: unknown = await callInTime(plugin, 'namedBy', options, () =>
    members.namedBy?.(memberId, options.store, options.names ?? NEVER_MERGED),
  )
  if (Array.isArray(named) && named.every((id) => typeof id === 'string')) return named
  throw failPlugin(options.watch, {
    plugin: plugin.id,
    operation: 'namedBy',
    reason: 'nonsense',
    fault: 'its answer is not a list of ids',
  })
}
