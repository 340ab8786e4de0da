import createBig from 'big.js'
import fc, { type Arbitrary } from 'fast-check'
import { isRefusal } from '../../decision/refuse.js'
import { findItemsFault } from '../../isolation/find-items-fault.js'
import { findJsonFault } from '../../isolation/find-json-fault.js'
import { findRefusalFault } from '../../isolation/find-refusal-fault.js'
import { findStepsFault, isWhole, show } from '../../isolation/find-steps-fault.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import { observe } from '../watch/observe.js'
import { type Decided, decideCase } from './decide-case.js'
import { type EarnCase, type EarnSession, earnCases, earnContext } from './earn-case.js'
import { takenArbitrary } from './earn-operations.js'
import { findTermsFault, findWordFault, nonsense } from './grant-checks.js'

interface ReturnCase {
  readonly value: EarnCase
  readonly taken: readonly unknown[]
  /** The same in another order. */
  readonly shuffled: readonly unknown[]
}

/** What holds for events that are taken back in parts (L5), and for what their goods earn (E8). */
export const returnChecks: readonly Check<EarnSession>[] = [
  {
    name: 'return-takes-no-more-than-was-granted',
    means: {
      en: 'after a return no fewer points than none stand, and no more than before it',
      zh: '退货收回的积分不多于已授予的，退货也不会增加积分',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken }) => {
        let before = standing(session, value, [])
        for (let count = 1; count <= taken.length; count += 1) {
          const after = standing(session, value, taken.slice(0, count))
          if (before === undefined || after === undefined) return undefined
          if (after < 0) return `a return of ${before} points takes ${before - after}`
          if (after > before) return `a return makes ${after} points of ${before}`
          before = after
        }
        return undefined
      }),
  },
  {
    name: 'returns-in-any-order-end-the-same',
    means: {
      en: 'returns that are taken in one order leave the same points in another, also where one is refused then',
      zh: '能按某一顺序受理的退货，换一种顺序（即使其中一笔因此被拒）剩余积分相同',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken, shuffled }) => {
        const one = standing(session, value, taken)
        const other = standing(session, value, shuffled)
        if (one !== undefined && other !== undefined && one !== other) {
          return `its returns leave ${one} points, and in another order ${other}`
        }
        return findRefusedAfter(session, value, taken)
      }),
  },
  {
    name: 'nothing-is-left-when-all-came-back',
    means: {
      en: 'where all of an event came back, in whatever parts and order, nothing is left to earn',
      zh: '全部退回后（无论分几次、先后如何）不再有任何积分',
    },
    find: (session) => {
      const { everythingOf } = session.options
      const { returns } = session.plugin
      if (!everythingOf || !returns) return undefined
      const all = earnCases(session).chain((value) => {
        const parts = everythingOf(value.event as never).map((it) => returns.schema.parse(it))
        return caseOf(value, fc.shuffledSubarray(parts, { minLength: parts.length }))
      })
      return findCase(session, all, ({ value, taken }) => {
        const left = standing(session, value, taken)
        if (left === undefined) {
          return isRefusal(withoutTaken(session, value, taken)?.event)
            ? 'it refuses to take back all of an event'
            : undefined
        }
        return left === 0 ? undefined : `where all came back, ${left} points are left`
      })
    },
  },
  {
    name: 'a-returned-event-is-json',
    means: {
      en: 'an event without what came back is JSON, for it is decided anew from what is stored',
      zh: '扣除退货后的事件仍是 JSON，因为将按存储内容重新计算',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken }) => {
        const again = leftOf(session, value, taken)
        return again && findJsonFault(again.event, 'the event')
      }),
  },
  {
    name: 'returns-are-refused-as-declared',
    means: {
      en: 'a return is refused with a code that it declares, or that every plugin has, and with figures that are well-formed',
      zh: '拒绝退货时代码已声明或属公共代码，所附数字格式正确',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken }) => {
        const without = withoutTaken(session, value, taken)
        if (!without || !isRefusal(without.event)) return undefined
        return findRefusalFault(session.plugin, without.event)
      }),
  },
  {
    name: 'a-returned-event-is-decided-as-declared',
    means: {
      en: 'what an event without what came back earns is as well-formed as what it earned before',
      zh: '扣除退货后的事件重新计算所得的授予或拒绝，格式与首次计算一样正确',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken }) => {
        const again = leftOf(session, value, taken)
        if (!again) return undefined
        // What is wrong from the beginning has checks of its own, and so has fewer than none.
        if (findDecidedFault(session, value, decideCase(session, value))) return undefined
        const decided = decideCase(session, again)
        return decided.kind === 'grant' && decided.grant.points < 0
          ? undefined
          : findDecidedFault(session, again, decided)
      }),
  },
  {
    name: 'items-are-well-formed',
    means: {
      en: 'the items of an event have ids, and points as exact decimals',
      zh: '事件中的各项有 id，且积分为精确小数',
    },
    find: (session) =>
      findCase(session, earnCases(session), (value) => {
        const seen = itemsOf(session, value)
        return seen && findItemsFault(seen.answer)
      }),
  },
  {
    name: 'fewer-goods-never-earn-more',
    means: {
      en: 'no item earns more because others came back',
      zh: '任何一项不会因其他商品退回而获得更多积分',
    },
    find: (session) =>
      judgeReturns(session, ({ value, taken }) => {
        const again = leftOf(session, value, taken)
        if (!again) return undefined
        const before = pointsByItem(session, value)
        const after = pointsByItem(session, again)
        if (!before || !after) return undefined
        for (const [id, points] of after) {
          const most = before.get(id)
          if (!most || points.gt(most)) {
            return `without some goods, ${show(id)} earns ${points.toFixed()} instead of ${most?.toFixed() ?? 'nothing'}`
          }
        }
        return undefined
      }),
  },
]

