import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import { surveyFigures } from './survey-figures.js'

const ANSWER = `mutation ($input: AnswerSurveyInput!) { answerSurvey(input: $input) {
  ... on SurveyAnswer { redemptionId score comment answeredAt changedAt }
  ... on Refusal { code field when } } }`
const RESULTS = `query ($from: LocalDate!, $to: LocalDate!, $offerId: ID, $channel: ID, $after: String) {
  surveyResults(from: $from, to: $to, offerId: $offerId, channel: $channel) {
    count mean distribution { score answers } fulfilled answeredShare
    comments(first: 2, after: $after) { nodes { offerId day score comment }
      pageInfo { hasNextPage endCursor } } } }`
const SHOWN = `query ($id: ID!) { redemption(id: $id) { survey { score comment } } }`
const MERGE = `mutation { mergeMembers(input: { from: "ann", into: "bob", reason: "one person",
  idempotencyKey: "m" }) { __typename } }`
const ERASE = `mutation ($id: ID!) { eraseMember(input: { memberId: $id, reason: "asked",
  idempotencyKey: "e" }) { __typename } }`

async function openShelf(store: Parameters<typeof openTestProgram>[0], survey: object = {}) {
  const channel = scriptedChannel({
    fulfil: async (id) => ({ outcome: 'fulfilled', receipt: { id } }),
  })
  const test = await openTestProgram(store, { plugins: [shop, channel], firstPolicy: { survey } })
  const { program, time } = test
  await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  for (const memberId of ['ann', 'bob']) {
    const lines = [{ id: '1', quantity: 1, priceMinor: 5_000_00 }]
    const event = { orderId: memberId, at: time.now, lines }
    assertDone(await program.earn({ source: 'purchase', memberId, event }))
  }
  const title = { en: 'x', zh: 'x' }
  const offer = { channel: 'shelf', title, cashValue: '1.00 CNY', price: { byHand: 1 } }
  for (const id of ['tea', 'cup']) assertDone(await program.offers.create({ ...offer, id }))
  return test
}
let keys = 0
async function redeem({ program }: TestProgram, memberId = 'ann', offerId = 'tea') {
  const request = { memberId, offerId, idempotencyKey: `k${keys++}` }
  const redemption = await program.redemptions.redeem(request)
  assertDone(redemption)
  return redemption.id
}
const answer = async (
  test: TestProgram,
  redemptionId: string,
  score: number,
  comment?: string | null,
  viewer = viewerOf.storefront,
): Promise<Data> =>
  (await dataOf(test, ANSWER, { viewer, variables: { input: { redemptionId, score, comment } } }))
    .answerSurvey
const results = async (test: TestProgram, more: object = {}): Promise<Data> => {
  const variables = { from: '2026-01-01', to: '2026-12-31', ...more }
  return (await dataOf(test, RESULTS, { variables })).surveyResults
}
const shown = async (test: TestProgram, id: string) =>
  (await dataOf(test, SHOWN, { variables: { id } })).redemption.survey
const iso = (at: number) => new Date(at).toISOString()

