/** The first place where the ledger differs from its own journal. */
export interface Discrepancy {
  /** `wallet 12`, `wallet 12, version 3`, `wallet 12, lot 4`, `account issued:purchase`, `seal 7`. */
  readonly where: string
  readonly what: string
  /** As the journal has it. */
  readonly expected: string | number | null
  readonly found: string | number | null
}

export class LedgerDiffers extends Error {
  override readonly name = 'LedgerDiffers'
  constructor(readonly discrepancy: Discrepancy) {
    super(
      `${discrepancy.where}: ${discrepancy.what} is ${discrepancy.found}, not ${discrepancy.expected}`,
    )
  }
}

export function differ(
  where: string,
  what: string,
  expected: string | number | null,
  found: string | number | null,
): never {
  throw new LedgerDiffers({ where, what, expected, found })
}
