import fc, { type Arbitrary } from 'fast-check'
import type { RiskAct, RiskRule } from '../../contract/plugin.js'
import { RECENT_FIGURES, type RecentFigures } from '../../contract/recent-figures.js'
import { findAssessmentFault } from '../../isolation/find-assessment-fault.js'
import { wholeArbitrary } from '../arbitrary/number-arbitraries.js'
import { type DecisionCase, decisionCases, decisionContext } from '../decision/decision-case.js'
import { type Operation, runOperation } from '../decision/operation.js'
import { pureChecks } from '../decision/pure-checks.js'
import { everyPluginChecks } from '../every-plugin/every-plugin-checks.js'
import { findCase } from '../run/find-case.js'
import type { Check } from '../run/finding.js'
import type { KitOptions } from '../run/kit-options.js'
import type { Session } from '../run/session.js'

/** What no schema tells of acts that a risk rule is asked about. */
export interface RiskRuleOptions extends KitOptions {
  /** Events and orders that it is asked about, by the plugin they are of; absent: any JSON. */
  readonly acts?: Arbitrary<{ readonly plugin: string; readonly event: unknown }>
  /** What it may have been told of late; absent: any counts. */
  readonly recent?: Arbitrary<RecentFigures>
}

export type RiskSession = Session<RiskRule, RiskRuleOptions>

interface RiskCase extends DecisionCase {
  readonly act: RiskAct
  readonly recent: RecentFigures
}

function riskCases(session: RiskSession): Arbitrary<RiskCase> {
  const { acts, recent } = session.options
  const anything = fc.record({
    plugin: fc.constantFrom('purchase', 'check-in', 'coupon', 'constructor'),
    // Stryker disable next-line ObjectLiteral: how deep is a matter of time
    event: fc.jsonValue({ maxDepth: 2 }),
  })
  const count = wholeArbitrary({ min: 0, max: 1_000_000 })
  const counts: Arbitrary<RecentFigures> = fc
    .tuple(...RECENT_FIGURES.map(() => count))
    .map((all) => Object.fromEntries(RECENT_FIGURES.map((name, at) => [name, all[at]])) as never)
  return fc
    .record({
      base: decisionCases(session),
      kind: fc.constantFrom('earn' as const, 'redeem' as const),
      points: wholeArbitrary({ min: 0, max: 1_000_000 }),
      act: acts ?? anything,
      recent: recent ?? counts,
    })
    .map(({ base, kind, points, act, ...it }) => ({
      ...base,
      ...it,
      act: { kind, points, ...act },
    }))
}

function riskOperations({ plugin }: RiskSession): readonly [Operation<RiskCase>] {
  return [
    {
      name: 'assess',
      given: (value) => [
        { ...decisionContext(value), ...structuredClone({ act: value.act, recent: value.recent }) },
      ],
      call: ([context]) => plugin.assess(context as never),
    },
  ]
}

/** All that the contract asks of a risk rule. */
export const riskRuleChecks: readonly Check<RiskSession>[] = [
  ...everyPluginChecks,
  // Stryker disable next-line ObjectLiteral: these are tried with the file that they are in
  ...pureChecks({ cases: riskCases, operations: riskOperations }),
  {
    name: 'assessment-is-well-formed',
    means: {
      en: 'it answers allow, or hold, verify or refuse with a reason that its words say',
      zh: '返回 allow，或附原因（words 中已写明）的 hold、verify、refuse',
    },
    find: (session) => {
      const [assess] = riskOperations(session)
      return findCase(session, riskCases(session), (value) => {
        const seen = runOperation(session, assess, value)
        return seen.outcome === 'answered'
          ? findAssessmentFault(session.plugin, seen.answer)
          : undefined
      })
    },
  },
]
