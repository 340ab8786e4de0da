import { type Refusal, refuse } from '@pointwell/ledger'
import type { ZodType } from 'zod'

/**
 * What a schema makes of an input, or INVALID_INPUT with the path of the first fault: `at`,
 * `lines.2.quantity`, under `within` when that is given.
 */
export function parseInput<T>(
  schema: ZodType<T>,
  input: unknown,
  { within }: { within?: string } = {},
): { readonly value: T; readonly refused?: undefined } | Refusal<'INVALID_INPUT'> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return { value: parsed.data }
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(within === undefined ? [] : [within]), ...(issue?.path ?? []), ...unknown]
  return refuse('INVALID_INPUT', {
    ...(path.length > 0 && { field: path.map(String).join('.') }),
    detail: issue?.message ?? 'not valid',
  })
}
