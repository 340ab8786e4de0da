import type { EarnSource, Notifier, RedemptionChannel, RiskRule } from '@pointwell/plugin'
import { z } from 'zod'
import { activitySection } from '../activity/activity-section.js'
import { badgesSection } from '../badge/badges-section.js'
import { budgetsSection } from '../budget/budget-section.js'
import { campaignsSection } from '../campaign/campaign-section.js'
import { checkoutSection } from '../checkout/checkout-section.js'
import { experimentsSection } from '../experiment/experiments-section.js'
import { expirySection } from '../expiry/expiry-section.js'
import { jobsSection } from '../jobs/jobs-section.js'
import { membershipSection } from '../membership/membership-section.js'
import { pricingSection } from '../offer/pricing-section.js'
import { playbookSection } from '../playbook/playbook-section.js'
import { pointValueSection } from '../point-value/point-value-section.js'
import { remindersSection } from '../reminder/reminders-section.js'
import { renewalSection } from '../renewal/renewal-section.js'
import { riskSection } from '../risk/risk-section.js'
import { segmentsSection } from '../segment/segments-section.js'
import { staffSection } from '../staff/staff-section.js'
import { surveySection } from '../survey/survey-section.js'
import { transfersSection } from '../transfer/transfers-section.js'
import { defaultKindOf } from './default-policy.js'
import * as sections from './policy-sections.js'
import { word } from './word.js'

/** The plugins whose settings are a part of the policy. */
export interface PolicyPlugins {
  readonly sources: readonly EarnSource[]
  readonly channels: readonly RedemptionChannel[]
  readonly rules?: readonly RiskRule[]
  readonly notifiers?: readonly Notifier[]
}

/** Of every notifier unless its policy says otherwise, and of one that is not installed any more. */
export const GIVE_UP_HOURS = 72

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
  pricing: pricingSection,
  checkout: checkoutSection,
  pointValue: pointValueSection,
  reminders: remindersSection,
  quotes: sections.quotesSection,
  redemption: sections.redemptionSection,
  risk: riskSection,
  survey: surveySection,
  playbook: playbookSection,
  experiments: experimentsSection,
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
  readonly rules: Readonly<Record<string, RulePolicy>>
  readonly notifiers: Readonly<Record<string, NotifierPolicy>>
}

export interface SourcePolicy {
  /** The points kind of its grants, unless a grant names another. */
  readonly kind: string
  readonly settings: unknown
}

export interface ChannelPolicy {
  readonly settings: unknown
}

export interface RulePolicy {
  /** Whether it is asked. */
  readonly enabled: boolean
  readonly settings: unknown
}

export interface NotifierPolicy {
  /** False: it is told of nothing new, and what waits is not tried. */
  readonly enabled: boolean
  /** A message that could not be delivered for so long is given up, hours. */
  readonly giveUpAfterHours: number
  readonly settings: unknown
}

export type TierLevel = PolicyDocument['tiers']['levels'][number]
export type Campaign = PolicyDocument['campaigns'][number]
export type Cap = NonNullable<PolicyDocument['caps']['pointsPerDay']>

/** The shape of the document for a server with these plugins; its own output is valid input. What
 * sections say of each other is `checkReferences`'s. */
export function policySchema({ sources, channels, rules = [], notifiers = [] }: PolicyPlugins) {
  return core.extend({
    sources: settingsOf(sources, sourceSection),
    channels: settingsOf(channels, channelSection),
    rules: settingsOf(rules, ruleSection),
    notifiers: settingsOf(notifiers, notifierSection),
  })
}

/**
 * The document as JSON Schema, for forms (G2). References between sections are not in it. Put together of
 * parts that are each made once: what zod makes of the whole takes a third of a server's start.
 */
export function policyJsonSchema({
  sources,
  channels,
  rules = [],
  notifiers = [],
}: PolicyPlugins): unknown {
  const { properties, ...document } = shapeOf(core, () => core)
  return {
    ...document,
    properties: {
      ...(properties as object),
      sources: shapesOf(sources, sourceSection),
      channels: shapesOf(channels, channelSection),
      rules: shapesOf(rules, ruleSection),
      notifiers: shapesOf(notifiers, notifierSection),
    },
  }
}

function sourceSection({ id, settings }: EarnSource): z.ZodType {
  return z
    .strictObject({ kind: word().default(defaultKindOf(id)), settings: settings.prefault({}) })
    .prefault({})
}

function channelSection({ settings }: RedemptionChannel): z.ZodType {
  return z.strictObject({ settings: settings.prefault({}) }).prefault({})
}

function ruleSection({ settings }: RiskRule): z.ZodType {
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether it is asked about anything.'),
      settings: settings.prefault({}),
    })
    .prefault({})
}

function notifierSection({ settings }: Notifier): z.ZodType {
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      giveUpAfterHours: z.int().min(1).max(720).default(GIVE_UP_HOURS),
      settings: settings.prefault({}),
    })
    .prefault({})
}

function settingsOf<P extends { readonly id: string }>(
  plugins: readonly P[],
  section: (plugin: P) => z.ZodType,
) {
  const shape = plugins.map((plugin) => [plugin.id, section(plugin)] as const)
  return z.strictObject(Object.fromEntries(shape)).prefault({})
}

type Shape = Readonly<Record<string, unknown>>

/** By the plugin that they are of, or the document's core. */
const shapes = new WeakMap<object, Shape>()

function shapeOf<P extends object>(of: P, schema: (of: P) => z.ZodType): Shape {
  let shape = shapes.get(of)
  if (!shape) {
    shape = z.toJSONSchema(schema(of), { io: 'input', unrepresentable: 'any' }) as Shape
    shapes.set(of, shape)
  }
  return shape
}

function shapesOf<P extends { readonly id: string }>(
  plugins: readonly P[],
  section: (plugin: P) => z.ZodType,
): Shape {
  const properties = plugins.map((plugin) => {
    const { $schema, ...shape } = shapeOf(plugin, section)
    return [plugin.id, shape] as const
  })
  return {
    default: {},
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}
