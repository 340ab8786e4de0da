import { type Refusal, refuse } from '@pointwell/ledger'
import {
  type MemberFacts,
  type PluginWatch,
  type RiskAct,
  type RiskAnswer,
  type RiskRule,
  runAssessment,
} from '@pointwell/plugin'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { countAct, type RecentActs, recentFigures } from './recent-acts.js'
import type { RiskHold } from './risk-hold.js'

const HOUR_MS = 3_600_000

/** The server's rules, in the order in which it lists them. */
export interface RiskTools {
  readonly rules: readonly RiskRule[]
  readonly watch?: PluginWatch | undefined
  /** Told which rule is asked now (null: none yet): where it does not come to an end, it is at fault. */
  readonly asking?: (rule: RiskRule | null) => void
}

export const NO_RULES: RiskTools = { rules: [] }

export interface Assessed {
  readonly act: RiskAct
  readonly member: MemberFacts
  readonly recent: RecentActs | null
  readonly policy: PolicyInForce
  /** When the server decides, epoch milliseconds. */
  readonly now: number
}

const STRICTNESS: readonly RiskAnswer['answer'][] = ['allow', 'hold', 'verify', 'refuse']

/**
 * What the rules that are enabled say of an act (K1); null: nothing. All of them are asked, so that each sees
 * what it counts; the strictest answer is theirs. Refuses RISK_REFUSED, VERIFICATION_REQUIRED (`rule`, `reason`).
 * Throws `PluginFault` for a rule that is at fault.
 */
export function assessAct(tools: RiskTools, assessed: Assessed): RiskHold | Refusal | null {
  const { act, member, recent, policy, now } = assessed
  const { document, calendar } = policy
  const rules = enabledRules(tools.rules, policy)
  if (rules.length === 0) return null
  const figures = recentFigures(recent, { now, joinedAt: member.joinedAt })
  let strictest: { readonly rule: RiskRule; readonly answer: RiskAnswer } | null = null
  for (const rule of rules) {
    tools.asking?.(rule)
    const answer = runAssessment(
      rule,
      {
        act,
        member,
        recent: figures,
        settings: document.rules[rule.id]?.settings,
        calendar,
        now,
        currency: document.programme.currency,
      },
      tools.watch && { watch: tools.watch },
    )
    if (rank(answer) > (strictest ? rank(strictest.answer) : 0)) strictest = { rule, answer }
  }
  if (!strictest || strictest.answer.answer === 'allow') return null
  const { rule, answer } = strictest
  const { reason } = answer as Exclude<RiskAnswer, { answer: 'allow' }>
  if (answer.answer === 'hold') {
    return { rule: rule.id, reason, until: now + document.risk.holdHours * HOUR_MS }
  }
  const code = answer.answer === 'refuse' ? 'RISK_REFUSED' : 'VERIFICATION_REQUIRED'
  return refuseFor(code, rule, reason)
}

/** What cannot wait is refused where a rule would hold it. */
export function heldRefusal({ rules }: RiskTools, { rule, reason }: RiskHold): Refusal {
  return refuseFor('RISK_HELD', rules.find(({ id }) => id === rule)!, reason)
}

/** What a member reads are the rule's own words. */
function refuseFor(code: string, { id, words = {} }: RiskRule, reason: string): Refusal {
  const message = words[reason]
  return refuse(code, { rule: id, reason, ...(message && { message }) })
}

/** What the member did of late, with one act more; null where no rule is enabled that could ask. */
export function recentAfter(
  { rules }: Pick<RiskTools, 'rules'>,
  { act: { kind, points }, recent, policy, now }: Omit<Assessed, 'member'>,
): RecentActs | null {
  const isAsked = enabledRules(rules, policy).length > 0
  return isAsked ? countAct(recent, { kind, points, now }) : null
}

function enabledRules(
  rules: readonly RiskRule[],
  { document }: PolicyInForce,
): readonly RiskRule[] {
  return rules.filter(({ id }) => document.rules[id]?.enabled)
}

function rank({ answer }: RiskAnswer): number {
  return STRICTNESS.indexOf(answer)
}
