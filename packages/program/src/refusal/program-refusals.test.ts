import { CommitUnknown, isRefusal, LEDGER_REFUSALS } from '@pointwell/ledger'
import { COMMON_REFUSALS, defineNotifier, defineRiskRule } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import {
  LEDGER_REFUSAL_WORDS,
  PROGRAM_REFUSALS,
  type ProgramRefusalCode,
} from './program-refusals.js'

const phone = { kind: 'phone', value: '1' }
const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '1.00 CNY',
}
const order = {
  orderId: 'o1',
  at: MONDAY_NOON,
  lines: [{ id: '1', quantity: 1, priceMinor: 100_00 }],
}
const purchase = (event: object = order, memberId = 'ann') => ({
  source: 'purchase',
  memberId,
  event,
})
const buy = (test: TestProgram, event?: object, memberId?: string) =>
  test.program.earn(purchase(event, memberId))
const offer = (test: TestProgram, terms: object = {}) =>
  test.program.offers.create({ ...tea, ...terms })
const redeem = (test: TestProgram, idempotencyKey = 'k') =>
  test.program.redemptions.redeem({ memberId: 'ann', offerId: 'tea', idempotencyKey })
const adjust = (test: TestProgram, points: number) =>
  test.program.adjustments.request({
    memberId: 'ann',
    points,
    kind: null,
    reason: 'sorry',
    idempotencyKey: 'k',
    by: 'rosa',
  })
const membership = ({ program, time }: TestProgram) =>
  program.memberships.change({
    memberId: 'ann',
    until: time.now,
    reason: null,
    idempotencyKey: 'k',
    by: 'rosa',
  })
/** Of `ann`, who is there, into `bob`, unless told otherwise. */
async function merge(test: TestProgram, more: object = {}) {
  await test.program.members.registerMany([{ id: 'bob' }, { id: 'cat' }])
  const asked = { from: 'ann', into: 'bob', reason: 'r', idempotencyKey: 'k', by: 'rosa' }
  return test.program.merges.merge({ ...asked, ...more })
}

/** A transfer of 5 of the 10 points that `ann` is given first, under these rules. */
async function transfer(test: TestProgram, rules: object = {}, more: object = {}) {
  const document = { transfers: { enabled: true, ...rules } }
  await test.program.policies.update({ document, by: 'rosa' })
  await test.program.members.register({ id: 'bob' })
  await adjust(test, 10)
  const asked = { memberId: 'ann', to: 'bob', points: 5, idempotencyKey: 'k', mayKnow: false }
  return test.program.transfers.give({ ...asked, ...more })
}
async function payWithPoints(test: TestProgram, more: object = {}) {
  const { program } = test
  await buy(test, { ...order, lines: [{ id: '1', quantity: 1, priceMinor: 50_000 }] })
  return program.checkout.pay({
    memberId: 'ann',
    orderId: 'paid',
    orderAmount: { amountMinor: 1_000, currency: 'CNY' },
    points: 100,
    idempotencyKey: 'k',
    ...more,
  })
}

const returnPaid = ({ program }: TestProgram, amountMinor: number) =>
  program.checkout.takeBack({
    orderId: 'paid',
    amount: { amountMinor, currency: 'CNY' },
    returnId: 'r',
  })

const pay = ({ program }: TestProgram, id: string) =>
  program.redemptions.confirmPayment({
    id,
    amount: { amountMinor: 1, currency: 'CNY' },
    reference: 'p',
  })

/** A redemption of `ann` under these rules of surveys. */
async function redeemed(test: TestProgram, survey: object) {
  await test.program.policies.update({ document: { survey }, by: 'rosa' })
  await buy(test)
  await offer(test, { price: { byHand: 1 } })
  return idOf(await redeem(test))
}
async function rate({ program }: TestProgram, id: string, score = 5) {
  const redemption = await program.redemptions.find(id)
  if (!redemption) throw new Error('it is gone')
  return program.surveys.answer({ redemption, score, comment: null })
}

/** The rule says this from now on. */
const watchSays = ({ program }: TestProgram, say: string) =>
  program.policies.update({ document: { rules: { watch: { settings: { say } } } }, by: 'rosa' })

const idOf = (answer: object) => (answer as { id: string }).id

