interface Shape {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly additionalProperties?: unknown
  readonly items?: unknown
}

/**
 * Paths of keys that no object of a JSON Schema mentions. Alternatives (`anyOf`) and references are
 * not looked into: what they allow is for the schema itself to say.
 */
export function findUnknownKeys(shape: unknown, value: unknown, path = ''): string[] {
  if (!isRecord(shape) || typeof value !== 'object' || value === null) return []
  const { properties, additionalProperties, items } = shape as Shape
  if (Array.isArray(value)) {
    return value.flatMap((item, place) => findUnknownKeys(items, item, join(path, String(place))))
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const named = properties && Object.hasOwn(properties, key)
    const next = named ? properties[key] : additionalProperties
    if (properties && !named && !isRecord(additionalProperties)) return [join(path, key)]
    return findUnknownKeys(next, inner, join(path, key))
  })
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
