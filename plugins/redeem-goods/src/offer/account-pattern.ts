import { z } from 'zod'

/** Longest account that can be named. */
export const MAX_ACCOUNT_LENGTH = 64

/**
 * How an account looks that is topped up, character by character: `#` is a digit, `*` a letter or a
 * digit, anything else is itself: `1##########` is a mobile number of China. No regular expressions:
 * what an operator writes must not keep a server busy for ever.
 */
export const accountPattern = () =>
  z
    .string()
    .min(1)
    .max(MAX_ACCOUNT_LENGTH)
    .regex(/^[\x21-\x7e]+$/, { error: 'Expected #, * and visible ASCII characters.' })

export function fitsAccountPattern(account: string, pattern: string): boolean {
  if (account.length !== pattern.length) return false
  return Array.from(pattern).every((mark, place) => {
    const character = account[place] as string
    if (mark === '#') return /^[0-9]$/.test(character)
    if (mark === '*') return /^[0-9A-Za-z]$/.test(character)
    return mark === character
  })
}
