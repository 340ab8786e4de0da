import { describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { goods, openShop, type Shop } from '../support/shop.js'

const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const DAY_MS = 86_400_000
const REVIEW = `review { orderId lineId reviewId memberId at characters photos status granted standing }`
const SUBMIT = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) {
  ... on ReviewSubmitted { points replayed ${REVIEW}
    transaction { title explanation { step title points } } wallet { balance { available } } }
  ... on Refusal { code field available needed message } } }`
const MODERATE = `mutation ($input: ModerateReviewInput!) { moderateReview(input: $input) {
  ... on ReviewModerated { points replayed ${REVIEW} wallet { balance { available } } }
  ... on Refusal { code field when } } }`
const REVIEWS = `query ($memberId: ID, $first: Int! = 20, $after: String) {
  reviews(memberId: $memberId, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { orderId lineId status standing REASON } } }`
const LINES = ['1', '2', '3'].map((id) => ({ id, quantity: 2, unitPrice: '10' }))
const LONG = '很好喝，下次还会再买。'

type Who = 'storefront' | { member: string } | { operator: 'support' | 'rules' | 'viewer' }

async function openTown(store: 'sqlite' | 'mysql', firstPolicy: object = {}) {
  const shop = await openShop(store, firstPolicy)
  await shop.register('ann', 'bob')
  const send = async (
    query: string,
    variables: Record<string, unknown>,
    { who = 'storefront', server = 0 }: { who?: Who; server?: number } = {},
  ) => {
    const chosen = shop.servers[server % 2]!
    const token =
      who === 'storefront'
        ? await chosen.token('storefront')
        : 'member' in who
          ? await chosen.token('member', { subject: who.member })
          : await chosen.token('operator', { roles: [who.operator] })
    return chosen.ask(query, { token, variables })
  }
  const ask = async (...request: Parameters<typeof send>): Promise<Data> => {
    const { data, errors } = await send(...request)
    expect(errors).toBeUndefined()
    return Object.values(data)[0] as Data
  }
  const input = (given: object) => ({
    input: { orderId: 'o1', lineId: '1', reviewId: 'r1', text: LONG, ...given },
  })
  return {
    shop,
    send,
    ask,
    submit: (given: object = {}, as?: Parameters<typeof send>[2]) =>
      ask(SUBMIT, input({ ...(as?.who ? {} : { memberId: 'ann' }), ...given }), as),
    moderate: (given: object = {}, as?: Parameters<typeof send>[2]) =>
      ask(MODERATE, { input: { orderId: 'o1', lineId: '1', reason: 'spam', ...given } }, as),
  }
}

const available = async (shop: Shop) => (await shop.balance('ann')).available

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'E5: reviews through the front door, on %s',
  (name) => {
    const store = name as 'sqlite' | 'mysql'

    it('earn 20, with photos 50, once a bought line, by members and storefronts', async () => {
      const { shop, submit } = await openTown(store)
      try {
        await shop.record(0, goods('ann', 'o1', NOON, LINES))
        const before = await available(shop)
        const first = await submit({}, { who: { member: 'ann' } })
        expect(first).toMatchObject({
          points: 20,
          replayed: false,
          review: {
            orderId: 'o1',
            lineId: '1',
            reviewId: 'r1',
            memberId: 'ann',
            at: new Date(NOON).toISOString(),
            characters: 11,
            photos: 0,
            status: 'STANDING',
            granted: 20,
            standing: 20,
          },
          transaction: {
            title: 'Review',
            explanation: [{ step: 'review', title: 'Review', points: '20' }],
          },
          wallet: { balance: { available: before + 20 } },
        })
        shop.setTime(NOON + DAY_MS)
        expect(await submit({}, { server: 1 })).toMatchObject({ replayed: true, points: 20 })
        expect(await submit({ reviewId: 'r2' })).toMatchObject({
          code: 'IDEMPOTENCY_MISMATCH',
          field: 'reviewId',
        })
        expect(await submit({ text: `${LONG}！` })).toMatchObject({
          code: 'IDEMPOTENCY_MISMATCH',
          field: 'text',
        })
        expect(await submit({ lineId: '2', reviewId: 'r2', photos: 3 })).toMatchObject({
          points: 50,
        })
        expect(await available(shop)).toBe(before + 70)
      } finally {
        await shop.close()
      }
    })

    it('are of confirmed orders of the member, of lines that stand, and long enough', async () => {
      const { shop, submit, send } = await openTown(store)
      try {
        const waiting = { confirmed: false }
        await shop.record(0, goods('ann', 'o1', NOON, LINES))
        await shop.record(0, goods('ann', 'o2', NOON, LINES, waiting))
        await shop.record(0, goods('ann', 'o3', NOON, LINES))
        await shop.record(0, goods('bob', 'o4', NOON, LINES))
        await shop.giveBack(0, 'o1', 'back', { 2: 2, 3: 1 })
        await shop.ask(0, 'cancel', { orderId: 'o3' })
        for (const [given, code, field] of [
          [{ orderId: 'gone' }, 'REVIEW_ORDER_NOT_FOUND', 'orderId'],
          [{ orderId: 'o4' }, 'REVIEW_ORDER_NOT_FOUND', 'orderId'],
          [{ orderId: 'o2' }, 'REVIEW_ORDER_NOT_CONFIRMED', 'orderId'],
          [{ orderId: 'o3' }, 'REVIEW_ORDER_CANCELLED', 'orderId'],
          [{ lineId: '9' }, 'REVIEW_LINE_NOT_FOUND', 'lineId'],
          [{ lineId: '2' }, 'REVIEW_LINE_RETURNED', 'lineId'],
          [{ text: '太短了' }, 'REVIEW_TOO_SHORT', 'text'],
          [{ photos: -1 }, 'INVALID_INPUT', 'photos'],
          [{ reviewId: 'with space' }, 'INVALID_INPUT', 'reviewId'],
          [{ memberId: 'nobody' }, 'MEMBER_NOT_FOUND', 'memberId'],
        ] as const) {
          expect(await submit(given)).toMatchObject({ code, field })
        }
        expect(await submit({ lineId: '3' })).toMatchObject({ points: 20 })
        // Whatever was refused used up no key; a member's own word about the time is not asked for.
        shop.setTime(NOON + 40 * DAY_MS)
        const late = { orderId: 'o2', at: new Date(NOON).toISOString() }
        expect(await submit(late, { who: { member: 'ann' } })).toMatchObject({
          points: 20,
          review: { at: new Date(NOON + 40 * DAY_MS).toISOString() },
        })
        const { errors } = await send(
          SUBMIT,
          { input: { memberId: 'bob', orderId: 'o1', lineId: '1', reviewId: 'r', text: LONG } },
          { who: { member: 'ann' } },
        )
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      } finally {
        await shop.close()
      }
    })

    it('lose their points once, when a moderator removes them', async () => {
      const { shop, submit, moderate, ask, send } = await openTown(store)
      try {
        await shop.record(0, goods('ann', 'o1', NOON, LINES))
        const before = await available(shop)
        await submit()
        expect(await moderate({ lineId: '2' })).toMatchObject({ code: 'REVIEW_NOT_FOUND' })
        expect(await moderate({ orderId: 'gone' })).toMatchObject({
          code: 'REVIEW_NOT_FOUND',
          field: 'orderId',
        })
        expect(await moderate({ reason: '' })).toMatchObject({
          code: 'INVALID_INPUT',
          field: 'reason',
        })
        const support = { who: { operator: 'support' } } as const
        const removed = {
          points: -20,
          review: { status: 'REMOVED', granted: 20, standing: 0 },
          wallet: { balance: { available: before } },
        }
        expect(await moderate({}, support)).toMatchObject({ ...removed, replayed: false })
        expect(await moderate({ reason: 'rude' }, { server: 1 })).toMatchObject({
          ...removed,
          replayed: true,
        })
        const { nodes: acts } = await ask(
          '{ auditEntries(first: 5) { nodes { act by reason targetId after } } }',
          {},
          support,
        )
        expect(acts).toMatchObject([
          { act: 'moderateReview', reason: 'spam', targetId: 'ann', after: { source: 'review' } },
        ])
        // The line has had its review.
        expect(await submit()).toMatchObject({ replayed: true, points: 20 })
        expect(await submit({ reviewId: 'r2' })).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
        expect(await available(shop)).toBe(before)

        const withReason = REVIEWS.replace('REASON', 'removedBecause')
        const { nodes } = await ask(withReason, { memberId: 'ann' }, support)
        expect(nodes).toEqual([
          { orderId: 'o1', lineId: '1', status: 'REMOVED', standing: 0, removedBecause: 'spam' },
        ])
        const { errors } = await send(withReason, {}, { who: { member: 'ann' } })
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      } finally {
        await shop.close()
      }
    })

    it('are read in pages, a member’s own', async () => {
      const { shop, submit, ask } = await openTown(store)
      try {
        await shop.record(0, goods('ann', 'o1', NOON, LINES))
        await shop.record(0, goods('ann', 'o2', NOON, LINES))
        await shop.record(0, goods('bob', 'o3', NOON, LINES))
        for (const orderId of ['o1', 'o2']) {
          for (const lineId of ['1', '2']) await submit({ orderId, lineId })
        }
        await submit({ memberId: 'bob', orderId: 'o3' })
        const query = REVIEWS.replace('REASON', '')
        const seen: string[] = []
        for (let after: string | null = null; ; ) {
          const page: Data = await ask(query, { first: 3, after }, { who: { member: 'ann' } })
          seen.push(...page.nodes.map(({ orderId, lineId }: Data) => `${orderId}/${lineId}`))
          if (!page.pageInfo.hasNextPage) break
          after = page.pageInfo.endCursor
        }
        expect(seen).toEqual(['o2/2', 'o2/1', 'o1/2', 'o1/1'])
        expect(await ask(query, { memberId: 'nobody' })).toBeNull()
      } finally {
        await shop.close()
      }
    })

    it('E1: change with the policy at run time', async () => {
      const { shop, submit } = await openTown(store, {
        sources: { review: { settings: { points: 5, minCharacters: 3 } } },
      })
      try {
        await shop.record(0, goods('ann', 'o1', NOON, LINES))
        expect(await submit({ text: '好好好' })).toMatchObject({ points: 5 })
      } finally {
        await shop.close()
      }
    })
  },
)
