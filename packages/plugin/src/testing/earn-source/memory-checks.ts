import { isDeepStrictEqual } from 'node:util'
import { findGrantFault } from '../../isolation/find-grant-fault.js'
import { findJsonFault } from '../../isolation/find-json-fault.js'
import { readBySchema } from '../../schema/read-by-schema.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { observe } from '../watch/observe.js'
import { decideCase } from './decide-case.js'
import { type EarnSession, earnCases } from './earn-case.js'
import { earnCasesOfAll, joinContext } from './earn-operations.js'

/** What holds for what a source remembers of a member. */
export const memoryChecks: readonly Check<EarnSession>[] = [
  {
    name: 'memory-fits-its-schema',
    means: {
      en: 'what a grant remembers is JSON, small, and read by its own schema as it was written',
      zh: '记忆是小型 JSON，存储后由自己的 schema 原样读出',
    },
    find: (session) =>
      findCase(session, earnCases(session), (value) => {
        const decided = decideCase(session, value)
        if (decided.kind !== 'grant' || decided.grant.memory === undefined) return undefined
        return findMemoryFault(session, decided.grant.memory)
      }),
  },
  {
    name: 'join-fits-the-memory',
    means: {
      en: 'two memories become one that its own schema reads',
      zh: '两份记忆合并后仍由自己的 schema 读出',
    },
    find: (session) => {
      const { plugin } = session
      if (!plugin.join) return undefined
      return findCase(session, earnCasesOfAll(session), (value) => {
        const { from, into, ...context } = joinContext(value)
        for (const memory of withSomeAlike(session, from.memory, into.memory)) {
          const given = { ...context, ...structuredClone({ from: { ...from, memory }, into }) }
          // Stryker disable next-line OptionalChaining: looked at above; for the compiler
          const seen = observe(session, 'join', () => plugin.join?.(given))
          const fault =
            seen.outcome === 'answered' ? findMemoryFault(session, seen.answer) : undefined
          if (fault) return fault
        }
        return undefined
      })
    },
  },
]

/** A memory as it is, as that of the other, and with one part of it as the other has it: two that were made by
 * chance agree in nothing, and where they agree is where they are put together. */
function withSomeAlike({ plugin }: EarnSession, memory: unknown, other: unknown): unknown[] {
  const all = [memory, other]
  for (const [name, value] of Object.entries(other ?? {})) {
    const mixed = { ...(memory as object | null), [name]: value }
    const read = readBySchema(plugin.memory, structuredClone(mixed))
    if (read.success && isDeepStrictEqual(read.data, mixed)) all.push(mixed)
  }
  return all
}

function findMemoryFault({ plugin }: EarnSession, memory: unknown): string | undefined {
  const fault =
    findJsonFault(memory, 'its memory') ?? findGrantFault({ points: 0, because: [], at: 0, memory })
  if (fault) return fault
  const stored = JSON.parse(JSON.stringify(memory))
  const read = readBySchema(plugin.memory, stored)
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    return `its memory does not fit its own schema at ${path.join('.') || 'the top'}: ${message}`
  }
  return isDeepStrictEqual(read.data, stored)
    ? undefined
    : 'its memory is read as something else than was written'
}
