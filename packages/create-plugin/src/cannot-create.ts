/** What was asked for cannot be made; the message says why, to the person who asked. Nothing was written. */
export class CannotCreate extends Error {
  override readonly name = 'CannotCreate'
}
