import { randomBytes } from 'node:crypto'

/** Crockford's alphabet: no I, L, O or U, and in the order of its values. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * An id that nobody can guess (80 random bits) and that sorts by when it was made: 10 characters of
 * milliseconds, 16 of chance.
 */
export function newId(now: number): string {
  let time = ''
  for (let left = now, place = 0; place < 10; place++) {
    time = DIGITS[left % 32] + time
    left = Math.floor(left / 32)
  }
  let chance = ''
  for (const byte of randomBytes(16)) chance += DIGITS[byte & 31]
  return time + chance
}
