const frozen = new WeakSet<object>()

/**
 * Freezes plain objects and arrays all the way down, once, and returns the same value. What a plugin
 * is given is shared (settings with every request, a memory with the wallet under its lock), so an
 * attempt to change it must throw in the plugin rather than reach anybody else.
 */
export function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value
  if (!Array.isArray(value) && !isPlain(value)) return value
  frozen.add(value)
  Object.freeze(value)
  for (const item of Object.values(value)) freezeDeeply(item)
  return value
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