/** Of each code the shortest way to it, for a member `ann` who has no points. */
const rows: Record<ProgramRefusalCode, (test: TestProgram) => Promise<unknown>> = {
  MEMBER_NOT_FOUND: (test) => buy(test, order, 'zoe'),
  MEMBER_EXISTS: (test) => test.program.members.register({ id: 'ann', region: 'r' }),
  IDENTITY_LIMIT: (test) =>
    test.program.members.update({ id: 'ann', identities: [phone, { ...phone, value: '2' }] }),
  async IDENTITY_TAKEN(test) {
    await test.program.members.register({ id: 'bob', identities: [phone] })
    return test.program.members.update({ id: 'ann', identities: [phone] })
  },
  IDENTITY_CASE_NOT_FOUND: (test) =>
    test.program.identityCases.decide({ id: 9, decision: 'cleared', reason: 'r', by: 'rosa' }),
  async ERASURE_BLOCKED(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 }, details: { shelf: 'silent' } })
    await redeem(test)
    return test.program.erasures.erase({ memberId: 'ann', idempotencyKey: 'k', acting: null })
  },
  async RISK_REFUSED(test) {
    await watchSays(test, 'refuse')
    return buy(test)
  },
  async VERIFICATION_REQUIRED(test) {
    await watchSays(test, 'verify')
    return buy(test)
  },
  async RISK_HELD(test) {
    await buy(test, { ...order, lines: [{ id: '1', quantity: 1, priceMinor: 50_000 }] })
    await watchSays(test, 'hold')
    return payWithPoints(test)
  },
  async REDEMPTION_NOT_UNDER_REVIEW(test) {
    const id = await redeemed(test, {})
    return test.program.redemptions.approve({ id, by: 'rosa', reason: 'r' })
  },
  POINT_VALUE_NOT_DUE: ({ program }) => program.pointValues.announce({ by: 'ada' }),
  POLICY_CONFLICT: (test) =>
    test.program.policies.update({ document: {}, baseVersion: 9, by: 'rosa' }),
  EVENT_TOO_OLD: (test) => buy(test, { ...order, at: MONDAY_NOON - 400 * DAY_MS }),
  async EARNING_PAUSED(test) {
    await test.program.pauses.pause({ source: null, reason: 'a fault', by: 'rosa' })
    return buy(test)
  },
  async EVENT_KEPT(test) {
    await test.program.pauses.pause({ source: 'purchase', reason: 'a fault', by: 'rosa' })
    await buy(test)
    return test.program.cancelEarned({ source: 'purchase', once: 'o1' })
  },
  EARNING_NOT_PAUSED: (test) =>
    test.program.pauses.resume({ source: 'purchase', reason: 'over', by: 'rosa' }),
  ORDER_NOT_FOUND: (test) => test.program.confirmEarned({ source: 'purchase', once: 'o9' }),
  async ORDER_CANCELLED(test) {
    await buy(test)
    await test.program.cancelEarned({ source: 'purchase', once: 'o1' })
    return test.program.confirmEarned({ source: 'purchase', once: 'o1' })
  },
  OFFER_NOT_FOUND: (test) => redeem(test),
  async OFFER_EXISTS(test) {
    await offer(test)
    return offer(test)
  },
  async OFFER_CONFLICT(test) {
    await offer(test)
    return test.program.offers.update({ id: 'tea', active: false, baseVersion: 9 })
  },
  async OFFER_NOT_OPEN(test) {
    await offer(test, { active: false })
    return redeem(test)
  },
  async OFFER_NOT_FOR_YOU(test) {
    await offer(test, { tiers: ['gold'] })
    return redeem(test)
  },
  QUOTE_NOT_FOUND: (test) =>
    test.program.redemptions.redeem({ memberId: 'ann', quoteId: '0'.repeat(26) }),
  async QUOTE_EXPIRED(test) {
    await offer(test)
    const quote = await test.program.redemptions.quote({ memberId: 'ann', offerId: 'tea' })
    test.time.now += DAY_MS
    return test.program.redemptions.redeem({ memberId: 'ann', quoteId: idOf(quote) })
  },
  async MEMBERSHIP_LAPSED(test) {
    await test.program.policies.update({ document: { membership: { enabled: true } }, by: 'rosa' })
    await membership(test)
    return buy(test)
  },
  MEMBERSHIP_OFF: (test) => membership(test),
  async LIMIT_REACHED(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 }, limitPerMember: { count: 1, period: 'lifetime' } })
    await redeem(test)
    return redeem(test, 'another')
  },
  async OUT_OF_STOCK(test) {
    await offer(test, { stock: { total: 0 } })
    return redeem(test)
  },
  REDEMPTION_NOT_FOUND: (test) => test.program.redemptions.cancel('R'),
  PLAYBOOK_NOT_FOUND: (test) =>
    test.program.playbooks.revert({
      id: 'none',
      acting: { by: 'ops', roles: [], address: null, reason: 'why' },
    }),
  async ORDER_HAS_PAYMENT(test) {
    await payWithPoints(test)
    return payWithPoints(test, { idempotencyKey: 'other' })
  },
  CHECKOUT_TOO_FEW: (test) => payWithPoints(test, { points: 1 }),
  CHECKOUT_TOO_MANY: (test) => payWithPoints(test, { points: 1_000_000 }),
  PAYMENT_NOT_FOUND: (test) => test.program.checkout.capture('none'),
  async PAYMENT_RELEASED(test) {
    await payWithPoints(test)
    await test.program.checkout.release('paid')
    return test.program.checkout.capture('paid')
  },
  async PAYMENT_CAPTURED(test) {
    await payWithPoints(test)
    await test.program.checkout.capture('paid')
    return test.program.checkout.release('paid')
  },
  async PAYMENT_NOT_CAPTURED(test) {
    await payWithPoints(test)
    return returnPaid(test, 1)
  },
  async RETURN_TOO_LARGE(test) {
    await payWithPoints(test)
    await test.program.checkout.capture('paid')
    return returnPaid(test, 1_000_000)
  },
  async PAYMENT_NOT_DUE(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 } })
    return pay(test, idOf(await redeem(test)))
  },
  async PAYMENT_AMOUNT_WRONG(test) {
    await buy(test)
    await offer(test, { price: { byHand: 2 }, pointsAndCash: { mostPointsShare: '0.5' } })
    return pay(test, idOf(await redeem(test)))
  },
  async PAYMENT_TOO_LATE(test) {
    await buy(test)
    await offer(test, {
      price: { byHand: 2 },
      cashValue: '0.02 CNY',
      pointsAndCash: { mostPointsShare: '0.5' },
    })
    const id = idOf(await redeem(test))
    test.time.now += DAY_MS
    return pay(test, id)
  },
  async REFUND_NOT_DUE(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 } })
    return test.program.redemptions.confirmRefund({ id: idOf(await redeem(test)), reference: 'r' })
  },
  async REDEMPTION_NOT_FULFILLED(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 }, details: { shelf: 'empty' } })
    return test.program.redemptions.cancel(idOf(await redeem(test)))
  },
  async REDEMPTION_NOT_CANCELLABLE(test) {
    await buy(test)
    await offer(test, { price: { byHand: 1 }, channel: 'one-way' })
    return test.program.redemptions.cancel(idOf(await redeem(test)))
  },
  async SURVEY_NOT_OPEN(test) {
    return rate(test, await redeemed(test, { open: 0 }))
  },
  async SURVEY_ANSWERED(test) {
    const id = await redeemed(test, { changeDays: 0 })
    await rate(test, id)
    return rate(test, id, 1)
  },
  JOB_NOT_FOUND: (test) => test.program.jobs.runSoon('tea'),
  async PLUGIN_FAILED(test) {
    const broken = { ...order, lines: [{ id: 'throw', quantity: 1, priceMinor: 1 }] }
    return buy(test, broken)
  },
  ADJUSTMENT_NOT_FOUND: (test) => test.program.adjustments.approve({ id: 'none', by: 'fred' }),
  async ADJUSTMENT_DECIDED(test) {
    const id = idOf(await adjust(test, 10))
    return test.program.adjustments.approve({ id, by: 'fred' })
  },
  async SECOND_OPERATOR_NEEDED(test) {
    const id = idOf(await adjust(test, 10_000))
    return test.program.adjustments.approve({ id, by: 'rosa' })
  },
  NOTHING_TO_EXTEND: ({ program }) =>
    program.extendPoints({
      memberId: 'ann',
      expiringBy: '2026-01-05',
      days: 1,
      reason: 'a test',
      idempotencyKey: 'k',
      givenBy: 'test',
    }),
  MERGE_WITH_SELF: (test) => merge(test, { into: 'ann' }),
  async MEMBER_MERGED(test) {
    await merge(test)
    return merge(test, { into: 'cat', idempotencyKey: 'k2' })
  },
  async MERGE_RUNNING(test) {
    test.ledger.merge = async () => {
      throw new CommitUnknown('the connection was lost')
    }
    await merge(test).catch(() => undefined)
    return merge(test, { into: 'cat', idempotencyKey: 'k2' })
  },
  TRANSFERS_OFF: (test) => transfer(test, { enabled: false }),
  TRANSFER_TO_SELF: (test) => transfer(test, {}, { to: 'ann' }),
  TRANSFER_TOO_SMALL: (test) => transfer(test, { least: 6 }),
  TRANSFER_TOO_LARGE: (test) => transfer(test, { most: 4 }),
  TRANSFER_NOT_ALLOWED: (test) => transfer(test, { tiers: ['gold'] }),
  TRANSFER_LIMIT: (test) => transfer(test, { giver: { pointsPerDay: 4 } }),
  RECEIVER_UNAVAILABLE: (test) => transfer(test, {}, { to: 'zoe' }),
  async TRY_AGAIN_LATER(test) {
    await test.ledger.close()
    return (await test.program.earnMany([purchase()]))[0]
  },
  DELIVERY_NOT_FOUND: ({ program }) => program.deliveries.redeliver(7),
  async DELIVERY_NOT_DEAD({ program, time }) {
    const { wallet } = (await program.members.find('ann'))!
    const message = { wallet, kind: 'expiring', name: 'soon', figures: {} } as const
    await program.messages.write([{ ...message, writtenAt: time.now }])
    return program.deliveries.redeliver(1)
  },
  async OUTCOME_UNKNOWN(test) {
    test.ledger.post = async () => {
      throw new CommitUnknown('the connection was lost')
    }
    return (await test.program.earnMany([purchase()]))[0]
  },
}

