import { ask } from '../clients/ask.js'
import type { Tokens } from '../clients/tokens.js'
import type { PartnerHouse } from './partner-house.js'

const both = (text: string) => ({ en: text, zh: text })

export interface ChaosOffer {
  readonly id: string
  readonly channel: string
  readonly points: number
  readonly cashValue?: string
  readonly stock?: { readonly total?: number; readonly perDay?: number }
  /** For ever, a member. */
  readonly limit?: number
  /** Half of its price at most can be paid in money. */
  readonly withCash?: boolean
  /** Not to be had yet. */
  readonly isDown?: boolean
  readonly details: object
  /** Of an offer of codes: how many there are. */
  readonly pool?: number
}

const coupon = { channel: 'coupon', details: { type: 'direct-deduction', offMinor: 100 } }

/** What can be had: little of some, so that many want the last one. */
export const COUPONS: readonly ChaosOffer[] = [
  { ...coupon, id: 'few', points: 5, stock: { total: 25 } },
  { ...coupon, id: 'day', points: 4, stock: { perDay: 60 } },
  { ...coupon, id: 'twice', points: 3, limit: 2 },
  { ...coupon, id: 'plain', points: 2 },
  // More than half of what most have: two tabs cannot both have it.
  { ...coupon, id: 'dear', points: 150 },
  // Gone at once, so that somebody misses out also in a short run.
  { ...coupon, id: 'rare', points: 5, stock: { total: 2 } },
]

/** Put up by a playbook beside what ran out. */
export const IN_STORE: ChaosOffer = { ...coupon, id: 'in-store', points: 2, isDown: true }

/** What playbooks may give in a period, and what of it they must leave. */
export const PLAYBOOK_BUDGET = { period: 'year', points: 400 } as const
export const PLAYBOOK_RESERVE = '0.2'

const PARTNER = 'cinema'
/** Codes in each pool: less than are wanted, and the pool knows no stock. */
const POOL = 12
export const STAKE_ROUND = 'final'
/** When stakes are no longer taken, after the start of the run. */
const STAKES_CLOSE_MS = 30 * 60_000
export const OUTCOMES = ['home', 'away'] as const
export const OPTIONS = ['red', 'blue', 'green'] as const

const ofPartner = (gives: object) => ({
  channel: 'partner',
  details: { partner: PARTNER, costMinor: 300, gives },
})

/** One of each channel and kind besides coupons. */
export const OTHERS: readonly ChaosOffer[] = [
  {
    id: 'mug',
    channel: 'goods',
    points: 6,
    stock: { total: 40 },
    details: { type: 'physical', returnable: true },
  },
  {
    id: 'part-cash',
    channel: 'goods',
    points: 10,
    cashValue: '10.00 CNY',
    withCash: true,
    details: { type: 'physical', returnable: true },
  },
  {
    id: 'gift-code',
    channel: 'goods',
    points: 3,
    details: { type: 'virtual', gives: { kind: 'code' } },
  },
  {
    id: 'top-up',
    channel: 'goods',
    points: 3,
    details: { type: 'virtual', gives: { kind: 'top-up' } },
  },
  { ...ofPartner({ source: 'api', product: 'seat' }), id: 'seat', points: 4 },
  {
    ...ofPartner({ source: 'api', product: 'box' }),
    id: 'box-cash',
    points: 8,
    cashValue: '8.00 CNY',
    withCash: true,
  },
  { ...ofPartner({ source: 'pool', returnable: true }), id: 'popcorn', points: 3 },
  {
    id: 'leaf',
    channel: 'game',
    points: 2,
    details: {
      type: 'draw',
      // Nobody loses, so that a short run has won something; a guess is lost often enough.
      chance: '1',
      prizes: [
        { id: 'small', title: both('small'), points: 3, weight: 8 },
        { id: 'big', title: both('big'), points: 20, weight: 1, stock: 3 },
        { id: 'cup', title: both('cup'), item: true, costMinor: 500, weight: 3, stock: 4 },
      ],
      budget: { points: 400, costMinor: 2_000 },
    },
  },
  {
    id: 'which',
    channel: 'game',
    points: 2,
    details: {
      type: 'guess',
      options: OPTIONS.map((id) => ({ id, title: both(id) })),
      points: 5,
      budget: 200,
    },
  },
  { id: 'life', channel: 'game', points: 1, details: { type: 'revive' } },
  { id: 'bet', channel: 'game', points: 3, details: { type: 'stake', rake: '0.1' } },
]

/**
 * One point a yuan whatever happens, so that the auditor knows what an order earns without asking
 * anybody; and a channel that counts as unknown after two seconds, so that a hold that lost its server
 * is taken up after fourteen (`redemption.timeoutSeconds`).
 */