describe.each(availableStores())('R13: surveys on %s', (store) => {
  it('are answered once by the member whose redemption it is', async () => {
    const test = await openShelf(store)
    const id = await redeem(test)
    expect(await shown(test, id)).toBeNull()
    const asAnn = viewerOf.member('ann')
    const given = {
      redemptionId: id,
      score: 4,
      comment: 'good\ntea',
      answeredAt: iso(test.time.now),
      changedAt: null,
    }
    expect(await answer(test, id, 4, ' good\ntea ', asAnn)).toEqual(given)
    test.time.now += DAY_MS
    expect(await answer(test, id, 4, 'good\ntea')).toEqual(given)
    expect(await shown(test, id)).toEqual({ score: 4, comment: 'good\ntea' })
    const notFound = { code: 'REDEMPTION_NOT_FOUND', field: 'redemptionId' }
    expect(await answer(test, id, 1, null, viewerOf.member('bob'))).toMatchObject(notFound)
    expect(await answer(test, 'none', 1)).toMatchObject(notFound)
    expect(await shown(test, id)).toMatchObject({ score: 4 })
  })

  it('are changed for as long as the policy says, and no longer', async () => {
    const test = await openShelf(store, { changeDays: 2 })
    const id = await redeem(test)
    const first = test.time.now
    await answer(test, id, 1, 'cold')
    test.time.now = first + 2 * DAY_MS - 1
    const changedAt = iso(test.time.now)
    const changed = { score: 5, comment: null, answeredAt: iso(first), changedAt }
    expect(await answer(test, id, 5)).toMatchObject(changed)
    test.time.now += 1
    const over = { code: 'SURVEY_ANSWERED', when: iso(first + 2 * DAY_MS) }
    expect(await answer(test, id, 4)).toMatchObject(over)
    expect(await answer(test, id, 5)).toMatchObject(changed)
  })

  it('are open for as long as the policy says, and for what was fulfilled', async () => {
    const test = await openShelf(store, { open: 3 })
    const [early, late, cancelled] = [await redeem(test), await redeem(test), await redeem(test)]
    const until = test.time.now + 3 * DAY_MS
    assertDone(await test.program.redemptions.cancel(cancelled))
    expect(await answer(test, cancelled, 1)).toMatchObject({ code: 'SURVEY_NOT_OPEN', when: null })
    test.time.now = until - 1
    expect(await answer(test, early, 3)).toMatchObject({ score: 3 })
    test.time.now = until
    expect(await answer(test, late, 3)).toMatchObject({
      code: 'SURVEY_NOT_OPEN',
      when: iso(until),
    })
    const none = await openShelf(store, { open: 0 })
    expect(await answer(none, await redeem(none), 3)).toMatchObject({ code: 'SURVEY_NOT_OPEN' })
  })

  it.each<[string, number, string | null, string]>([
    ['a score below 1', 0, null, 'score'],
    ['a score above 5', 6, null, 'score'],
    ['a comment too long', 3, 'x'.repeat(1_001), 'comment'],
    ['a comment that turns what is around it', 3, '\u202e', 'comment'],
    ['half a character', 3, '\ud800', 'comment'],
  ])('refuses %s', async (_, score, comment, field) => {
    const test = await openShelf(store)
    const id = await redeem(test)
    expect(await answer(test, id, score, comment)).toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await answer(test, id, 3, '茶'.repeat(1_000))).toMatchObject({ score: 3 })
  })

  it('of many answers at once one stands, and is what they are told', async () => {
    const test = await openShelf(store, { changeDays: 0 })
    const id = await redeem(test)
    const answers = await Promise.all([1, 2, 3, 4, 5].map((score) => answer(test, id, score)))
    const taken = answers.filter(({ code }) => code === undefined)
    expect(taken.length).toBe(1)
    expect(await shown(test, id)).toMatchObject({ score: taken[0].score })
    expect((await results(test)).count).toBe(1)
  })

  it('are added up by the day of the redemption: of an offer, of a channel, of all', async () => {
    const test = await openShelf(store)
    const none = { count: 0, mean: null, fulfilled: 0, answeredShare: null }
    expect(await results(test)).toMatchObject(none)
    const monday = [await redeem(test), await redeem(test, 'bob'), await redeem(test, 'bob', 'cup')]
    test.time.now += DAY_MS
    const tuesday = [await redeem(test), await redeem(test, 'ann', 'cup'), await redeem(test)]
    assertDone(await test.program.redemptions.cancel(tuesday[2]!))
    await answer(test, monday[0]!, 5, 'lovely')
    await answer(test, monday[2]!, 2, 'it broke')
    await answer(test, tuesday[0]!, 4, 'again')
    await answer(test, tuesday[1]!, 4)
    const scores = (...answers: number[]) =>
      answers.map((many, place) => ({ score: place + 1, answers: many }))
    expect(await results(test)).toMatchObject({
      count: 4,
      mean: '3.75',
      distribution: scores(0, 1, 0, 2, 1),
      fulfilled: 6,
      answeredShare: '0.6667',
    })
    const tea = { offerId: 'tea', from: '2026-01-05', to: '2026-01-05' }
    expect(await results(test, tea)).toMatchObject({
      count: 1,
      mean: '5',
      distribution: scores(0, 0, 0, 0, 1),
      fulfilled: 2,
      answeredShare: '0.5',
    })
    const shelf = { channel: 'shelf', from: '2026-01-06', to: '2026-01-06' }
    expect(await results(test, shelf)).toMatchObject({ count: 2, mean: '4', fulfilled: 3 })
    expect(await results(test, { channel: 'moon' })).toMatchObject(none)
    // Comments: those of the newest redemptions first, page by page.
    const page = await results(test)
    expect(page.comments.nodes).toEqual([
      { offerId: 'tea', day: '2026-01-06', score: 4, comment: 'again' },
      { offerId: 'cup', day: '2026-01-05', score: 2, comment: 'it broke' },
    ])
    const { endCursor: after } = page.comments.pageInfo
    const next = (await results(test, { after })).comments
    expect(next.nodes.map(({ comment }: Data) => comment)).toEqual(['lovely'])
    expect(next.pageInfo.hasNextPage).toBe(false)
    const variables = { from: '2026-01-05', to: '2026-01-06', offerId: 'tea', after }
    expect(await faultOf(test, RESULTS, { variables })).toMatchObject({ field: 'after' })
  })

  it.each([
    ['to', { from: '2026-02-01', to: '2026-01-31' }],
    ['to', { from: '2026-01-01', to: '2027-01-02' }],
    ['channel', { from: '2026-01-01', to: '2026-01-31', offerId: 'tea', channel: 'shelf' }],
  ])('a bad %s of the results is a fault of the request', async (field, variables) => {
    const test = await openShelf(store)
    expect(await faultOf(test, RESULTS, { variables })).toEqual({ code: 'BAD_USER_INPUT', field })
  })

  it('M8: an erased member’s comments go, its scores stay, and a merged member’s stay with it', async () => {
    const test = await openShelf(store)
    const [anns, bobs] = [await redeem(test), await redeem(test, 'bob')]
    await answer(test, anns, 1, 'from ann')
    await answer(test, bobs, 3, 'from bob')
    const comments = async () =>
      (await results(test)).comments.nodes.map(({ comment }: Data) => comment)
    expect((await dataOf(test, MERGE)).mergeMembers.__typename).toBe('MemberMerge')
    expect(await comments()).toEqual(['from bob', 'from ann'])
    expect(await shown(test, anns)).toEqual({ score: 1, comment: 'from ann' })
    // By either name it is the same member's to change.
    expect(await answer(test, anns, 2, 'was ann', viewerOf.member('bob'))).toMatchObject({
      score: 2,
    })
    expect(await answer(test, bobs, 3, 'still bob', viewerOf.member('ann'))).toMatchObject({
      score: 3,
    })
    expect((await dataOf(test, ERASE, { variables: { id: 'bob' } })).eraseMember.__typename).toBe(
      'Erasure',
    )
    expect(await comments()).toEqual([])
    expect(await results(test)).toMatchObject({ count: 2, mean: '2.5', fulfilled: 2 })
    expect(await answer(test, bobs, 5, 'late')).toMatchObject({ code: 'REDEMPTION_NOT_FOUND' })
    expect(await comments()).toEqual([])
  })

  it('A4: of a page of redemptions are read in one statement', async () => {
    const test = await openShelf(store)
    const query = `query ($first: Int!) { member(id: "ann") {
      redemptions(first: $first) { nodes { survey { score } } } } }`
    for (let n = 0; n < 8; n += 1) await answer(test, await redeem(test), 3)
    const counts: number[] = []
    for (const first of [2, 8]) {
      const { count, restore } = countStatements(test)
      const { member } = await dataOf(test, query, { variables: { first } })
      restore()
      expect(member.redemptions.nodes).toEqual(Array(first).fill({ survey: { score: 3 } }))
      counts.push(count())
    }
    expect(counts[1]).toBe(counts[0])
  })
})

