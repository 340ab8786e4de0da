import { minorDigits } from '@pointwell/plugin'
import Big from 'big.js'
import { checkBadges } from '../badge/check-badges.js'
import { checkExperiments } from '../experiment/check-experiments.js'
import { checkOldLots } from '../expiry/check-old-lots.js'
import { checkRenewal } from '../renewal/check-renewal.js'
import { checkSegments } from '../segment/check-segments.js'
import { checkStaff } from '../staff/check-staff.js'
import { checkTransfers } from '../transfer/check-transfers.js'
import type { PolicyDocument } from './policy-document.js'
import { unknownNames } from './unknown-names.js'

export interface PolicyFault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Sections that are faulty in themselves are left out: what speaks of them is not judged. */
type Sections = Partial<PolicyDocument>

/** What a schema cannot see: sections that speak of each other, and of the server's plugins. */
export function* checkReferences(document: Sections): Generator<PolicyFault> {
  yield* checkTiers(document)
  yield* checkKinds(document)
  yield* checkCaps(document)
  yield* checkCampaigns(document)
  yield* checkRenewal(document)
  yield* checkOldLots(document)
  yield* checkStaff(document)
  yield* checkIdentityLimits(document)
  yield* checkSegments(document)
  yield* checkBadges(document)
  yield* checkTransfers(document)
  yield* checkExperiments(document)
  const { kinds, sources, channels, rules, notifiers, adjustments } = document
  const credits = adjustments?.kind ?? null
  if (kinds && credits !== null && !Object.hasOwn(kinds, credits)) {
    yield unknown(['adjustments', 'kind'], 'kind', credits)
  }
  for (const [section, plugins] of Object.entries({ sources, channels, rules, notifiers })) {
    for (const [id, { settings }] of Object.entries(plugins ?? {})) {
      yield* checkTiersWithin(document, [section, id, 'settings'], settings)
    }
  }
  for (const [id, { kind, settings }] of Object.entries(kinds && sources ? sources : {})) {
    if (!Object.hasOwn(kinds!, kind)) yield unknown(['sources', id, 'kind'], 'kind', kind)
    yield* checkKindsWithin(kinds!, ['sources', id, 'settings'], settings)
  }
}

function* checkTiers({ tiers, programme }: Sections): Generator<PolicyFault> {
  const digits = programme ? minorDigits(programme.currency) : Infinity
  const seen = new Set<string>()
  for (const [place, level] of (tiers?.levels ?? []).entries()) {
    const path = ['tiers', 'levels', place]
    if (seen.has(level.id))
      yield { path: [...path, 'id'], message: `There are two tiers ${level.id}.` }
    seen.add(level.id)
    const at = [...path, 'threshold']
    const before = tiers?.levels[place - 1]
    if (!before && !new Big(level.threshold).eq(0)) {
      yield { path: at, message: 'The first tier is for everyone: expected 0.' }
    }
    if (before && new Big(level.threshold).lte(before.threshold)) {
      yield { path: at, message: `Expected more than ${before.threshold}, that of ${before.id}.` }
    }
    if ((level.threshold.split('.')[1]?.length ?? 0) > digits) {
      yield { path: at, message: `${programme?.currency} has ${digits} digits after the point.` }
    }
  }
}

function* checkKinds(document: Sections): Generator<PolicyFault> {
  for (const [id, kind] of Object.entries(document.kinds ?? {})) {
    yield* checkTierKeys(document, ['kinds', id, 'byTier'], kind.byTier)
    yield* checkSources(document, ['kinds', id, 'bySource'], Object.keys(kind.bySource))
  }
}

function* checkCaps(document: Sections): Generator<PolicyFault> {
  if (!document.caps) return
  const { perSource, perBehaviour } = document.caps
  for (const name of ['pointsPerDay', 'ordersPerDay', 'pointsPerOrder', 'pointsPerItem'] as const) {
    yield* checkTierKeys(document, ['caps', name, 'byTier'], document.caps[name]?.byTier ?? {})
  }
  yield* checkSources(document, ['caps', 'perSource'], Object.keys(perSource))
  for (const [source, caps] of Object.entries(perSource)) {
    yield* checkPeriodCaps(document, ['caps', 'perSource', source], caps)
  }
  yield* checkSources(document, ['caps', 'perBehaviour'], Object.keys(perBehaviour))
  for (const [source, byBehaviour] of Object.entries(perBehaviour)) {
    for (const [behaviour, caps] of Object.entries(byBehaviour)) {
      yield* checkPeriodCaps(document, ['caps', 'perBehaviour', source, behaviour], caps)
    }
  }
}

