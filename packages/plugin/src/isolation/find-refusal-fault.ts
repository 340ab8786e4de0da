import type { Words } from '../contract/words.js'
import { COMMON_REFUSALS } from '../decision/common-refusals.js'
import { EARLIEST_INSTANT, LATEST_INSTANT } from '../schema/limits.js'

interface Refusing {
  readonly refusals?: Readonly<Record<string, Words>>
}

/** Whether a plugin may answer with this code: one of its own, or a common one. */
export function mayRefuseWith(plugin: Refusing, code: unknown): boolean {
  return (
    typeof code === 'string' &&
    (Object.hasOwn(COMMON_REFUSALS, code) || Object.hasOwn(plugin.refusals ?? {}, code))
  )
}

/** What is wrong with a refusal; undefined when nothing is. */
export function findRefusalFault(plugin: Refusing, refusal: object): string | undefined {
  const { code, figures } = refusal as { code?: unknown; figures?: unknown }
  if (!mayRefuseWith(plugin, code)) {
    return `it refused with ${JSON.stringify(code) ?? 'no code'}, which it does not declare`
  }
  if (typeof figures !== 'object' || figures === null) return 'its refusal has no figures'
  const { field, detail, when, ...rest } = figures as Record<string, unknown>
  for (const [name, value] of Object.entries({ field, detail })) {
    if (value !== undefined && typeof value !== 'string')
      return `the ${name} of its refusal is not text`
  }
  for (const name of ['available', 'needed', 'limit']) {
    if (rest[name] !== undefined && !Number.isSafeInteger(rest[name])) {
      return `${name} of its refusal is not a whole number`
    }
  }
  if (when !== undefined && !isInstant(when)) return 'when of its refusal is not an instant'
  return undefined
}

/** Epoch milliseconds, whole, within the years that are accepted. */
export function isInstant(value: unknown): value is number {
  return (
    Number.isSafeInteger(value) &&
    Number(value) >= EARLIEST_INSTANT &&
    Number(value) <= LATEST_INSTANT
  )
}
