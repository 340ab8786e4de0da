import { isRefusal, type Refusal, refuse } from '@pointwell/ledger'
import type { PluginWatch, RedemptionChannel } from '@pointwell/plugin'
import type { z } from 'zod'
import type { Experiment } from '../experiment/experiments-section.js'
import { parseInput } from '../input/parse-input.js'
import { readPluginInput } from '../input/read-plugin-input.js'
import type { PolicyDocument } from '../policy/policy-document.js'
import { unknownNames } from '../policy/unknown-names.js'
import { offerPrice } from './offer-price.js'
import { type OfferTerms, offerSchema } from './offer-terms.js'

const FIGURE_FIELDS: Readonly<Record<string, string>> = {
  cashValueMinor: 'cashValue',
  listPriceMinor: 'price.listPrice',
  largestDiscountMinor: 'price.largestDiscount',
  ratio: 'price.ratio',
  costRate: 'price.costRate',
  step: 'price.step',
  handPrice: 'price.byHand',
}

/**
 * An offer as an operator wrote it, checked by the channel's own schema, by the policy, and by the
 * price formula. Refuses INVALID_INPUT (`field`), CURRENCY_NOT_SUPPORTED, AMOUNT_TOO_LARGE.
 */
export function readOffer(
  input: unknown,
  {
    policy,
    channels,
    watch,
  }: {
    policy: PolicyDocument
    channels: ReadonlyMap<string, RedemptionChannel>
    watch?: PluginWatch | undefined
  },
):
  | { readonly value: OfferTerms & { readonly id: string }; readonly refused?: undefined }
  | Refusal {
  const parsed = parseInput(offerSchema, input)
  if (isRefusal(parsed)) return parsed
  const offer: z.output<typeof offerSchema> = parsed.value
  const channel = channels.get(offer.channel)
  if (!channel) return invalid('channel', 'There is no such channel.')

  for (const field of ['cost', 'cashValue'] as const) {
    if (offer[field] && offer[field].currency !== policy.programme.currency) return foreign(field)
  }
  for (const field of ['listPrice', 'largestDiscount'] as const) {
    const amount = offer.price[field]
    if (amount && amount.currency !== policy.programme.currency) return foreign(`price.${field}`)
  }
  const tiers = policy.tiers.levels.map(({ id }) => id)
  const [unknown] = [
    ...unknownNames(['tiers'], 'tier', offer.tiers, (it) => tiers.includes(it)),
    ...unknownNames(['segments'], 'segment', offer.segments, (it) =>
      isNamed(policy.segments.list, it),
    ),
    ...unknownNames(['badges'], 'badge', offer.badges, (it) => isNamed(policy.badges, it)),
  ]
  if (unknown) return invalid(unknown.path.join('.'), unknown.message)

  const details = readPluginInput(
    { plugin: channel, operation: 'offer', watch },
    { schema: channel.offer, input: offer.details ?? {}, within: 'details' },
  )
  if (isRefusal(details)) return details
  const wrong = checkPriceChanges(offer, tiers) ?? checkTrial(offer, policy.experiments)
  if (wrong) return wrong
  const price = offerPrice(offer, {
    pricing: policy.pricing,
    loop: channel.loop,
    tier: policy.tiers.levels[0]!,
  })
  if ('refused' in price) {
    const { field, detail, limit } = price.figures
    const where = field === undefined ? 'price' : (FIGURE_FIELDS[field] ?? field)
    if (price.code === 'AMOUNT_TOO_LARGE') {
      return refuse('AMOUNT_TOO_LARGE', { field: where, ...(limit !== undefined && { limit }) })
    }
    return invalid(where, detail ?? 'The price formula cannot work with it.')
  }
  return { value: { ...offer, details: details.value } }
}

/** What the schema cannot see of the terms that change a price (R3). */
function checkPriceChanges({ price, stock }: OfferTerms, tiers: readonly string[]): Refusal | null {
  if (price.byStock.length > 0 && stock.total === null) {
    return invalid(
      'price.byStock',
      'Expected none: there is no `stock.total` that a price could follow.',
    )
  }
  const unknown = (price.byTier ?? []).findIndex(({ tier }) => !tiers.includes(tier))
  if (unknown >= 0) return invalid(`price.byTier.${unknown}.tier`, 'The policy has no such tier.')
  if (price.floor !== null && price.byHand !== null && price.floor > price.byHand) {
    return invalid('price.floor', 'Expected at most the price set by hand.')
  }
  return null
}

/** What the schema cannot see of the terms of a trial (R3, T1). */
function checkTrial(
  { price: { byExperiment, floor }, stock }: OfferTerms,
  experiments: readonly Experiment[],
): Refusal | null {
  if (!byExperiment) return null
  const at = 'price.byExperiment'
  const known = experiments.find(({ id }) => id === byExperiment.experiment)
  if (!known) return invalid(`${at}.experiment`, 'the policy has no such experiment')
  for (const [place, { variant, byHand, byStock }] of byExperiment.variants.entries()) {
    const where = `${at}.variants.${place}`
    if (!known.variants.some(({ id }) => id === variant)) {
      return invalid(`${where}.variant`, 'the experiment has no such variant')
    }
    if (byStock && byStock.length > 0 && stock.total === null) {
      return invalid(`${where}.byStock`, 'there is no `stock.total` that a price could follow')
    }
    if (floor !== null && byHand !== null && floor > byHand) {
      return invalid(`${where}.byHand`, 'expected at least the `floor`')
    }
  }
  return null
}

function isNamed(list: readonly { readonly id: string }[], name: string): boolean {
  return list.some(({ id }) => id === name)
}

function invalid(field: string, detail: string): Refusal {
  return refuse('INVALID_INPUT', { field, detail })
}

function foreign(field: string): Refusal {
  return refuse('CURRENCY_NOT_SUPPORTED', { field })
}
