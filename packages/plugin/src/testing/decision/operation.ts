import { freezeDeeply } from '../../isolation/freeze-deeply.js'
import type { Session } from '../run/session.js'
import { type Observation, observe } from '../watch/observe.js'

/** One pure function of a plugin: what it is given in a case, and the call. */
export interface Operation<Case> {
  /** As the contract calls it: `decide`, `returns.without`. */
  readonly name: string
  /** A fresh copy of the arguments, each time. */
  given(value: Case): readonly unknown[]
  call(given: readonly unknown[]): unknown
}

export function runOperation<Case>(
  session: Session,
  { name, given, call }: Operation<Case>,
  value: Case,
): Observation {
  const copy = given(value)
  return observe(session, name, () => call(copy))
}

/** As the server does it: with arguments that cannot be changed. */
export function runFrozen<Case>(
  session: Session,
  { name, given, call }: Operation<Case>,
  value: Case,
): Observation {
  const copy = given(value)
  for (const argument of copy) freezeDeeply(argument)
  return observe(session, name, () => call(copy))
}
