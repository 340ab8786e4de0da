const GUARD = '\u0001'

/**
 * MySQL's `utf8mb4_bin` takes `a` and `a ` for the same key: it fills the shorter one up with
 * spaces. So a key that ends in a space is stored with a mark behind it, and so is one that ends
 * in the mark itself. Stored keys may be one character longer than keys.
 */
export function guardTail(key: string): string {
  return key.endsWith(' ') || key.endsWith(GUARD) ? key + GUARD : key
}

export function unguardTail(stored: string): string {
  return stored.endsWith(GUARD) ? stored.slice(0, -1) : stored
}
