/** Most characters of an idempotency key: what a unique index holds on every supported database. */
export const MAX_KEY_LENGTH = 200

/** A key is the programme's own making, so a bad one is a fault, not a refusal. */
export function assertKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new RangeError(
      `an idempotency key has 1 to ${MAX_KEY_LENGTH} characters, not ${key.length}`,
    )
  }
}