const POLICY = {
  tiers: { levels: [{ id: 'regular', title: both('Regular'), threshold: '0' }] },
  redemption: {
    timeoutSeconds: 2,
    retryFirstSeconds: 1,
    retryFactor: 1,
    retryLongestSeconds: 1,
    paymentMinutes: 1,
  },
  checkout: { pointsPerMajor: '1', mostShare: '0.5', leastPoints: 3, holdMinutes: 1 },
  channels: { partner: { settings: { requestSeconds: 1 } } },
  playbook: { budget: PLAYBOOK_BUDGET, reserveShare: PLAYBOOK_RESERVE },
}

const PATIENT = {
  ...POLICY,
  redemption: { ...POLICY.redemption, timeoutSeconds: 25 },
  channels: { partner: { settings: { requestSeconds: 4 } } },
}

export interface ProgrammeTerms {
  readonly tokens: Tokens
  readonly members: readonly string[]
  readonly partner: Pick<PartnerHouse, 'url' | 'secretName'>
  /** What the servers take for now, epoch milliseconds. */
  readonly now: number
  /** Offers and partners besides those of every run. */
  readonly offers?: readonly ChaosOffer[]
  readonly partners?: readonly string[]
  /** Whether channels have more time than a server takes to be killed. */
  readonly isPatient?: boolean
}

/** Makes the programme and its members on a server that nobody kills yet. */
export async function makeProgramme(url: string, terms: ProgrammeTerms): Promise<void> {
  const { tokens, members, partner, now, offers = [], partners = [], isPatient = false } = terms
  const { operator, storefront } = tokens
  await mustOn(url, operator, 'updatePolicy', 'UpdatePolicyInput!', {
    document: isPatient ? PATIENT : POLICY,
  })
  for (const id of [PARTNER, ...partners]) {
    await mustOn(url, operator, 'createPartner', 'CreatePartnerInput!', {
      id,
      title: both(id),
      terms: 'POSTPAID',
      currency: 'CNY',
      creditLimit: '100000.00 CNY',
      apiUrl: partner.url,
      secretName: partner.secretName,
    })
  }
  for (const offer of [...COUPONS, IN_STORE, ...OTHERS, ...offers])
    await makeOffer(url, operator, offer)
  await mustOn(url, operator, 'openStake', 'OpenStakeInput!', {
    id: STAKE_ROUND,
    offerId: 'bet',
    reason: 'the final',
    title: both(STAKE_ROUND),
    closesAt: new Date(now + STAKES_CLOSE_MS).toISOString(),
    outcomes: OUTCOMES.map((id) => ({ id, title: both(id) })),
  })
  await mustOn(
    url,
    storefront,
    'registerMembers',
    '[RegisterMemberInput!]!',
    members.map((id) => ({ id })),
  )
}

async function makeOffer(url: string, token: string, offer: ChaosOffer): Promise<void> {
  const {
    id,
    channel,
    points,
    cashValue = '1.00 CNY',
    stock,
    limit,
    withCash,
    isDown,
    details,
  } = offer
  await mustOn(url, token, 'createOffer', 'CreateOfferInput!', {
    id,
    channel,
    title: both(id),
    cashValue,
    price: { byHand: points },
    details,
    ...(stock && { stock }),
    ...(limit !== undefined && { limitPerMember: { count: limit, period: 'LIFETIME' } }),
    ...(isDown && { active: false }),
    ...(withCash && { pointsAndCash: { leastPointsShare: '0.5', mostPointsShare: '1' } }),
  })
  const pool = findPool(offer)
  if (!pool || offer.pool === 0) return
  const codes = Array.from({ length: offer.pool ?? POOL }, (_, place) => `${id}-${place + 1}`)
  const document = `mutation ($codes: [String!]!) { result: ${pool}(offerId: "${id}", codes: $codes) {
    __typename ... on Refusal { code field detail } } }`
  await must(url, { token, document, variables: { codes } })
}

/** What fills its pool; null: it has none. */
function findPool({ channel, details }: ChaosOffer): string | null {
  const { kind, source } = (details as { gives?: { kind?: string; source?: string } }).gives ?? {}
  if (channel === 'goods') return kind === 'code' ? 'importGoodsCodes' : null
  return source === 'pool' ? 'importPartnerCodes' : null
}

/** A mutation with one argument, `input`. */
export function mustOn(
  url: string,
  token: string,
  name: string,
  type: string,
  input: unknown,
): Promise<void> {
  const document = `mutation ($input: ${type}) { result: ${name}(input: $input) {
    __typename ... on Refusal { code field detail }
    ${name === 'updatePolicy' ? '... on PolicyInvalid { faults { path message } }' : ''} } }`
  return must(url, { token, document, variables: { input } })
}

async function must(
  url: string,
  request: { token: string; document: string; variables: Record<string, unknown> },
): Promise<void> {
  const asked = await ask(url, { ...request, timeoutMs: 60_000 })
  const results = 'data' in asked ? [asked.data.result].flat() : []
  for (const result of results.length > 0 ? results : [asked]) {
    const { __typename } = result as { __typename?: string }
    if (__typename === undefined || /Refusal|Invalid/.test(__typename)) {
      throw new Error(`The programme cannot be made: ${JSON.stringify(result)}`)
    }
  }
}
