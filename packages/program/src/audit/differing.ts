import type { Json, JsonObject } from '@pointwell/ledger'

/**
 * What of two documents differs, as it was and as it is: objects are gone into, lists are shown whole,
 * and what is the same on both sides is left out.
 */
export function differing(
  before: JsonObject,
  after: JsonObject,
): { readonly before: JsonObject; readonly after: JsonObject } {
  const was: Record<string, Json> = {}
  const is: Record<string, Json> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = Object.hasOwn(before, key) ? before[key]! : undefined
    const now = Object.hasOwn(after, key) ? after[key]! : undefined
    if (isObject(old) && isObject(now)) {
      const inner = differing(old, now)
      if (Object.keys(inner.before).length + Object.keys(inner.after).length === 0) continue
      was[key] = inner.before
      is[key] = inner.after
    } else if (JSON.stringify(sorted(old)) !== JSON.stringify(sorted(now))) {
      if (old !== undefined) was[key] = old
      if (now !== undefined) is[key] = now
    }
  }
  return { before: was, after: is }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** With the keys of all objects in one order, so that equal documents are equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
