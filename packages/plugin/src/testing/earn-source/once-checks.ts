import { findAskedFault } from '../../isolation/find-asked-fault.js'
import { findKeyFault } from '../../isolation/find-key-fault.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { observe } from '../watch/observe.js'
import { type EarnCase, type EarnSession, earnCases, earnContext } from './earn-case.js'
import { earnCasesOfAll } from './earn-operations.js'

/** What holds for the names of acts and returns, and for what a decision asks for. */
export const onceChecks: readonly Check<EarnSession>[] = [
  {
    name: 'once-is-stable',
    means: {
      en: 'an act has a name of 1 to 128 characters, the same each time, also of the event as it is stored',
      zh: '同一行为的名称为 1 至 128 个字符，每次相同，对存储后的事件亦然',
    },
    find: (session) =>
      findCase(session, earnCases(session), (value) => {
        const first = nameOf(session, value)
        if (first === undefined) return undefined
        const fault = findKeyFault(first)
        if (fault) return fault
        for (const again of [value, { ...value, event: asStored(value.event) }]) {
          const second = nameOf(session, again)
          if (second !== first) return `it called an act ${show(first)}, and then ${show(second)}`
        }
        return undefined
      }),
  },
  {
    name: 'asks-for-what-can-be-read',
    means: {
      en: 'it asks for at most 20 acts and 20 members, each by name',
      zh: '至多查询 20 个行为与 20 名会员，且均指明名称',
    },
    find: (session) =>
      findCase(session, earnCases(session), (value) => {
        const { plugin } = session
        if (!plugin.asks) return undefined
        const { event, calendar, now } = earnContext(value)
        // Stryker disable next-line OptionalChaining: looked at above; for the compiler
        const seen = observe(session, 'asks', () => plugin.asks?.({ event, calendar, now }))
        const fault = seen.outcome === 'answered' ? findAskedFault(seen.answer) : undefined
        if (fault || !plugin.leadsTo) return fault
        const led = observe(session, 'leadsTo', () =>
          // Stryker disable next-line OptionalChaining: looked at above; for the compiler
          plugin.leadsTo?.(structuredClone(value.memory)),
        )
        if (led.outcome !== 'answered' || led.answer === null) return undefined
        return typeof led.answer === 'string' ? undefined : 'it leads to what is no member’s id'
      }),
  },
  {
    name: 'return-key-is-stable',
    means: {
      en: 'a return has a name of 1 to 128 characters, the same each time',
      zh: '同一退货的名称为 1 至 128 个字符，每次相同',
    },
    find: (session) => {
      const { returns } = session.plugin
      // Stryker disable next-line ConditionalExpression: saves the cases; without returns nothing is taken in any
      if (!returns) return undefined
      return findCase(session, earnCasesOfAll(session), ({ taken }) => {
        for (const one of taken) {
          const keyOf = (it: unknown) => {
            const seen = observe(session, 'returns.key', () => returns.key(it as never))
            return seen.outcome === 'answered' ? { key: seen.answer } : undefined
          }
          const first = keyOf(structuredClone(one))
          if (!first) continue
          const fault = findKeyFault(first.key)
          if (fault) return fault
          const second = keyOf(asStored(one))
          if (second?.key !== first.key) {
            return `it called a return ${show(first.key)}, and then ${show(second?.key)}`
          }
        }
        return undefined
      })
    },
  },
]

/** Undefined: it did not come to an answer. */
function nameOf(session: EarnSession, value: EarnCase): unknown {
  const { event, calendar, now } = earnContext(value)
  const seen = observe(session, 'once', () => session.plugin.once({ event, calendar, now }))
  return seen.outcome === 'answered' ? (seen.answer ?? null) : undefined
}

function asStored(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return value
  }
}

function show(key: unknown): string {
  return JSON.stringify(key) ?? String(key)
}
