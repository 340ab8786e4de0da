import type { ProgramContext } from './program-context.js'

/** The login of the operator who asks, where only operators get. */
export function operatorOf({ viewer }: Pick<ProgramContext, 'viewer'>): string {
  if (viewer.kind !== 'operator') throw new Error('an act of an operator by somebody else')
  return viewer.subject
}
