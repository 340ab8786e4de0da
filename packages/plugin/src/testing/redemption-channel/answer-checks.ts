import { isRefusal } from '../../decision/refuse.js'
import { describe } from '../../isolation/call-plugin.js'
import { findAnswerFault, findReceiptFault } from '../../isolation/find-answer-fault.js'
import { findAwardFault } from '../../isolation/find-award-fault.js'
import { findRefusalFault, mayRefuseWith } from '../../isolation/find-refusal-fault.js'
import { runOperation } from '../decision/operation.js'
import { findCase } from '../run/find-case.js'
import type { Check, Found } from '../run/finding.js'
import {
  type ChannelSession,
  channelCases,
  channelOperations,
  type Effect,
} from './channel-case.js'
import { overRedemptions, type Redemption } from './over-redemptions.js'

/** What holds for the answers of a channel. */
export const answerChecks: readonly Check<ChannelSession>[] = [
  {
    name: 'some-redemption-is-fulfilled',
    means: {
      en: 'of the redemptions that are tried some are fulfilled: else the other checks have seen nothing',
      zh: '所试的兑换中有能完成的，否则其他检查并未真正检验',
    },
    async find(session) {
      const seen = new Map<string, number>()
      let judged = false
      const found = await overRedemptions(session, async (it) => {
        const effect = await it.fulfil()
        if (effect.outcome !== 'answered') judged = true
        else if (effect.answer?.outcome === 'fulfilled') judged = true
        else if (effect.answer?.outcome === 'refused') {
          const { code } = effect.answer
          seen.set(code, (seen.get(code) ?? 0) + 1)
        }
        return undefined
      })
      if (found || judged) return found
      const refused = [...seen].map(([code, times]) => `${code} (${times})`).join(', ')
      return {
        fault: `no redemption was fulfilled, refused were ${refused || 'none'}: say in \`arbitraries\`, \`offers\`, \`orders\` or \`settings\` what is given`,
      }
    },
  },
  {
    name: 'effects-never-throw',
    means: {
      en: 'fulfil and cancel do not throw where nothing is wrong with the world',
      zh: '外部一切正常时，兑付与撤销不抛出异常',
    },
    find: (session) =>
      judgeEffects(session, (effect) =>
        effect.outcome === 'threw' && !isUndeclared(effect.error)
          ? `it threw ${describe(effect.error)}`
          : undefined,
      ),
  },
  {
    name: 'uses-declared-entities-only',
    means: {
      en: 'what it reads and writes are tables of entities that it declares',
      zh: '只读写已声明实体的数据表',
    },
    find: (session) =>
      judgeEffects(session, (effect) =>
        // Stryker disable next-line ConditionalExpression: only what threw has an error; for the compiler
        effect.outcome === 'threw' && isUndeclared(effect.error)
          ? `it uses an entity that it does not declare: ${describe(effect.error)}`
          : undefined,
      ),
  },
  {
    name: 'effects-come-back-in-time',
    means: {
      en: 'fulfil and cancel come back before their deadline',
      zh: '兑付与撤销在时限内返回',
    },
    find: (session) =>
      judgeEffects(session, ({ outcome }) =>
        outcome === 'hung' ? `it was not back after ${session.effectDeadlineMs} ms` : undefined,
      ),
  },
  {
    name: 'answers-are-well-formed',
    means: {
      en: 'an effect answers with one of its outcomes, `check` with null or a refusal',
      zh: '兑付与撤销只返回规定的结果，`check` 返回 null 或拒绝',
    },
    find: async (session) =>
      (await judgeAnswers(session, (answer, effect) => {
        // What is in an answer has checks of its own.
        const { code: _, receipt, award, ...rest } = (answer ?? {}) as unknown as Answer
        const bare = { ...rest, code: 'INVALID_INPUT', receipt: null }
        return findAnswerFault(
          session.plugin,
          effect,
          typeof answer === 'object' && answer ? bare : answer,
        )
      })) ??
      judgeCheck(session, (answer) => {
        if (answer === null) return undefined
        if (!isRefusal(answer)) return 'check answered neither null nor a refusal'
        return mayRefuseWith(session.plugin, answer.code)
          ? findRefusalFault(session.plugin, answer)
          : undefined
      }),
  },
  {
    name: 'refusals-are-declared',
    means: {
      en: 'it refuses with codes that it declares, or that every plugin has',
      zh: '拒绝代码均已声明，或属公共代码',
    },
    find: async (session) => {
      const faultOf = (code: unknown) =>
        mayRefuseWith(session.plugin, code)
          ? undefined
          : `it refused with ${JSON.stringify(code) ?? 'no code'}, which it does not declare`
      return (
        judgeCheck(session, (answer) =>
          isRefusal(answer) ? faultOf(answer.code) && `check: ${faultOf(answer.code)}` : undefined,
        ) ??
        (await judgeAnswers(session, (answer) =>
          answer?.outcome === 'refused' ? faultOf(answer.code) : undefined,
        ))
      )
    },
  },
  {
    name: 'receipt-is-small-json',
    means: {
      en: 'a receipt is JSON of at most 65,536 characters, for a member may see it',
      zh: '凭据是至多 65,536 字符的 JSON，会员可见',
    },
    find: (session) =>
      judgeAnswers(session, (answer) =>
        answer?.outcome === 'fulfilled' ? findReceiptFault(answer.receipt) : undefined,
      ),
  },
  {
    name: 'award-sums-up',
    means: {
      en: 'an award is of whole points, and its steps sum to them',
      zh: '奖励积分为整数，且步骤之和与之相等',
    },
    find: (session) =>
      judgeAnswers(session, (answer) =>
        answer?.outcome === 'fulfilled' && answer.award !== undefined
          ? findAwardFault(answer.award)
          : undefined,
      ),
  },
]

type Answer = Record<string, unknown>
type EffectAnswer = Extract<Effect, { outcome: 'answered' }>['answer']

/** Looks at every call of a redemption that is given, and taken back. */
function judgeEffects(
  session: ChannelSession,
  judge: (effect: Effect, name: 'fulfil' | 'cancel') => string | undefined,
): Promise<Found> {
  const named = (effect: Effect, name: 'fulfil' | 'cancel') => {
    const fault = judge(effect, name)
    return fault && `${name}: ${fault}`
  }
  return overRedemptions(session, async (redemption: Redemption) => {
    const given = await redemption.fulfil()
    const fault = named(given, 'fulfil')
    if (fault !== undefined || !redemption.canCancel(given)) return fault
    return named(await redemption.cancel(), 'cancel')
  })
}

function judgeAnswers(
  session: ChannelSession,
  judge: (answer: EffectAnswer | undefined, name: 'fulfil' | 'cancel') => string | undefined,
): Promise<Found> {
  return judgeEffects(session, (effect, name) =>
    effect.outcome === 'answered' ? judge(effect.answer, name) : undefined,
  )
}

function judgeCheck(
  session: ChannelSession,
  judge: (answer: unknown) => string | undefined,
): Found {
  const [check] = channelOperations(session)
  if (!check) return undefined
  return findCase(session, channelCases(session), (value) => {
    const seen = runOperation(session, check, value)
    return seen.outcome === 'answered' ? judge(seen.answer) : undefined
  })
}

function isUndeclared(error: unknown): boolean {
  return error instanceof Error && error.name === 'EntityMetadataNotFoundError'
}
