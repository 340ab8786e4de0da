/** The path of what is told otherwise than it was said. What was left out may have been filled in; null says
 * as much as an empty cell, and may be left out. */
export function findOtherwise(said: unknown, told: unknown): readonly string[] | undefined {
  if (said === undefined) return undefined
  if (said === null) return told === null || told === undefined ? undefined : []
  if (typeof said !== 'object') return said === told ? undefined : []
  if (typeof told !== 'object' || told === null) return []
  if (Array.isArray(said) && (!Array.isArray(told) || said.length !== told.length)) return []
  for (const [name, part] of Object.entries(said)) {
    const within = findOtherwise(part, (told as Readonly<Record<string, unknown>>)[name])
    if (within) return [name, ...within]
  }
  return undefined
}
