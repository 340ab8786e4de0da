import { inspect } from 'node:util'
import fc from 'fast-check'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { decideCase } from './decide-case.js'
import { type EarnSession, earnCases } from './earn-case.js'

/** Found nowhere by chance, and right as an id. */
const OTHERS = ['other-4f1c9e2b', 'other-77ad03c8', 'other-b26e51f0']
const BEFORE = ['before-9d31ce74', 'before-0ab8f265']

/** What a source tells of members is what they told themselves. */
export const leakChecks: readonly Check<EarnSession>[] = [
  {
    name: 'tells-nothing-of-other-members',
    means: {
      en: 'nothing of another member is in points explained, details, memory or refusals',
      zh: '说明、明细、记忆与拒绝中不含其他会员的任何信息',
    },
    find: (session) => {
      const before = fc.constantFrom(...BEFORE)
      const cases = fc.record({
        /** Another member, who was served just before. */
        earlier: earnCases(session, { ids: before, event: before }),
        value: earnCases(session, { others: fc.constantFrom(...OTHERS) }),
      })
      return findCase(session, cases, ({ earlier, value }) => {
        decideCase(session, earlier)
        const decided = decideCase(session, value)
        const told = inspect(decided, { depth: 50, maxStringLength: 100_000 })
        const secret = [...OTHERS, ...BEFORE].find((it) => told.includes(it))
        return secret && `what it answered has something of another member in it (${secret})`
      })
    },
  },
]
