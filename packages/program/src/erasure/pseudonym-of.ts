/** A member that was merged into the erased one has a row, and acts, of its own: in place of the first of the
 * ids stands the pseudonym, in place of each other one that with its place behind it. */
export function pseudonymOf(pseudonym: string, place: number): string {
  return place === 0 ? pseudonym : `${pseudonym}-${place + 1}`
}
