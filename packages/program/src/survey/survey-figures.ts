/** What members think of redemptions, counted. */
export interface SurveyFigures {
  /** How many answered. */
  readonly count: number
  /** To the nearest ten-thousandth, as text; null: nobody answered. */
  readonly mean: string | null
  /** How many gave 1, 2, 3, 4, 5. */
  readonly distribution: readonly number[]
  /** How many redemptions were fulfilled, those among them that were cancelled later. */
  readonly fulfilled: number
  /** How many of these were answered, 0 to 1, to the nearest ten-thousandth; null: none was fulfilled. */
  readonly share: string | null
}

const SCORES = [1, 2, 3, 4, 5]

export function surveyFigures(
  scores: ReadonlyMap<number, number>,
  fulfilled: number,
): SurveyFigures {
  const distribution = SCORES.map((score) => scores.get(score) ?? 0)
  const count = distribution.reduce((sum, answers) => sum + answers, 0)
  const sum = distribution.reduce((all, answers, place) => all + answers * SCORES[place]!, 0)
  return {
    count,
    mean: count === 0 ? null : quotient(sum, count),
    distribution,
    fulfilled,
    // What was answered was fulfilled, also where that was before anybody counted.
    share: fulfilled === 0 ? null : quotient(Math.min(count, fulfilled), fulfilled),
  }
}

/** To the nearest ten-thousandth, in whole numbers. */
function quotient(of: number, by: number): string {
  const tenThousandths = (BigInt(of) * 20_000n + BigInt(by)) / (BigInt(by) * 2n)
  const digits = `${tenThousandths}`.padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '')
}
