import type { ZodSafeParseResult, ZodType } from 'zod'
import { faultText } from './fault-text.js'

/**
 * What a schema makes of a value, as its own `safeParse`, with the texts of the house for what is at fault
 * where the schema has none. For every reading whose faults somebody reads.
 */
export function readBySchema<T>(schema: ZodType<T>, value: unknown): ZodSafeParseResult<T> {
  return schema.safeParse(value, { error: faultText })
}
