import { z } from 'zod'

/** A chance as whole numbers: `wins` of `of`. */
export interface Chance {
  readonly wins: number
  readonly of: number
}

const MOST_OF = 1_000_000
const DECIMAL = /^(0|1)(?:\.(\d{1,6}))?$/
const FRACTION = /^(\d{1,7})\/(\d{1,7})$/

/** A chance of 0 < p ≤ 1 as text, because JSON's 0.3 is not exact: a decimal of at most six places (`0.3`), or
 * a fraction of whole numbers up to a million (`1/3`). */
export function chance() {
  return z
    .string()
    .max(16)
    .refine((value) => findChance(value) !== undefined, {
      error:
        'Expected a chance above 0 and up to 1 as text: "0.3" (at most six places) or "1/3" (up to a million).',
    })
}

/** What the text says; throws for what the schema would not take. */
export function chanceOf(value: string): Chance {
  const found = findChance(value)
  if (!found) throw new RangeError(`Not a chance: ${value}`)
  return found
}

function findChance(value: string): Chance | undefined {
  const decimal = DECIMAL.exec(value)
  if (decimal) {
    const [, whole = '', places = ''] = decimal
    return within({ wins: Number(whole + places), of: 10 ** places.length })
  }
  const [, wins, of] = FRACTION.exec(value) ?? []
  return of === undefined ? undefined : within({ wins: Number(wins), of: Number(of) })
}

function within(chance: Chance): Chance | undefined {
  const { wins, of } = chance
  return wins > 0 && wins <= of && of <= MOST_OF ? chance : undefined
}
