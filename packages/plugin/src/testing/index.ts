// The very fast-check that the kit makes cases with: arbitraries of another copy would be another's.
export { default as fc } from 'fast-check'
export { CannotMake } from './arbitrary/cannot-make.js'
export { type MakingOptions, schemaArbitrary } from './arbitrary/schema-arbitrary.js'
export {
  CHECKS,
  checkEarnSource,
  checkNotifier,
  checkRedemptionChannel,
  checkRiskRule,
  testEarnSource,
  testNotifier,
  testRedemptionChannel,
  testRiskRule,
} from './conformance.js'
export type { EarnSourceOptions } from './earn-source/earn-options.js'
export type { NotifierOptions } from './notifier/notifier-checks.js'
export type {
  InjectedFault,
  RedemptionChannelOptions,
} from './redemption-channel/channel-options.js'
export type { RiskRuleOptions } from './risk-rule/risk-rule-checks.js'
export type { CheckFacts, Finding } from './run/finding.js'
export type { KitOptions } from './run/kit-options.js'
export type { TestRunner } from './run/register-suite.js'
export { showFinding } from './run/show-finding.js'
export { type OpenedStore, openMemoryStore, type PluginTables } from './store/open-memory-store.js'
