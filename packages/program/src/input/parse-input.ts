import { type Refusal, refuse } from '@pointwell/ledger'
import { readBySchema } from '@pointwell/plugin'
import type { ZodSafeParseResult, ZodType } from 'zod'

export interface Parsed<T> {
  readonly value: T
  readonly refused?: undefined
}

/**
 * What a schema makes of an input, or INVALID_INPUT with the path of the first fault: `at`,
 * `lines.2.quantity`, under `within` when that is given. For schemas of the programme's own; those of
 * plugins are read by `readPluginInput`.
 */
export function parseInput<T>(
  schema: ZodType<T>,
  input: unknown,
  where: { within?: string } = {},
): Parsed<T> | Refusal<'INVALID_INPUT'> {
  return toParsed(readBySchema(schema, input), where)
}

export function toParsed<T>(
  parsed: ZodSafeParseResult<T>,
  { within }: { within?: string | undefined },
): Parsed<T> | Refusal<'INVALID_INPUT'> {
  if (parsed.success) return { value: parsed.data }
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(within === undefined ? [] : [within]), ...(issue?.path ?? []), ...unknown]
  return refuse('INVALID_INPUT', {
    ...(path.length > 0 && { field: path.map(String).join('.') }),
    detail: issue?.message ?? 'Expected another value.',
  })
}
