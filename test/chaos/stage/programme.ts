import { ask } from '../clients/ask.js'
import type { Tokens } from '../clients/tokens.js'

const both = (text: string) => ({ en: text, zh: text })

interface ChaosOffer {
  readonly id: string
  readonly points: number
  readonly stock?: { readonly total?: number; readonly perDay?: number }
  /** For ever, a member. */
  readonly limit?: number
}

/** What can be had: little of some, so that many want the last one. */
export const OFFERS: readonly ChaosOffer[] = [
  { id: 'few', points: 5, stock: { total: 25 } },
  { id: 'day', points: 4, stock: { perDay: 60 } },
  { id: 'twice', points: 3, limit: 2 },
  { id: 'plain', points: 2 },
  // More than half of what most have: two tabs cannot both have it.
  { id: 'dear', points: 150 },
]

/**
 * One point a yuan whatever happens, so that the auditor knows what an order earns without asking
 * anybody; and a channel that counts as unknown after a second, so that a hold that lost its server
 * is taken up after twelve (`redemption.timeoutSeconds`).
 */
const POLICY = {
  tiers: { levels: [{ id: 'regular', title: both('Regular'), threshold: '0' }] },
  redemption: {
    timeoutSeconds: 1,
    retryFirstSeconds: 1,
    retryFactor: 1,
    retryLongestSeconds: 1,
  },
}

/** Makes the programme and its members on a server that nobody kills yet. */
export async function makeProgramme(
  url: string,
  { tokens, members }: { readonly tokens: Tokens; readonly members: readonly string[] },
): Promise<void> {
  const must = async (token: string, document: string, variables: Record<string, unknown>) => {
    const asked = await ask(url, { token, document, variables, timeoutMs: 60_000 })
    const results = 'data' in asked ? [asked.data.result].flat() : []
    for (const result of results.length > 0 ? results : [asked]) {
      const { __typename } = result as { __typename?: string }
      if (__typename === undefined || /Refusal|Invalid/.test(__typename)) {
        throw new Error(`The programme cannot be made: ${JSON.stringify(result)}`)
      }
    }
  }
  await must(
    tokens.operator,
    `mutation ($input: UpdatePolicyInput!) { result: updatePolicy(input: $input) {
      __typename ... on PolicyInvalid { faults { path message } } ... on Refusal { code detail } } }`,
    { input: { document: POLICY } },
  )
  for (const { id, points, stock, limit } of OFFERS) {
    await must(
      tokens.operator,
      `mutation ($input: CreateOfferInput!) { result: createOffer(input: $input) {
        __typename ... on Refusal { code field detail } } }`,
      {
        input: {
          id,
          channel: 'coupon',
          title: both(id),
          cashValue: '1.00 CNY',
          price: { byHand: points },
          details: { type: 'direct-deduction', offMinor: 100 },
          ...(stock && { stock }),
          ...(limit !== undefined && { limitPerMember: { count: limit, period: 'LIFETIME' } }),
        },
      },
    )
  }
  await must(
    tokens.storefront,
    `mutation ($input: [RegisterMemberInput!]!) { result: registerMembers(input: $input) {
      __typename ... on Refusal { code field detail } } }`,
    { input: members.map((id) => ({ id })) },
  )
}
