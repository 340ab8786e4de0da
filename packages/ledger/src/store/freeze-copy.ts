/**
 * A copy that nobody can change, as it would come back from a database that keeps JSON: properties
 * that are undefined are gone, −0 is 0, what JSON has no number for is null.
 */
export function freezeCopy<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item) => (isLost(item) ? null : copy(item))))
  }
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return copy(toJSON.call(value))
  const fields: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[name]
    if (isLost(field)) continue
    if (name === '__proto__') Object.defineProperty(fields, name, own(copy(field)))
    else fields[name] = copy(field)
  }
  return Object.freeze(fields)
}

/** By assignment a field called `__proto__` would not become a field. */
function own(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true }
}

function isLost(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol'
}
