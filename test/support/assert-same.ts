import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'

/** Deep equality for a loop that asks millions of times: Vitest's `expect` takes ten times as long. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return
  try {
    assert.deepStrictEqual(actual, expected)
  } catch (difference) {
    throw new Error(`${what}: ${(difference as Error).message}`)
  }
}

export function assertTrue(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what)
}
