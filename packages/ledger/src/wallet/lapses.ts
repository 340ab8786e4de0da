/** Where points go that were withheld from the beginning and are taken for good. */
export const WITHHELD = 'voided:withheld'

/** Accounts of points that a member had no more, or never, when they went there: a clawback does not ask for
 * them again (`lapsed` of a lot). */
export const LAPSES: ReadonlySet<string> = new Set(['expired', 'voided:unclaimed', WITHHELD])
