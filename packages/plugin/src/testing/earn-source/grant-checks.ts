import type { Grant } from '../../contract/plugin.js'
import { findGrantFault } from '../../isolation/find-grant-fault.js'
import { findRefusalFault, mayRefuseWith } from '../../isolation/find-refusal-fault.js'
import { findStepsFault, isWhole, show } from '../../isolation/find-steps-fault.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { type Decided, decideCase } from './decide-case.js'
import { type EarnCase, type EarnSession, earnCases } from './earn-case.js'

/** What holds for the answer of a decision. */
export const grantChecks: readonly Check<EarnSession>[] = [
  {
    name: 'some-event-earns',
    means: {
      en: 'of the events that are tried some earn: else the other checks have seen nothing',
      zh: '所试的事件中有能获得积分的，否则其他检查并未真正检验',
    },
    find(session) {
      const seen = new Map<string, number>()
      // Looked for as long as it takes, up to ten times as long as for anything else.
      const many = { ...session, runs: session.runs * 10 }
      const earned = findCase(many, earnCases(session), (value) => {
        const decided = decideCase(session, value)
        if (decided.kind === 'refusal') {
          const { code } = decided.refusal
          seen.set(code, (seen.get(code) ?? 0) + 1)
          return undefined
        }
        // What is no answer has checks of its own.
        return decided.kind !== 'grant' || decided.grant.points > 0 ? 'it earns' : undefined
      })
      if (earned) return undefined
      const refused = [...seen].map(([code, times]) => `${code} (${times})`).join(', ')
      return {
        fault:
          `of ${many.runs} events none earned anything` +
          `${refused === '' ? '' : `, refused were ${refused}`}: ` +
          'say in `arbitraries`, `events`, `settings` or `acts` what does',
      }
    },
  },
  {
    name: 'points-are-whole',
    means: {
      en: 'points are whole, from 0 to 2^53−1',
      zh: '积分为 0 至 2^53−1 的整数',
    },
    find: (session) =>
      judgeGrants(session, ({ grant }) =>
        isWhole(grant.points) ? undefined : `it would grant ${show(grant.points)} points`,
      ),
  },
  {
    name: 'steps-sum-to-points',
    means: {
      en: 'the steps of a grant sum to its points, exactly',
      zh: '步骤之和与授予的积分完全相等',
    },
    find: (session) =>
      judgeGrants(session, ({ grant: { because, points } }) =>
        isWhole(points) ? findStepsFault(because, points) : undefined,
      ),
  },
  {
    name: 'steps-have-words',
    means: {
      en: 'every step that an explanation has is among its words',
      zh: '说明中的每个步骤都有对应的词条',
    },
    find: (session) => judgeGrants(session, ({ grant }) => findWordFault(session, grant)),
  },
  {
    name: 'grant-is-well-formed',
    means: {
      en: 'time, term, kind, campaigns, tags and details of a grant are what the contract says',
      zh: '授予的时间、期限、类型、活动、标签与明细符合合约',
    },
    find: (session) =>
      findCase(session, earnCases(session), (value) => {
        const decided = decideCase(session, value)
        if (decided.kind === 'nonsense') return nonsense(decided)
        return decided.kind === 'grant' ? findTermsFault(session, value, decided.grant) : undefined
      }),
  },
  {
    name: 'refusals-are-declared',
    means: {
      en: 'it refuses with codes that it declares, or that every plugin has',
      zh: '拒绝代码均已声明，或属公共代码',
    },
    find: (session) =>
      judgeRefusals(session, ({ refusal }) =>
        mayRefuseWith(session.plugin, refusal.code)
          ? undefined
          : findRefusalFault(session.plugin, refusal),
      ),
  },
  {
    name: 'refusals-are-well-formed',
    means: {
      en: 'the figures of a refusal are whole numbers, instants and texts',
      zh: '拒绝所附的数字、时间与文本格式正确',
    },
    find: (session) =>
      judgeRefusals(session, ({ refusal }) =>
        mayRefuseWith(session.plugin, refusal.code)
          ? findRefusalFault(session.plugin, refusal)
          : undefined,
      ),
  },
]

type Judge<Kind extends Decided['kind']> = (
  decided: Extract<Decided, { kind: Kind }>,
  value: EarnCase,
) => string | undefined

function judgeGrants(session: EarnSession, judge: Judge<'grant'>) {
  return findCase(session, earnCases(session), (value) => {
    const decided = decideCase(session, value)
    return decided.kind === 'grant' ? judge(decided, value) : undefined
  })
}

function judgeRefusals(session: EarnSession, judge: Judge<'refusal'>) {
  return findCase(session, earnCases(session), (value) => {
    const decided = decideCase(session, value)
    return decided.kind === 'refusal' ? judge(decided, value) : undefined
  })
}

export function nonsense({ answer }: Extract<Decided, { kind: 'nonsense' }>): string {
  return `it answered with ${show(answer)}, which is no grant and no refusal`
}

/** A step that an explanation has and the source has no words for. */
export function findWordFault({ plugin }: EarnSession, { because }: Grant): string | undefined {
  const words = plugin.words ?? {}
  const nameless = (Array.isArray(because) ? because : []).find(
    (it) => typeof it?.step === 'string' && !Object.hasOwn(words, it.step),
  )
  return nameless && `it has no words for its step ${nameless.step}`
}

/** What is wrong with a grant besides its points and steps. */
export function findTermsFault(
  session: EarnSession,
  value: EarnCase,
  { points, memory, ...grant }: Grant,
): string | undefined {
  const sure = isWhole(points) ? points : 0
  return (
    findGrantFault({ ...grant, points: sure, because: [{ step: 'x', points: sure }] }) ??
    findBehaviourFault(session, value, grant)
  )
}

/** A behaviour that caps can be for is one that the source names. */
function findBehaviourFault(
  { plugin }: EarnSession,
  { settings }: EarnCase,
  { behaviour }: Pick<Grant, 'behaviour'>,
): string | undefined {
  if (behaviour === undefined || !plugin.behaviours) return undefined
  return plugin.behaviours(structuredClone(settings)).includes(behaviour)
    ? undefined
    : `its behaviour ${show(behaviour)} is none that it names`
}