function judgeReturns(session: EarnSession, judge: (value: ReturnCase) => string | undefined) {
  if (!session.plugin.returns) return undefined
  const cases = earnCases(session).chain((value) =>
    caseOf(value, takenArbitrary(session, value.event)),
  )
  return findCase(session, cases, judge)
}

function caseOf(value: EarnCase, some: Arbitrary<readonly unknown[]>): Arbitrary<ReturnCase> {
  return some.chain((taken) =>
    fc
      .shuffledSubarray([...taken], { minLength: taken.length })
      .map((shuffled) => ({ value, taken, shuffled })),
  )
}

/**
 * Two returns that are each taken after what came before, and both in one order, of which one is refused in
 * the other: which message came first would decide whether points are kept. Where there is nothing left to take
 * (all the rest came back, and then a part of it) the same points are left, and it may refuse.
 */
function findRefusedAfter(
  session: EarnSession,
  value: EarnCase,
  taken: readonly unknown[],
): string | undefined {
  if (taken.length < 2) return undefined
  const [one, other, ...more] = taken
  const before: unknown[] = []
  const after = (...some: readonly unknown[]) => standing(session, value, [...before, ...some])
  for (const it of more) if (after(it) !== undefined) before.push(it)
  const left = after(one, other)
  const alone = after(other)
  if (left === undefined || alone === undefined || left === alone) return undefined
  if (after(one) === undefined) return undefined
  return isRefusal(withoutTaken(session, value, [...before, other, one])?.event)
    ? `it takes a return after another, which leaves ${left} points, and refuses it before that, which leaves ${alone}`
    : undefined
}

/** Points that stand after returns, as the server counts them anew: an event that the source would not have
 * taken has none. Undefined: there is no telling. */
function standing(
  session: EarnSession,
  value: EarnCase,
  taken: readonly unknown[],
): number | undefined {
  if (taken.length === 0) {
    const first = decideCase(session, value)
    return first.kind === 'grant' && isWhole(first.grant.points) ? first.grant.points : undefined
  }
  const left = leftOf(session, value, taken)
  if (!left) return undefined
  const again = decideCase(session, left)
  if (again.kind === 'refusal') return 0
  return again.kind === 'grant' && Number.isSafeInteger(again.grant.points)
    ? again.grant.points
    : undefined
}

/** What is wrong with an answer of `decide`, whatever it is; undefined when nothing is. */
function findDecidedFault(
  session: EarnSession,
  value: EarnCase,
  decided: Decided,
): string | undefined {
  if (decided.kind === 'nonsense') return nonsense(decided)
  if (decided.kind === 'refusal') return findRefusalFault(session.plugin, decided.refusal)
  if (decided.kind !== 'grant') return undefined
  const { grant } = decided
  if (!isWhole(grant.points)) return `it would grant ${show(grant.points)} points`
  return (
    findStepsFault(grant.because, grant.points) ??
    findWordFault(session, grant) ??
    findTermsFault(session, value, grant)
  )
}

/** The case without what came back; undefined when the source takes it not back, or fails at that. */
function leftOf(
  session: EarnSession,
  value: EarnCase,
  taken: readonly unknown[],
): EarnCase | undefined {
  const without = withoutTaken(session, value, taken)
  return without && !isRefusal(without.event) ? { ...value, event: without.event } : undefined
}

function withoutTaken(
  session: EarnSession,
  { event }: EarnCase,
  taken: readonly unknown[],
): { readonly event: unknown } | undefined {
  const { returns } = session.plugin
  const given = structuredClone({ event, taken })
  const seen = observe(session, 'returns.without', () =>
    // Stryker disable next-line OptionalChaining: nothing is asked where there are no returns; for the compiler
    returns?.without(given.event, given.taken as never),
  )
  return seen.outcome === 'answered' ? { event: seen.answer } : undefined
}

function itemsOf(session: EarnSession, value: EarnCase): { readonly answer: unknown } | undefined {
  const { plugin } = session
  if (!plugin.items || decideCase(session, value).kind !== 'grant') return undefined
  const context = earnContext(value)
  // Stryker disable next-line OptionalChaining: looked at above; for the compiler
  const seen = observe(session, 'items', () => plugin.items?.(context))
  return seen.outcome === 'answered' ? { answer: seen.answer } : undefined
}

function pointsByItem(session: EarnSession, value: EarnCase) {
  const seen = itemsOf(session, value)
  if (!seen || findItemsFault(seen.answer)) return undefined
  const { items } = seen.answer as { items: { id: string; points: number | string }[] }
  const sums = new Map<string, createBig.Big>()
  for (const { id, points } of items) {
    sums.set(id, (sums.get(id) ?? createBig(0)).plus(points))
  }
  return sums
}
