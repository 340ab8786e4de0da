import { CannotCreate } from '../cannot-create.js'

const LONGEST_TITLE = 60
/** What stands in source texts and in tables of a README as it is. */
const TITLE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ,.!?&+:()（）、，·-]*$/u

/** Throws `CannotCreate` for what is no title of a plugin. */
export function assertTitle(option: string, title: string): void {
  if (title.length <= LONGEST_TITLE && TITLE.test(title)) return
  throw new CannotCreate(
    `${option}: Expected at most ${LONGEST_TITLE} letters, digits, spaces and plain punctuation.`,
  )
}
