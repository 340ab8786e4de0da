/** The kit can make no value that a schema takes: the author has to say how (`arbitraries`). */
export class CannotMake extends Error {
  override readonly name = 'CannotMake'

  constructor(
    /** Where: `event.lines.*.article`. */
    readonly path: string,
    readonly why: string,
  ) {
    super(`no values can be made for ${path}: ${why}; name an arbitrary for it in \`arbitraries\``)
  }
}
