/** Tables are missing, and this server was told not to make them. */
export class SchemaOutOfDate extends Error {
  override readonly name = 'SchemaOutOfDate'
}

/** Throws `SchemaOutOfDate`. */
export function assertNonePending(pending: readonly string[]): void {
  if (pending.length === 0) return
  throw new SchemaOutOfDate(
    `The database lacks ${pending.join(', ')}: run \`pointwell migrate\` first.`,
  )
}