const shelf = scriptedChannel({ fulfil: async () => ({ outcome: 'fulfilled', receipt: null }) })
const plugins = [
  {
    ...shop,
    decide: (context: Parameters<typeof shop.decide>[0]) => {
      if (context.event.lines[0]?.id === 'throw') throw new Error('out of order')
      return shop.decide(context)
    },
  },
  {
    ...shelf,
    fulfil: async (context: Parameters<typeof shelf.fulfil>[0]) =>
      (context.offer.details as { shelf: string }).shelf === 'empty'
        ? ({ outcome: 'refused', code: 'EMPTY' } as const)
        : (context.offer.details as { shelf: string }).shelf === 'silent'
          ? ({ outcome: 'unknown' } as const)
          : shelf.fulfil(context),
  },
  { ...shelf, id: 'one-way', cancel: undefined },
  defineRiskRule({
    id: 'watch',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Watch', zh: '守望' },
    settings: z.object({ say: z.enum(['allow', 'hold', 'verify', 'refuse']).default('allow') }),
    words: { odd: { en: 'Odd.', zh: '异常。' } },
    assess: ({ settings: { say } }) =>
      say === 'allow' ? { answer: say } : { answer: say, reason: 'odd' },
  }),
  defineNotifier({
    id: 'bird',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Bird', zh: '鸟' },
    settings: z.object({}),
    deliver: async () => ({ outcome: 'delivered' }),
  }),
] as never

describe('A2: what the programme refuses', () => {
  it.each(Object.entries(rows))('%s', async (code, refused) => {
    const test = await openTestProgram('sqlite', { plugins })
    await test.program.members.register({ id: 'ann' })
    const answer = await refused(test)
    expect(isRefusal(answer) ? answer.code : answer).toBe(code)
  })

  it('has words for every code, in both languages, and no code twice', () => {
    expect(Object.keys(LEDGER_REFUSAL_WORDS)).toEqual([...LEDGER_REFUSALS])
    const lists = [LEDGER_REFUSAL_WORDS, PROGRAM_REFUSALS, COMMON_REFUSALS]
    const codes = lists.flatMap((list) => Object.keys(list))
    expect(new Set(codes).size).toBe(codes.length)
    for (const words of lists.flatMap((list) => Object.values(list))) {
      expect(words.en).toMatch(/^[A-Z].*\.$/)
      expect(words.zh).toMatch(/\p{Script=Han}.*。$/u)
    }
  })
})
