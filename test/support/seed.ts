import { randomInt } from 'node:crypto'

/** What chance is made of unless somebody says otherwise: the same at each run. */
export const STANDARD_SEED = 20_210_503

/** `POINTWELL_SEED`: a number, `random`, or nothing. Throws where it is anything else. */
export function readSeed(given: string | undefined): number {
  if (!given) return STANDARD_SEED
  if (given === 'random') return randomInt(2 ** 31)
  if (/^\d{1,10}$/.test(given) && Number(given) < 2 ** 31) return Number(given)
  throw new Error(
    `POINTWELL_SEED: Expected "random" or a whole number below 2147483648, and got "${given}".`,
  )
}