function* checkPeriodCaps(
  document: Sections,
  path: readonly (string | number)[],
  caps: PolicyDocument['caps']['perSource'][string],
): Generator<PolicyFault> {
  for (const [place, cap] of caps.entries()) {
    yield* checkTierKeys(document, [...path, place, 'byTier'], cap.byTier)
    if (caps.findIndex(({ period }) => period === cap.period) < place) {
      yield { path: [...path, place, 'period'], message: `There are two caps a ${cap.period}.` }
    }
  }
}

function* checkCampaigns(document: Sections): Generator<PolicyFault> {
  const seen = new Set<string>()
  for (const [place, campaign] of (document.campaigns ?? []).entries()) {
    const path = ['campaigns', place]
    if (seen.has(campaign.id)) {
      yield { path: [...path, 'id'], message: `There are two campaigns ${campaign.id}.` }
    }
    seen.add(campaign.id)
    const { tiers, badges, sources } = campaign
    yield* unknownNames([...path, 'tiers'], 'tier', tiers, (it) => isTier(document, it))
    if (campaign.kind !== null && document.kinds && !Object.hasOwn(document.kinds, campaign.kind)) {
      yield unknown([...path, 'kind'], 'kind', campaign.kind)
    }
    yield* unknownNames([...path, 'badges'], 'badge', badges, (it) => isBadge(document, it))
    yield* unknownNames([...path, 'sources'], 'source', sources, (it) => isSource(document, it))
  }
}

function* checkIdentityLimits({ identities }: Sections): Generator<PolicyFault> {
  for (const kind of Object.keys(identities?.earningLimits ?? {})) {
    if (Object.hasOwn(identities!.limits, kind)) continue
    yield unknown(['identities', 'earningLimits', kind], 'kind of linked identities', kind)
  }
}

function* checkTierKeys(
  document: Sections,
  path: readonly (string | number)[],
  byTier: object,
): Generator<PolicyFault> {
  for (const tier of Object.keys(byTier)) {
    if (!isTier(document, tier)) yield unknown([...path, tier], 'tier', tier)
  }
}

/** Whatever a plugin calls `byTier` in its settings is by the programme's tiers. */
function* checkTiersWithin(
  document: Sections,
  path: readonly (string | number)[],
  value: unknown,
): Generator<PolicyFault> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key]
    if (key === 'byTier' && typeof inner === 'object' && inner !== null) {
      yield* checkTierKeys(document, at, inner)
    }
    yield* checkTiersWithin(document, at, inner)
  }
}

/** Whatever text a source calls `kind` in its settings is a points kind of the programme. */
function* checkKindsWithin(
  kinds: PolicyDocument['kinds'],
  path: readonly (string | number)[],
  value: unknown,
): Generator<PolicyFault> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key]
    if (key === 'kind' && typeof inner === 'string' && !Object.hasOwn(kinds, inner)) {
      yield unknown(at, 'kind', inner)
    }
    yield* checkKindsWithin(kinds, at, inner)
  }
}

function* checkSources(
  document: Sections,
  path: readonly (string | number)[],
  sources: readonly string[],
): Generator<PolicyFault> {
  for (const source of sources) {
    if (!isSource(document, source)) yield unknown([...path, source], 'source', source)
  }
}

function isTier(document: Sections, id: string): boolean {
  return document.tiers?.levels.some((level) => level.id === id) ?? true
}

function isBadge(document: Sections, id: string): boolean {
  return document.badges?.some((badge) => badge.id === id) ?? true
}

function isSource(document: Sections, id: string): boolean {
  return document.sources === undefined || Object.hasOwn(document.sources, id)
}

function unknown(path: readonly (string | number)[], what: string, id: string): PolicyFault {
  return { path, message: `There is no ${what} ${id}.` }
}
