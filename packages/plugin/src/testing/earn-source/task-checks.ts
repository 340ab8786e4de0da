import { findReactionFault } from '../../isolation/find-reaction-fault.js'
import { findTasksFault } from '../../isolation/find-tasks-fault.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { observe } from '../watch/observe.js'
import { type EarnSession, earnCases, earnContext } from './earn-case.js'
import { earnCasesOfAll, reactContext } from './earn-operations.js'

/** What holds for tasks, and for what a source does about events that it follows. */
export const taskChecks: readonly Check<EarnSession>[] = [
  {
    name: 'tasks-are-well-formed',
    means: {
      en: 'tasks have ids, titles in both languages, whole points and a progress that can be',
      zh: '任务有 id、中英文标题、整数积分与合理的进度',
    },
    find: (session) => {
      const { plugin } = session
      if (!plugin.tasks) return undefined
      return findCase(session, earnCases(session), (value) => {
        const { event, acts, others, ...context } = earnContext(value)
        // Stryker disable next-line OptionalChaining: looked at above; for the compiler
        const seen = observe(session, 'tasks', () => plugin.tasks?.(context))
        return seen.outcome === 'answered' ? findTasksFault(seen.answer) : undefined
      })
    },
  },
  {
    name: 'reactions-are-well-formed',
    means: {
      en: 'what it does about other events names members, and events that its own schema takes',
      zh: '对其他事件的反应指明会员，所生成的事件符合自己的 schema',
    },
    find: (session) => {
      const { event: schema, reacts } = session.plugin
      // Stryker disable next-line ConditionalExpression: saves the cases; without it nothing is followed in any
      if (!reacts) return undefined
      return findCase(session, earnCasesOfAll(session), (value) => {
        const context = reactContext(value)
        if (!context) return undefined
        const seen = observe(session, 'reacts', () => reacts.with(context))
        if (seen.outcome !== 'answered') return undefined
        const fault = findReactionFault(seen.answer)
        if (fault) return fault
        for (const reaction of seen.answer as readonly { earn?: { event: unknown } }[]) {
          if (reaction.earn && !schema.safeParse(reaction.earn.event).success) {
            return 'it would earn by an event that its own schema does not take'
          }
        }
        return undefined
      })
    },
  },
]
