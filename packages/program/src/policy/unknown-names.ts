import type { PolicyFault } from './check-references.js'

/** Those of a list of names that stand for nothing there is: each with its place in the list at `path`. `what`
 * is said of each. No list: none. */
export function* unknownNames(
  path: readonly (string | number)[],
  what: string,
  names: readonly string[] | null | undefined,
  isKnown: (name: string) => boolean,
): Generator<PolicyFault> {
  for (const [place, name] of (names ?? []).entries()) {
    if (!isKnown(name)) yield { path: [...path, place], message: `There is no ${what} ${name}.` }
  }
}
