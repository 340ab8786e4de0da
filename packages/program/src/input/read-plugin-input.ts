import type { Refusal } from '@pointwell/ledger'
import { runSchema } from '@pointwell/plugin'
import type { ZodType } from 'zod'
import { type Asked, readWithin } from '../plugin-list/name-hung-plugin.js'
import { type Parsed, toParsed } from './parse-input.js'

/** The same by a schema of a plugin, which is its code: what goes wrong in it is a `PluginFault` that
 * names it, and it is broken off when it does not end (G4). */
export function readPluginInput<T>(
  asked: Asked,
  {
    schema,
    input,
    within,
  }: { readonly schema: ZodType<T>; readonly input: unknown; readonly within?: string },
): Parsed<T> | Refusal<'INVALID_INPUT'> {
  const { plugin, operation, watch } = asked
  return readWithin(asked, () => {
    const call = { operation, schema, value: input }
    return toParsed(runSchema(plugin, call, watch && { watch }), { within })
  })
}
