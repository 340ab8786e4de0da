import { MAX_POINTS, type Words } from '@pointwell/plugin'

export type PartnerTerms = 'prepaid' | 'postpaid'

/** Somebody outside who gives members something. Money is in minor units of `currency`. */
export interface Partner {
  readonly id: string
  readonly title: Words
  readonly terms: PartnerTerms
  readonly currency: string
  /** Postpaid: what may be owed at most; null: no bound. */
  readonly creditLimitMinor: number | null
  readonly active: boolean
  /** Where its API is; null: it has none. */
  readonly apiUrl: string | null
  /** The name of the secret that requests are signed with; the secret itself is in the environment. */
  readonly secretName: string | null
  readonly createdAt: number
  /** Goes up by one with each change. */
  readonly version: number
}

/** What the balance with a partner may not fall below: nothing where it is paid before, the limit of
 * credit where it is paid after. */
export function floorOf({ terms, creditLimitMinor }: Partner): number {
  if (terms === 'prepaid') return 0
  return creditLimitMinor === null ? -MAX_POINTS : -creditLimitMinor
}
