import { randomBytes } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U, so nothing looks like a one, a zero or a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Five bits each: 50 bits. Whoever guesses one brings points to a stranger, not to themselves. */
const LENGTH = 10
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`)
/** Far longer than any way of writing a code; longer input is not looked at. */
const MAX_INPUT_LENGTH = 50

/** A new code, as it is kept and shown. */
export function makeReferralCode(random: (size: number) => Uint8Array = randomBytes): string {
  return Array.from(random(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

/** The code from what somebody typed: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
 * Undefined: it cannot be a code. */
export function findReferralCode(typed: string): string | undefined {
  if (typed.length > MAX_INPUT_LENGTH) return undefined
  const plain = typed.normalize('NFKC').replace(/[\s\p{Dash}]/gu, '')
  if (!/^[0-9A-Za-z]*$/.test(plain)) return undefined
  const code = plain.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  return CODE.test(code) ? code : undefined
}
