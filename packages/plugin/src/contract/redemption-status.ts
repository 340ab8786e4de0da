/**
 * How far a redemption has come (R6). `awaiting-payment`: points are reserved until the
 * storefront has the part that is paid in money. `under-review`: a risk rule holds it (K2), and the channel is
 * not asked before that is over. `held`: points are reserved and the channel is being asked.
 * `unknown`: the channel could not say; it is asked again until it can. `cancelling`: the channel is
 * being asked to take it back.
 */
export const REDEMPTION_STATUSES = [
  'awaiting-payment',
  'under-review',
  'held',
  'unknown',
  'fulfilled',
  'released',
  'cancelling',
  'cancelled',
] as const
export type RedemptionStatus = (typeof REDEMPTION_STATUSES)[number]
