/** All that is to be written, before anything is. Paths are absolute. */
export interface Plan {
  /** What is made: a folder that is not there yet. */
  readonly folder: string
  /** Its files, by their paths in it. */
  readonly files: ReadonlyMap<string, string>
  /** Files elsewhere that are not there yet (`before` is null) or are changed. */
  readonly edits: readonly Edit[]
}

export interface Edit {
  readonly path: string
  readonly before: string | null
  readonly after: string
}
