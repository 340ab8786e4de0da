import { isDeepStrictEqual } from 'node:util'
import fc, { type Arbitrary } from 'fast-check'
import { describe } from '../../isolation/call-plugin.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { withWatchedModules } from '../watch/watch-impurity.js'
import { type Operation, runFrozen, runOperation } from './operation.js'

/** The pure functions of a plugin, and what they are tried with. */
export interface PureFunctions<S, Case> {
  cases(session: S): Arbitrary<Case>
  operations(session: S): readonly Operation<Case>[]
}

/** What holds for every pure function of every plugin. */
export function pureChecks<S extends Session, Case>({
  cases,
  operations,
  // Stryker disable next-line BlockStatement: the kit could not be loaded, which the runner does not tell
}: PureFunctions<S, Case>): readonly Check<S>[] {
  /** The first fault that any of the functions has in a case. */
  const findIn = (
    session: S,
    values: Arbitrary<Case>,
    judge: (operation: Operation<Case>, value: Case) => string | undefined,
  ) => {
    const all = operations(session)
    return findCase(session, values, (value) => {
      for (const operation of all) {
        const fault = judge(operation, value)
        if (fault !== undefined) return `${operation.name} ${fault}`
      }
      return undefined
    })
  }

  return [
    {
      name: 'never-throws',
      means: {
        en: 'no pure function throws for what its schemas accepted',
        zh: '对通过校验的输入，纯函数绝不抛出异常',
      },
      find: (session) =>
        findIn(session, cases(session), (operation, value) => {
          const seen = runOperation(session, operation, value)
          return seen.outcome === 'threw' ? `threw ${describe(seen.error)}` : undefined
        }),
    },
    {
      name: 'comes-back-in-time',
      means: {
        en: 'every pure function comes back before its deadline',
        zh: '纯函数必须在时限内返回',
      },
      find: (session) =>
        findIn(session, cases(session), (operation, value) => {
          const seen = runOperation(session, operation, value)
          return seen.outcome === 'hung'
            ? `was not back after ${session.deadlineMs} ms, and was broken off`
            : undefined
        }),
    },
    {
      name: 'is-pure',
      means: {
        en: 'no pure function touches a clock, chance, timers, files or the network',
        zh: '纯函数不得接触时钟、随机数、定时器、文件或网络',
      },
      find: (session) => {
        const values = cases(session)
        return withWatchedModules(() =>
          findIn(session, values, (operation, value) => {
            const { touched } = runOperation(session, operation, value)
            return touched.size > 0 ? `touched ${[...touched].join(', ')}` : undefined
          }),
        )
      },
    },
    {
      name: 'same-input-same-answer',
      means: {
        en: 'the same input gives the same answer, whatever was asked in between',
        zh: '相同输入得到相同结果，与其间处理过什么无关',
      },
      find: (session) => {
        const all = operations(session)
        const values = cases(session)
        return findCase(
          session,
          fc.record({ value: values, between: values }),
          ({ value, between }) => {
            for (const operation of all) {
              const first = runOperation(session, operation, value)
              runOperation(session, operation, between)
              const second = runOperation(session, operation, value)
              if (first.outcome !== 'answered' || second.outcome !== 'answered') continue
              // A promise is no answer, which has a check of its own.
              // Stryker disable next-line ConditionalExpression: to Node two promises are alike
              if (first.answer instanceof Promise) continue
              if (!isDeepStrictEqual(first.answer, second.answer)) {
                return `${operation.name} answered ${show(first.answer)}, and then ${show(second.answer)}`
              }
            }
            return undefined
          },
        )
      },
    },
    {
      name: 'input-is-not-changed',
      means: {
        en: 'nothing that a function is given is changed by it',
        zh: '函数不得修改传入的内容',
      },
      find: (session) =>
        findIn(session, cases(session), (operation, value) => {
          const given = operation.given(value)
          const seen = runOperation(session, { ...operation, given: () => given }, value)
          // Stryker disable next-line ConditionalExpression: what hung is not called again, so nothing follows
          if (seen.outcome === 'hung') return undefined
          if (!isDeepStrictEqual(given, operation.given(value))) return 'changed what it was given'
          if (seen.outcome === 'threw') return undefined
          const frozen = runFrozen(session, operation, value)
          return frozen.outcome === 'threw'
            ? `tried to change what it was given: ${describe(frozen.error)}`
            : undefined
        }),
    },
  ]
}

function show(answer: unknown): string {
  try {
    return (JSON.stringify(answer) ?? String(answer)).slice(0, 300)
  } catch {
    return 'something that cannot be shown'
  }
}
