import { median } from './median.js'

/** One side of a row: does the round's work and answers with what is measured, a second or so long. */
export type Side = (round: number) => Promise<number>

export interface Compared {
  readonly a: number
  readonly b: number
  /** The median of the rounds' own ratios: the two of a round ran one after the other. */
  readonly ratio: number
  readonly lowest: number
  readonly highest: number
  readonly rounds: readonly { readonly a: number; readonly b: number }[]
}

/**
 * Measures sides in turns, A B B A A B …, so that none has the better half of an hour. Round 0 is not
 * counted: in it the code gets warm.
 */
export async function takeTurns<Name extends string>(
  rounds: number,
  sides: Record<Name, Side>,
): Promise<Record<Name, number>[]> {
  const names = Object.keys(sides) as Name[]
  const counted: Record<Name, number>[] = []
  for (let round = 0; round <= rounds; round++) {
    const measured = {} as Record<Name, number>
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      measured[name] = await sides[name](round)
    }
    if (round > 0) counted.push(measured)
  }
  return counted
}

/** What rounds that were already run say. */
export function compare(rounds: readonly { readonly a: number; readonly b: number }[]): Compared {
  const ratios = rounds.map(({ a, b }) => a / b)
  return {
    a: median(rounds.map(({ a }) => a)),
    b: median(rounds.map(({ b }) => b)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    rounds,
  }
}
