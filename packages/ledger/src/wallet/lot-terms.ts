import type { Lot } from './wallet.js'

/** What a lot is, apart from where its points are now: only a transaction that says so changes it. */
export const LOT_TERMS = [
  'kind',
  'source',
  'ref',
  'granted',
  'earnedAt',
  'confirmAt',
  'claimMs',
  'claimBy',
  'expiresAt',
] as const satisfies readonly (keyof Lot)[]

export function sameTerms(a: Lot, b: Lot): boolean {
  return LOT_TERMS.every((term) => a[term] === b[term])
}
