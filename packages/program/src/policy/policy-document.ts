import type { EarnSource, RedemptionChannel } from '@pointwell/plugin'
import { z } from 'zod'
import { activitySection } from '../activity/activity-section.js'
import { badgesSection } from '../badge/badges-section.js'
import { budgetsSection } from '../budget/budget-section.js'
import { campaignsSection } from '../campaign/campaign-section.js'
import { expirySection } from '../expiry/expiry-section.js'
import { jobsSection } from '../jobs/jobs-section.js'
import { membershipSection } from '../membership/membership-section.js'
import { pointValueSection } from '../point-value/point-value-section.js'
import { remindersSection } from '../reminder/reminders-section.js'
import { renewalSection } from '../renewal/renewal-section.js'
import { segmentsSection } from '../segment/segments-section.js'
import { staffSection } from '../staff/staff-section.js'
import { transfersSection } from '../transfer/transfers-section.js'
import { defaultKindOf } from './default-policy.js'
import * as sections from './policy-sections.js'
import { word } from './word.js'

/** The plugins whose settings are a part of the policy. */
export interface PolicyPlugins {
  readonly sources: readonly EarnSource[]
  readonly channels: readonly RedemptionChannel[]
}

const core = z.strictObject({
  programme: sections.programmeSection,
  events: sections.eventsSection,
  kinds: sections.kindsSection,
  tiers: sections.tiersSection,
  caps: sections.capsSection,
  adjustments: sections.adjustmentsSection,
  returns: sections.returnsSection,
  reinstate: sections.reinstateSection,
  campaigns: campaignsSection,
  budgets: budgetsSection,
  identities: sections.identitiesSection,
  activity: activitySection,
  expiry: expirySection,
  renewal: renewalSection,
  membership: membershipSection,
  staff: staffSection,
  transfers: transfersSection,
  pricing: sections.pricingSection,
  pointValue: pointValueSection,
  reminders: remindersSection,
  quotes: sections.quotesSection,
  redemption: sections.redemptionSection,
  jobs: jobsSection,
  segments: segmentsSection,
  badges: badgesSection,
})

/**
 * Everything an operator can set (E1), whole: rates, caps, terms and thresholds. Every section has
 * defaults, so that `{}` is a programme. Plugins' settings are checked by the plugins' schemas.
 */
export type PolicyDocument = z.output<typeof core> & {
  readonly sources: Readonly<Record<string, SourcePolicy>>
  readonly channels: Readonly<Record<string, ChannelPolicy>>
}

export interface SourcePolicy {
  /** The points kind of its grants, unless a grant names another. */
  readonly kind: string
  readonly settings: unknown
}

export interface ChannelPolicy {
  readonly settings: unknown
}

export type TierLevel = PolicyDocument['tiers']['levels'][number]
export type Campaign = PolicyDocument['campaigns'][number]
export type Cap = NonNullable<PolicyDocument['caps']['pointsPerDay']>

/** The shape of the document for a server with these plugins; its own output is valid input. What
 * sections say of each other is `checkReferences`'s. */
export function policySchema({ sources, channels }: PolicyPlugins) {
  return core.extend({
    sources: settingsOf(sources, ({ id, settings }) =>
      z.strictObject({ kind: word().default(defaultKindOf(id)), settings: settings.prefault({}) }),
    ),
    channels: settingsOf(channels, ({ settings }) =>
      z.strictObject({ settings: settings.prefault({}) }),
    ),
  })
}

/** The document as JSON Schema, for forms (G2). References between sections are not in it. */
export function policyJsonSchema(plugins: PolicyPlugins): unknown {
  return z.toJSONSchema(policySchema(plugins), { io: 'input', unrepresentable: 'any' })
}

function settingsOf<P extends { readonly id: string }>(
  plugins: readonly P[],
  schema: (plugin: P) => z.ZodType,
) {
  const shape = plugins.map((plugin) => [plugin.id, schema(plugin).prefault({})] as const)
  return z.strictObject(Object.fromEntries(shape)).prefault({})
}
