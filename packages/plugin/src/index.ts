export type { Json, JsonObject, Refusal, RefusalFigures, Step } from '@pointwell/ledger'
export { openCalendar } from './calendar/open-calendar.js'
export { auditedPool } from './code-pool/audited-pool.js'
export {
  type CodeLine,
  checkCodeLine,
  codeLineFields,
  codeLinesOf,
  type RestOfRow,
} from './code-pool/code-lines.js'
export {
  type CodeOutcome,
  fitCodes,
  importOutcomes,
  MAX_CODES,
  voidOutcomes,
} from './code-pool/code-outcomes.js'
export {
  type CodePool,
  type CodeStatus,
  codePoolOf,
  type PoolChanged,
  type PoolCounts,
  type PooledCode,
  poolCounts,
  type StatusCount,
} from './code-pool/code-pool.js'
export { writeOnce } from './code-pool/write-once.js'
export * from './contract/asked.js'
export * from './contract/earned-record.js'
export * from './contract/member-changes.js'
export * from './contract/plugin.js'
export * from './contract/plugin-file.js'
export * from './contract/plugin-job.js'
export * from './contract/recent-figures.js'
export * from './contract/redemption-status.js'
export * from './contract/request-context.js'
export * from './contract/task.js'
export type { Language, Words } from './contract/words.js'
export {
  campaignPoints,
  cutCampaigns,
  inTurn,
  withinPoints,
} from './decision/campaign-points.js'
export { checkReason } from './decision/check-reason.js'
export { COMMON_REFUSALS, type CommonRefusalCode } from './decision/common-refusals.js'
export { grant } from './decision/grant.js'
export { isRefusal, refuse } from './decision/refuse.js'
export { step } from './decision/step.js'
export { defineEarnSource, type EarnSourceDefinition } from './define/define-earn-source.js'
export { defineNotifier } from './define/define-notifier.js'
export {
  defineRedemptionChannel,
  type RedemptionChannelDefinition,
} from './define/define-redemption-channel.js'
export { defineRiskRule } from './define/define-risk-rule.js'
export type { CallOptions } from './isolation/call-plugin.js'
export { failPlugin } from './isolation/fail-plugin.js'
export { findAwardFault } from './isolation/find-award-fault.js'
export {
  PluginFault,
  type PluginFaultFacts,
  type PluginFaultReason,
  type ReportFault,
} from './isolation/plugin-fault.js'
export type { CallOutcome, PluginCall, PluginWatch } from './isolation/plugin-watch.js'
export {
  type DecisionInput,
  runAsks,
  runAssessment,
  runCheck,
  runDecision,
  runItems,
  runJoin,
  runLeadsTo,
  runOnce,
  runReaction,
  runReturn,
  runReturnKey,
  runTasks,
} from './isolation/run-decision.js'
export { type Delivery, type EffectOptions, runEffect } from './isolation/run-effect.js'
export { type FileOptions, runRead, runTake } from './isolation/run-file.js'
export {
  type MemberChangeOptions,
  runMemberChange,
  runNamedBy,
} from './isolation/run-member-change.js'
export { type PluginJobOptions, runPluginJob } from './isolation/run-plugin-job.js'
export { runSchema } from './isolation/run-schema.js'
export { CURRENCIES, currency, isCurrency, minorDigits } from './schema/currency.js'
export { type DecimalLimits, decimal, rate } from './schema/decimal.js'
export { instant } from './schema/instant.js'
export { EARLIEST_INSTANT, LATEST_INSTANT, MAX_POINTS } from './schema/limits.js'
export { localDate } from './schema/local-date.js'
export { type Money, money } from './schema/money.js'
export { points, wholeNumber } from './schema/points.js'
export { readBySchema } from './schema/read-by-schema.js'
export { type Term, termSchema } from './schema/term.js'
export { identifier, text } from './schema/text.js'
export { wordsSchema } from './schema/words-schema.js'
