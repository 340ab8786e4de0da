export interface JsonLimits {
  /** Most values of all, so that a document without end is not walked for ever. */
  readonly values: number
  readonly depth: number
}

const LIMITS: JsonLimits = { values: 20_000, depth: 32 }

/** What keeps a value from being JSON, as `path: why`; undefined when it is. A property that is
 * undefined counts as absent. */
export function findJsonFault(
  value: unknown,
  path: string,
  limits: JsonLimits = LIMITS,
): string | undefined {
  const room = { values: limits.values }
  return faultAt(value, path, limits.depth, room)
}

function faultAt(
  value: unknown,
  path: string,
  depth: number,
  room: { values: number },
): string | undefined {
  room.values -= 1
  if (room.values < 0) return `${path}: too many values`
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `${path}: ${value} is not JSON`
    case 'object':
      break
    default:
      return `${path}: a ${typeof value} is not JSON`
  }
  if (value === null) return undefined
  if (depth === 0) return `${path}: nested too deep, or in a circle`
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const fault = faultAt(item, `${path}.${index}`, depth - 1, room)
      if (fault) return fault
    }
    return undefined
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return `${path}: a ${prototype.constructor?.name ?? 'class instance'} is not JSON`
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    const fault = faultAt(item, `${path}.${key}`, depth - 1, room)
    if (fault) return fault
  }
  return undefined
}
