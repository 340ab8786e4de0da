/** The largest whole number that JSON, JavaScript and both databases keep exactly: 2^53−1. */
export const MAX_POINTS = Number.MAX_SAFE_INTEGER

/** Instants are accepted from 1900 to 9999: every calendar and both databases agree there. Epoch
 * milliseconds. */
export const EARLIEST_INSTANT = Date.UTC(1900, 0, 1)
export const LATEST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
