import { randomBytes } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U, so nothing looks like a one, a zero or a word. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Five bits each: 80 bits that nobody can guess. */
const SECRET_LENGTH = 16
const GROUP_LENGTH = 4
export const MAX_PREFIX_LENGTH = 8

/** Letters and digits of the code alphabet only, so that a prefix reads back as itself. */
export const CODE_PREFIX = new RegExp(`^[${ALPHABET}]{0,${MAX_PREFIX_LENGTH}}$`)
/** A code as it is kept. */
export const COUPON_CODE = new RegExp(
  `^[${ALPHABET}]{${SECRET_LENGTH},${SECRET_LENGTH + MAX_PREFIX_LENGTH}}$`,
)
/** Far longer than any way of writing a code; longer input is not looked at. */
const MAX_INPUT_LENGTH = 100

/** A new code as it is kept: the prefix and 80 random bits, upper case, without groups. */
export function makeCouponCode(
  prefix: string,
  random: (size: number) => Uint8Array = randomBytes,
): string {
  if (!CODE_PREFIX.test(prefix)) throw new RangeError(`Not a prefix of a coupon code: ${prefix}`)
  // 256 is a multiple of 32, so the low five bits of a random byte are as random as the byte.
  const secret = Array.from(random(SECRET_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length])
  return prefix + secret.join('')
}

/** A code as people read it: `CP-7Q2M-0VXK-R4TD-9HZB`. */
export function showCouponCode(code: string): string {
  const prefix = code.slice(0, -SECRET_LENGTH)
  const secret = code.slice(-SECRET_LENGTH)
  const groups = Array.from({ length: SECRET_LENGTH / GROUP_LENGTH }, (_, index) =>
    secret.slice(index * GROUP_LENGTH, (index + 1) * GROUP_LENGTH),
  )
  return [...(prefix ? [prefix] : []), ...groups].join('-')
}

/**
 * The code as it is kept from what somebody typed: any case, any spaces and hyphens, full-width or
 * not, O for 0, I and L for 1. Undefined: it cannot be a code.
 */
export function findCouponCode(typed: string): string | undefined {
  if (typed.length > MAX_INPUT_LENGTH) return undefined
  const plain = typed.normalize('NFKC').replace(/[\s\p{Dash}]/gu, '')
  // Before the case is changed: some letters that are no ASCII become ASCII in upper case.
  if (!/^[0-9A-Za-z]*$/.test(plain)) return undefined
  const code = plain.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  return COUPON_CODE.test(code) ? code : undefined
}
