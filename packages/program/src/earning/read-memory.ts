import { type EarnSource, failPlugin, type PluginWatch, runSchema } from '@pointwell/plugin'

/**
 * What a source remembers of a member, as its schema makes it today. What is stored may have been
 * written by an earlier version of the source: its schema takes what it ever wrote. One that no longer
 * does is at fault, and by name; to go on with an empty memory would give a streak away, or a bonus
 * twice.
 */
export function readMemory(source: EarnSource, stored: unknown, watch?: PluginWatch): unknown {
  const call = { operation: 'memory', schema: source.memory, value: stored ?? {} }
  const read = runSchema(source, call, watch && { watch })
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue?.path.length ? `${issue.path.map(String).join('.')}: ` : ''
  throw failPlugin(watch, {
    plugin: source.id,
    operation: 'memory',
    reason: 'nonsense',
    fault: `what it remembers of a member no longer fits its own schema (${where}${issue?.message})`,
    cause: read.error,
  })
}
