import { z } from 'zod'
import type { Plugin } from '../contract/plugin.js'
import { readBySchema } from '../schema/read-by-schema.js'

/** What is wrong with a plugin's schema of settings, or with the settings that the policy has for it
 * (undefined: none). */
export function findSettingsFaults({ settings }: Plugin, given: unknown): string[] {
  const defaults = attempt(() => readBySchema(settings, {}))
  if (defaults instanceof Error) return [`its settings cannot be checked: ${defaults.message}`]
  if (!defaults.success) {
    return defaults.error.issues.map(
      ({ path, message }) => `its settings have no default for ${pathOf(path)} (${message})`,
    )
  }
  return [
    ...findRoundTripFaults(settings, defaults.data),
    ...findFormFaults(settings),
    ...findGivenFaults(settings, given),
  ]
}

/** A policy is stored as the schema made it, and read by the schema again. */
function findRoundTripFaults(settings: z.ZodType, defaults: unknown): string[] {
  const again = readBySchema(settings, defaults)
  return again.success ? [] : ['its settings do not take their own output']
}

/** Operators edit settings in a form made from the schema. */
function findFormFaults(settings: z.ZodType): string[] {
  const form = attempt(() => z.toJSONSchema(settings, { io: 'input' }))
  return form instanceof Error ? [`its settings cannot be shown as a form: ${form.message}`] : []
}

function findGivenFaults(settings: z.ZodType, given: unknown): string[] {
  if (given === undefined) return []
  const parsed = readBySchema(settings, given)
  if (parsed.success) return []
  return parsed.error.issues.map(
    ({ path, message }) => `its settings are wrong at ${pathOf(path)}: ${message}`,
  )
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the top' : path.map(String).join('.')
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
