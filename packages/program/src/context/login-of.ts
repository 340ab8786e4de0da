import type { ProgramContext } from './program-context.js'

/** The operator who asks, by its login. Only for fields that nobody but operators may use. */
export function loginOf({ viewer }: Pick<ProgramContext, 'viewer'>): string {
  if (viewer.kind !== 'operator') throw new Error('an act of an operator by somebody else')
  return viewer.subject
}
