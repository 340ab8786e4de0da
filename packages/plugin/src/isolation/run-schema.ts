import type { ZodSafeParseResult, ZodType } from 'zod'
import { readBySchema } from '../schema/read-by-schema.js'
import { type CallOptions, callPlugin } from './call-plugin.js'
import { freezeDeeply } from './freeze-deeply.js'

/**
 * Reads a value by a schema of a plugin, behind the same wall as its functions: refinements and
 * transforms are its code too. The answer is zod's own, with the house's texts (`readBySchema`); a schema that throws, or is asynchronous, is a
 * `PluginFault` of `operation`.
 */
export function runSchema<T>(
  plugin: { readonly id: string },
  {
    operation,
    schema,
    value,
  }: { readonly operation: string; readonly schema: ZodType<T>; readonly value: unknown },
  options?: CallOptions,
): ZodSafeParseResult<T> {
  return callPlugin<ZodSafeParseResult<T>>({
    plugin,
    operation,
    run: () => readBySchema(schema, freezeDeeply(value)),
    findFault: () => undefined,
    options,
  })
}
