import type { MemberErased, MembersMerged } from '../contract/member-changes.js'
import type { Plugin, PluginStore } from '../contract/plugin.js'
import { describe } from './call-plugin.js'
import { failPlugin } from './fail-plugin.js'
import type { PluginFaultReason, ReportFault } from './plugin-fault.js'

export interface MemberChangeOptions {
  readonly store: PluginStore
  /** How long it may take; milliseconds, 60,000 unless told. */
  readonly timeoutMs?: number
  readonly report?: ReportFault
}

const TIMEOUT_MS = 60_000

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
  const { store } = options
  await call(plugin, change, options, () =>
    change === 'erased' ? members.erased(what, store) : members.merged(what, store),
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
  const named: unknown = await call(plugin, 'namedBy', options, () =>
    members.namedBy?.(memberId, options.store),
  )
  if (Array.isArray(named) && named.every((id) => typeof id === 'string')) return named
  throw failPlugin(options.report, {
    plugin: plugin.id,
    operation: 'namedBy',
    reason: 'nonsense',
    fault: 'its answer is not a list of ids',
  })
}

async function call<T>(
  plugin: Plugin,
  operation: string,
  { timeoutMs = TIMEOUT_MS, report }: MemberChangeOptions,
  run: () => Promise<T> | T,
): Promise<T> {
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) =>
    failPlugin(report, { plugin: plugin.id, operation, reason, fault, cause })
  const late = Symbol('late')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs)
  })
  try {
    const answer = await Promise.race([
      (async () => run())().catch((error: unknown) => {
        throw fail('threw', `it threw ${describe(error)}`, error)
      }),
      tooLate,
    ])
    if (answer === late) throw fail('timed-out', `it was not back after ${timeoutMs} ms`)
    return answer
  } finally {
    clearTimeout(timer)
  }
}
