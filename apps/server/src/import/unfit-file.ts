/** A file that is not what it was taken for: whoever named it can mend that. */
export class UnfitFile extends Error {
  override readonly name = 'UnfitFile'
}
