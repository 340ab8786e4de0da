import type { EarnSource, Notifier, RedemptionChannel, RiskRule } from '../contract/plugin.js'
import type { EarnSession } from './earn-source/earn-case.js'
import type { EarnSourceOptions } from './earn-source/earn-options.js'
import { earnSourceChecks } from './earn-source/earn-source-checks.js'
import { type NotifierOptions, notifierChecks } from './notifier/notifier-checks.js'
import type { RedemptionChannelOptions } from './redemption-channel/channel-options.js'
import { redemptionChannelChecks } from './redemption-channel/redemption-channel-checks.js'
import { type RiskRuleOptions, riskRuleChecks } from './risk-rule/risk-rule-checks.js'
import type { CheckFacts, Finding } from './run/finding.js'
import { registerSuite, type TestRunner } from './run/register-suite.js'
import { runChecks } from './run/run-checks.js'
import { openSession } from './run/session.js'

/*
 * The conformance kit (G5): one call runs the contract's whole suite against a plugin. `test…` registers a
 * test for each check, `check…` answers with what is wrong; both run the very same checks.
 */

/** All checks by kind of plugin, in the order in which they run. */
export const CHECKS: Readonly<
  Record<'earn-source' | 'redemption-channel' | 'risk-rule' | 'notifier', readonly CheckFacts[]>
> = {
  'earn-source': earnSourceChecks.map(factsOf),
  'redemption-channel': redemptionChannelChecks.map(factsOf),
  'risk-rule': riskRuleChecks.map(factsOf),
  notifier: notifierChecks.map(factsOf),
}

/** Registers the suite of an earn source. `runner`: vitest unless told. */
export function testEarnSource<Event, Return>(
  source: EarnSourceOf<Event, Return>,
  options: EarnSourceOptions<Event, Return> = {},
  runner?: TestRunner,
): void {
  registerSuite({ session: earnSession(source, options), checks: earnSourceChecks }, runner)
}

/** What is wrong with an earn source; empty: nothing that the kit can see. */
export function checkEarnSource<Event, Return>(
  source: EarnSourceOf<Event, Return>,
  options: EarnSourceOptions<Event, Return> = {},
): Promise<Finding[]> {
  return runChecks(earnSourceChecks, earnSession(source, options))
}

/** Registers the suite of a redemption channel. */
export function testRedemptionChannel(
  channel: RedemptionChannel,
  options: RedemptionChannelOptions = {},
  runner?: TestRunner,
): void {
  const session = openSession(channel, options)
  registerSuite({ session, checks: redemptionChannelChecks }, runner)
}

/** What is wrong with a redemption channel. */
export function checkRedemptionChannel(
  channel: RedemptionChannel,
  options: RedemptionChannelOptions = {},
): Promise<Finding[]> {
  return runChecks(redemptionChannelChecks, openSession(channel, options))
}

/** Registers the suite of a risk rule. */
export function testRiskRule(
  rule: RiskRule,
  options: RiskRuleOptions = {},
  runner?: TestRunner,
): void {
  registerSuite({ session: openSession(rule, options), checks: riskRuleChecks }, runner)
}

/** What is wrong with a risk rule. */
export function checkRiskRule(rule: RiskRule, options: RiskRuleOptions = {}): Promise<Finding[]> {
  return runChecks(riskRuleChecks, openSession(rule, options))
}

/** Registers the suite of a notifier. */
export function testNotifier(
  notifier: Notifier,
  options: NotifierOptions = {},
  runner?: TestRunner,
): void {
  registerSuite({ session: openSession(notifier, options), checks: notifierChecks }, runner)
}

/** What is wrong with a notifier. */
export function checkNotifier(
  notifier: Notifier,
  options: NotifierOptions = {},
): Promise<Finding[]> {
  return runChecks(notifierChecks, openSession(notifier, options))
}

/** A source, as far as its options go by its types. */
type EarnSourceOf<Event, Return> = Omit<EarnSource, 'returns' | 'once'> & {
  once(
    context: { readonly event: Event } & Omit<Parameters<EarnSource['once']>[0], 'event'>,
  ): string
  readonly returns?: { key(taken: Return): string }
}

function earnSession<Event, Return>(
  source: EarnSourceOf<Event, Return>,
  options: EarnSourceOptions<Event, Return>,
): EarnSession {
  return openSession(
    source as unknown as EarnSource,
    options as unknown as EarnSourceOptions<never, never>,
  )
}

function factsOf({ name, means }: CheckFacts): CheckFacts {
  return { name, means }
}
