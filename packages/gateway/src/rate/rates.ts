import type { Viewer } from '@pointwell/plugin'

/**
 * What one client may ask for in a minute, by who it is, in what its operations cost (`cost-of.ts`), each
 * 1 at least; 0: as much as it likes. So much may also come at once.
 */
export type Rates = Readonly<Record<Viewer['kind'], number>>

export const DEFAULT_RATES: Rates = {
  // One address, which may be that of many.
  anonymous: 6_000,
  // A page with wallet, history and offers costs about 90: some 300 such pages.
  member: 30_000,
  partner: 30_000,
  // A shop's own servers speak for all of its members, and send orders as they come.
  storefront: 0,
  operator: 60_000,
}
