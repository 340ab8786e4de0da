import { randomFillSync } from 'node:crypto'

const BYTES = 9
const POOL = Buffer.alloc(BYTES * 512)
let used = POOL.length

/** 72 bits that nobody guesses, as 12 characters. Many are drawn at once: asking the system for each would
 * cost as much as the hash does. */
export function newSalt(): string {
  if (used === POOL.length) {
    randomFillSync(POOL)
    used = 0
  }
  const salt = POOL.toString('base64url', used, used + BYTES)
  used += BYTES
  return salt
}
