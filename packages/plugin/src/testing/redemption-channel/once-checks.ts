import { isDeepStrictEqual } from 'node:util'
import type { Check } from '../run/finding.js'
import type { ChannelSession, Effect } from './channel-case.js'
import {
  type Given,
  isCancelled,
  isGiven,
  overRedemptions,
  type Redemption,
} from './over-redemptions.js'

const DAY_MS = 86_400_000

/** What holds for calls that come again: with the same id something is given once, and taken back once. */
export const onceChecks: readonly Check<ChannelSession>[] = [
  {
    name: 'fulfil-twice-gives-once',
    means: {
      en: 'fulfil called again with the same redemption gives nothing more, and the same receipt',
      zh: '以同一兑换再次兑付不再给出任何东西，凭据相同',
    },
    find: (session) =>
      overRedemptions(session, async (it, { now }) => {
        const first = await it.fulfil()
        if (!isGiven(first)) return undefined
        const before = await it.traces()
        // The server may ask again much later.
        const fault = findDifference(first, await it.fulfil({ now: now + DAY_MS }))
        if (fault) return fault
        return findGrowth(before, await it.traces(), 'asked again')
      }),
  },
  {
    name: 'fulfil-at-once-gives-once',
    means: {
      en: 'two calls of fulfil at the same moment give one thing, and the same receipt',
      zh: '同一兑换同时兑付两次只给出一份，凭据相同',
    },
    find: (session) =>
      overRedemptions(session, async (it) => {
        const [one, other] = await Promise.all([it.fulfil(), it.fulfil()])
        const known = [one, other].find(isGiven)
        if (!known) return undefined
        const fault =
          (isGiven(one) && isGiven(other) ? findDifference(one, other) : undefined) ??
          findDifference(known, await it.fulfil())
        if (fault) return fault
        const given = await it.given()
        return given === undefined || given === 1 ? undefined : `asked twice, it gave ${given}`
      }),
  },
  {
    name: 'an-aborted-call-is-unknown',
    means: {
      en: 'with a signal that is aborted already fulfil answers `unknown`, and gives one thing later',
      zh: '信号已中止时兑付返回 `unknown`，之后再兑付只给出一份',
    },
    find: (session) =>
      overRedemptions(session, async (it) => {
        if (!isGiven(await it.another().fulfil())) return undefined
        const early = await it.fulfil({ signal: AbortSignal.abort() })
        if (early.outcome === 'answered' && early.answer?.outcome !== 'unknown') {
          return `out of time before it began, it answered ${early.answer?.outcome}`
        }
        const later = await it.fulfil()
        if (!isGiven(later)) return 'after a call that was out of time it gives nothing'
        const given = await it.given()
        if (given !== undefined && given !== 1) return `after a call out of time it gave ${given}`
        return findDifference(later, await it.fulfil())
      }),
  },
  {
    name: 'cancel-twice-cancels-once',
    means: {
      en: 'cancel called again takes nothing back that was taken back, and answers the same',
      zh: '再次撤销不会重复收回，结果相同',
    },
    find: (session) =>
      overRedemptions(session, async (it, { now }) => {
        if (!it.canCancel(await it.fulfil())) return undefined
        const first = await it.cancel()
        if (!isCancelled(first)) return undefined
        const before = await it.traces()
        // The server may ask again much later.
        const second = await it.cancel({ now: now + DAY_MS })
        if (!isCancelled(second)) return 'cancelled already, it does not say so when asked again'
        return findGrowth(before, await it.traces(), 'cancelled again')
      }),
  },
  {
    name: 'nothing-is-given-after-cancel',
    means: {
      en: 'what was cancelled is not given any more, also where cancel came first',
      zh: '撤销后不再兑付，即使撤销先于兑付到达',
    },
    find: (session) =>
      overRedemptions(session, async (it) => {
        if (!it.canCancel(await it.fulfil())) return undefined
        const late = it.another()
        if (isCancelled(await it.cancel()) && isGiven(await it.fulfil())) {
          return 'cancelled, it is given again'
        }
        if (isCancelled(await late.cancel()) && isGiven(await late.fulfil())) {
          return 'cancelled before it was given, it is given afterwards'
        }
        const left = (await it.given()) ?? 0
        return left === 0 ? undefined : `cancelled, ${left} of it are still given`
      }),
  },
]

/** What differs between what was given and what it is said to be when it is asked for again. */
export function findDifference(first: Given, again: Effect): string | undefined {
  if (again.outcome === 'hung' || again.outcome === 'threw')
    return 'asked again, it does not answer'
  if (!isGiven(again)) return `asked again, it answered ${again.answer?.outcome}`
  const [one, other] = [first.answer, again.answer]
  if (!isDeepStrictEqual(one.receipt, other.receipt)) {
    return `asked again, it gave another receipt: ${show(one.receipt)}, then ${show(other.receipt)}`
  }
  return isDeepStrictEqual(one.award, other.award)
    ? undefined
    : 'asked again, it made another award'
}

type Traces = Awaited<ReturnType<Redemption['traces']>>

function findGrowth(before: Traces, after: Traces, when: string): string | undefined {
  if (after.rows !== before.rows) {
    return `${when}, it made ${after.rows} rows of ${before.rows}`
  }
  return after.given === before.given
    ? undefined
    : `${when}, it has given ${after.given} instead of ${before.given}`
}

function show(receipt: unknown): string {
  return (JSON.stringify(receipt) ?? String(receipt)).slice(0, 200)
}