/** How often surveys are looked up. */
function countStatements({ program }: TestProgram) {
  const { findMany } = program.surveys
  let calls = 0
  Object.assign(program.surveys, {
    findMany: (ids: readonly string[]) => {
      calls += 1
      return findMany(ids)
    },
  })
  return { count: () => calls, restore: () => Object.assign(program.surveys, { findMany }) }
}

describe('R13: figures', () => {
  it('are those of all scores, to the nearest ten-thousandth', () => {
    const many = fc.nat(1_000)
    fc.assert(
      fc.property(fc.tuple(many, many, many, many, many), many, (scores, unanswered) => {
        const given = new Map(scores.map((answers, place) => [place + 1, answers]))
        const count = scores.reduce((sum, it) => sum + it, 0)
        const figures = surveyFigures(given, count + unanswered)
        expect(figures).toMatchObject({ count, distribution: scores })
        if (count > 0) {
          const sum = scores.reduce((all, it, place) => all + it * (place + 1), 0)
          expect(Math.abs(Number(figures.mean) - sum / count)).toBeLessThanOrEqual(0.0000501)
          expect(figures.mean).toMatch(/^[1-5](\.\d{0,3}[1-9])?$/)
        } else expect(figures.mean).toBeNull()
        const share = count + unanswered > 0 ? count / (count + unanswered) : null
        if (share === null) expect(figures.share).toBeNull()
        else expect(Math.abs(Number(figures.share) - share)).toBeLessThanOrEqual(0.0000501)
      }),
    )
  })
})
