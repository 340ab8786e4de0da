export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
export type JsonObject = { readonly [key: string]: Json | undefined }

/**
 * The path of the first place where two JSON values differ (`lines.2.quantity`), '' when they
 * differ as a whole, undefined when they are equal. The order of keys says nothing; a key that is
 * undefined is absent.
 */
export function findDifference(a: Json | undefined, b: Json | undefined): string | undefined {
  if (a === b) return undefined
  if (Array.isArray(a) && Array.isArray(b)) return findArrayDifference(a, b)
  if (isObject(a) && isObject(b)) return findObjectDifference(a, b)
  return ''
}

function findArrayDifference(a: readonly Json[], b: readonly Json[]): string | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const inside = findDifference(a[i], b[i])
    if (inside !== undefined) return join(String(i), inside)
  }
  return undefined
}

function findObjectDifference(a: JsonObject, b: JsonObject): string | undefined {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inside = findDifference(a[key], b[key])
    if (inside !== undefined) return join(key, inside)
  }
  return undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function join(head: string, rest: string): string {
  return rest === '' ? head : `${head}.${rest}`
}
