import type { Compared } from '../measure/take-turns.js'

export type Store = 'sqlite' | 'mariadb'

/** One line of the table: what was measured against what, and what it should be. */
export interface Row {
  readonly name: string
  readonly store: Store
  /** What the two sides are. */
  readonly a: string
  readonly b: string
  readonly medianA: number
  readonly medianB: number
  readonly unit: string
  readonly ratio: number
  readonly lowest: number
  readonly highest: number
  /** What the ratio should be; undefined: it is only told. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number }
  readonly met?: boolean
  /** What one must know to read it. */
  readonly note?: string
  readonly rounds: Compared['rounds']
}

/** A row of a comparison, with its aim judged. */
export function rowOf(
  terms: Pick<Row, 'name' | 'store' | 'a' | 'b' | 'unit' | 'aim' | 'note'>,
  { a, b, ratio, lowest, highest, rounds }: Compared,
): Row {
  const { aim } = terms
  return {
    ...terms,
    medianA: a,
    medianB: b,
    ratio,
    lowest,
    highest,
    ...(aim && { met: 'atLeast' in aim ? ratio >= aim.atLeast : ratio <= aim.atMost }),
    rounds,
  }
}
