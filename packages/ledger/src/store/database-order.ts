/** The order in which databases give things out, for whatever is put in order in the process. */

/** Each id once, the smallest first. */
export function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

/** By code points, not by the halves of them. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
