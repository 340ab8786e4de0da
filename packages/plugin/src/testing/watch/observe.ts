import type { Session } from '../run/session.js'
import { BrokenOff, breakOff } from './break-off.js'
import { watchImpurity } from './watch-impurity.js'

/** What became of a call, and what it touched meanwhile. */
export type Observation =
  | {
      readonly outcome: 'answered'
      readonly answer: unknown
      readonly touched: ReadonlySet<string>
    }
  | { readonly outcome: 'threw'; readonly error: unknown; readonly touched: ReadonlySet<string> }
  | { readonly outcome: 'hung'; readonly touched: ReadonlySet<string> }

/** Calls a function of a plugin that has to be quick and pure. Never throws. */
export function observe(
  { hung, deadlineMs }: Pick<Session, 'hung' | 'deadlineMs'>,
  operation: string,
  run: () => unknown,
): Observation {
  const touched = new Set<string>()
  if (hung.has(operation)) return { outcome: 'hung', touched }
  try {
    const answer = watchImpurity(() => breakOff(run, deadlineMs), touched)
    // Nobody else will hear its rejection.
    if (answer instanceof Promise) answer.catch(() => {})
    return { outcome: 'answered', answer, touched }
  } catch (error) {
    if (!(error instanceof BrokenOff)) return { outcome: 'threw', error, touched }
    hung.add(operation)
    return { outcome: 'hung', touched }
  }
}
