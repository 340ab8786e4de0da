import { isRefusal, verifyLedger } from '@pointwell/ledger'
import {
  defineRiskRule,
  type Fulfilment,
  type MemberChanges,
  type Plugin,
  type PluginFault,
  type RecentFigures,
  type RiskAct,
  type RiskAnswer,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Data,
  dataOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { statementsOf } from '../../../../test/support/statements-of.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
} from '../../../../test/support/test-program.js'
import {
  assertDone,
  bell,
  scriptedChannel,
  shop,
} from '../../../../test/support/test-program-plugins.js'

const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '10.00 CNY',
  stock: { total: 5 },
  price: { byHand: 100 },
} as const

/** A rule that says what a test wants. */
function openRule(id: string) {
  const state = {
    answer: { answer: 'allow' } as RiskAnswer | (() => RiskAnswer),
    seen: [] as { act: RiskAct; recent: RecentFigures; settings: unknown; now: number }[],
  }
  const rule = defineRiskRule({
    id,
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: `Rule ${id}`, zh: `规则${id}` },
    settings: z.strictObject({ most: z.int().min(1).default(3) }),
    words: { odd: { en: `Odd, says ${id}.`, zh: `${id}：异常。` } },
    assess({ act, recent, settings, now }) {
      state.seen.push({ act, recent, settings, now })
      return typeof state.answer === 'function' ? state.answer() : state.answer
    },
  })
  return { rule, state }
}

const HOLD: RiskAnswer = { answer: 'hold', reason: 'odd' }
const VERIFY: RiskAnswer = { answer: 'verify', reason: 'odd' }
const REFUSE: RiskAnswer = { answer: 'refuse', reason: 'odd' }
const ALLOW: RiskAnswer = { answer: 'allow' }
const { storefront } = viewerOf
const ann = viewerOf.member('ann')

const REFUSAL = '... on Refusal { code message field rule reason }'
const SHOWN = `id status points receipt refusal { code } hold { rule reason message until }
  cash { paidAt refundDue } transaction { explanation { step title points figures } }`

async function open(store: StoreName, { firstPolicy = {} }: { firstPolicy?: object } = {}) {
  const first = openRule('first')
  const second = openRule('second')
  const given: string[] = []
  const channel = scriptedChannel({
    async fulfil(id): Promise<Fulfilment> {
      given.push(id)
      return { outcome: 'fulfilled', receipt: 'C' }
    },
  })
  const faults: PluginFault[] = []
  const test = await openTestProgram(store, {
    plugins: [shop, bell, channel, first.rule, second.rule],
    firstPolicy,
    onPluginFault: (fault) => faults.push(fault),
  })
  const { program, time } = test
  await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  assertDone(await program.offers.create(tea))
  let last = 0
  const order = (points: number, more: object = {}) => {
    const lines = [{ id: '1', quantity: 1, priceMinor: points * 100 }]
    return { orderId: `o${last++}`, at: time.now, lines, ...more }
  }
  const earn = (event: object, memberId = 'ann') =>
    program.earn({ source: 'purchase', memberId, event })
  const buy = async (points: number) => {
    const answer = await earn(order(points))
    assertDone(answer)
    return answer
  }
  const ask = async (query: string, variables: object, request: ProgramRequest = {}) => {
    const data = await dataOf(test, query, { viewer: ann, ...request, variables: { ...variables } })
    return Object.values(data)[0] as Data
  }
  const redeem = (input: object = {}, request: ProgramRequest = {}) =>
    ask(
      `mutation ($input: RedeemInput!) { redeem(input: $input) {
        ... on Redemption { ${SHOWN} } ${REFUSAL} } }`,
      { input: { offerId: 'tea', idempotencyKey: `k${last++}`, ...input } },
      request,
    )
  const decide = (act: 'approve' | 'decline', id: string, request: ProgramRequest = {}) =>
    ask(
      `mutation ($id: ID!) { ${act}Redemption(id: $id, reason: "looked at it") {
        ... on Redemption { ${SHOWN} } ${REFUSAL} } }`,
      { id },
      { viewer: viewerOf.operator('support'), ...request },
    )
  const look = (id: string) => ask(`query ($id: ID!) { redemption(id: $id) { ${SHOWN} } }`, { id })
  const balance = async (memberId = 'ann') => {
    const { available, held, frozen, pending, claimable } = (await balanceOf(test, memberId))
      .balance
    return { available, held, frozen, pending, claimable }
  }
  const freezes = () =>
    ask(
      '{ member(id: "ann") { freezes { id points until reason by } } }',
      {},
      { viewer: viewerOf.operator('admin') },
    ).then(({ freezes }) => freezes)
  const turn = async (id: string, enabled: boolean, settings: object = {}) => {
    const { document } = program.policies.at(time.now)
    const rules = { ...document.rules, [id]: { enabled, settings } }
    const updated = await program.policies.update({ by: 'test', document: { ...document, rules } })
    if (isRefusal(updated) || 'faults' in updated) throw new Error(JSON.stringify(updated))
  }
  const sound = async () =>
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  return {
    ...test,
    first: first.state,
    second: second.state,
    given,
    faults,
    order,
    earn,
    buy,
    ask,
    redeem,
    decide,
    look,
    balance,
    freezes,
    turn,
    sound,
  }
}

const NOTHING = { held: 0, frozen: 0, pending: 0, claimable: 0 }
const in48Hours = new Date(MONDAY_NOON + 48 * HOUR_MS).toISOString()

describe.each(availableStores())('K1 on %s: what risk rules say of earning', (store) => {
  it('refuse and verify: a refusal with the rule, its reason and its words, and nothing written', async () => {
    const test = await open(store)
    const event = test.order(100)
    for (const [answer, code] of [
      [REFUSE, 'RISK_REFUSED'],
      [VERIFY, 'VERIFICATION_REQUIRED'],
    ] as const) {
      test.first.answer = answer
      expect(await test.earn(event)).toMatchObject({
        code,
        figures: {
          rule: 'first',
          reason: 'odd',
          message: { en: 'Odd, says first.', zh: 'first：异常。' },
        },
      })
    }
    expect(await test.balance()).toEqual({ available: 0, ...NOTHING })
    test.first.answer = ALLOW
    // Refused is not done: the very same event goes in once the rule has nothing against it.
    expect(await test.earn(event)).toMatchObject({ points: 100, replayed: false })
    test.first.answer = REFUSE
    expect(await test.earn(event)).toMatchObject({ points: 100, replayed: true })
    await test.sound()
  })

  it('the strictest counts, of equals the first, and each sees the act, its settings and what was of late', async () => {
    const test = await open(store)
    const { first, second } = test
    const outcomes: unknown[] = []
    for (const [one, other] of [
      [ALLOW, HOLD],
      [HOLD, VERIFY],
      [REFUSE, VERIFY],
      [HOLD, REFUSE],
      [REFUSE, REFUSE],
      [ALLOW, ALLOW],
    ] as const) {
      Object.assign(first, { answer: one })
      Object.assign(second, { answer: other })
      const answer = await test.earn(test.order(10))
      outcomes.push(isRefusal(answer) ? `${answer.code} ${answer.figures.rule}` : answer.points)
    }
    expect(outcomes).toEqual([
      10,
      'VERIFICATION_REQUIRED second',
      'RISK_REFUSED first',
      'RISK_REFUSED second',
      'RISK_REFUSED first',
      10,
    ])
    expect(await test.balance()).toEqual({ ...NOTHING, available: 10, frozen: 10 })
    expect(first.seen).toHaveLength(6)
    const { act, recent, settings, now } = second.seen.at(-1)!
    expect(act).toMatchObject({
      kind: 'earn',
      plugin: 'purchase',
      points: 10,
      event: { orderId: expect.any(String) },
    })
    expect(settings).toEqual({ most: 3 })
    expect(now).toBe(MONDAY_NOON)
    expect(recent).toEqual({
      earnsLastHour: 1,
      earnsLastDay: 1,
      earnsLastWeek: 1,
      redemptionsLastHour: 0,
      redemptionsLastDay: 0,
      redemptionsLastWeek: 0,
      pointsEarnedLastDay: 10,
      pointsSpentLastDay: 0,
      minutesSinceJoined: 0,
    })
    await test.sound()
  })

  it('hold: frozen under the transaction’s name, and free by itself', async () => {
    const test = await open(store)
    await test.buy(50)
    test.first.answer = HOLD
    const event = test.order(100)
    const preview = await test.program.preview({ source: 'purchase', memberId: 'ann', event })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 50 })
    const earned = await test.earn(event)
    assertDone(earned)
    expect(earned).toMatchObject({ points: 100 })
    const told = {
      step: 'risk:first',
      points: 0,
      figures: { rule: 'first', reason: 'odd', until: in48Hours },
    }
    expect(earned.transaction.explanation).toContainEqual(told)
    expect(preview).toMatchObject({ points: 100, explanation: earned.transaction.explanation })
    expect(await test.earn(event)).toMatchObject({ points: 100, replayed: true })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 50, frozen: 100 })
    expect(await test.freezes()).toEqual([
      { id: earned.transaction.id, points: 100, until: in48Hours, reason: 'first: odd', by: null },
    ])
    test.time.now += 48 * HOUR_MS - 1
    expect(await test.balance()).toEqual({ ...NOTHING, available: 50, frozen: 100 })
    test.time.now += 1
    expect(await test.balance()).toEqual({ ...NOTHING, available: 150 })
    await test.sound()
  })

  it('hold: for as long as the policy says, freed earlier or voided by an operator, with a reason', async () => {
    const test = await open(store, { firstPolicy: { risk: { holdHours: 2 } } })
    test.first.answer = HOLD
    const ids = []
    for (const points of [10, 20, 40]) ids.push((await test.buy(points)).transaction.id)
    const end = (act: string, id: string) =>
      test.ask(
        `mutation ($id: ID!) { ${act}(id: $id, reason: "looked at it") {
          ... on FreezeEnded { points } ${REFUSAL} } }`,
        { id },
        { viewer: viewerOf.operator('admin') },
      )
    expect(await end('thawPoints', ids[0]!)).toEqual({ points: 10 })
    expect(await end('voidFrozenPoints', ids[1]!)).toEqual({ points: 20 })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 10, frozen: 40 })
    test.time.now += 2 * HOUR_MS
    expect(await test.balance()).toEqual({ ...NOTHING, available: 50 })
    expect(await end('thawPoints', ids[2]!)).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
    const entries = await test.ask(
      '{ auditEntries(first: 9) { nodes { act reason } } }',
      {},
      { viewer: viewerOf.operator('admin') },
    )
    expect(entries.nodes).toEqual(
      expect.arrayContaining([
        { act: 'thawPoints', reason: 'looked at it' },
        { act: 'voidFrozenPoints', reason: 'looked at it' },
      ]),
    )
    await test.sound()
  })

  it('L5: what is returned or cancelled comes out of what is frozen', async () => {
    const test = await open(store)
    test.first.answer = HOLD
    const two = [{ id: '1', quantity: 2, priceMinor: 30_00 }]
    const event = { ...test.order(0), lines: two }
    assertDone(await test.earn(event))
    const other = test.order(7)
    assertDone(await test.earn(other))
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 1 }] }
    const name = { source: 'purchase', once: event.orderId }
    assertDone(await test.program.returnEarned({ ...name, taken }))
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, frozen: 37 })
    assertDone(await test.program.cancelEarned({ source: 'purchase', once: other.orderId }))
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, frozen: 30 })
    test.time.now += 2 * DAY_MS
    expect(await test.balance()).toEqual({ ...NOTHING, available: 30 })
    await test.sound()
  })

  it('L5: what was held and voided is not asked for again when its order comes back', async () => {
    const test = await open(store)
    await test.buy(50)
    test.first.answer = HOLD
    const event = test.order(100)
    const earned = await test.earn(event)
    assertDone(earned)
    const { id } = earned.transaction
    assertDone(await test.program.freezes.void({ id, by: 'rosa', reason: 'a fraud' }))
    assertDone(await test.program.cancelEarned({ source: 'purchase', once: event.orderId }))
    const { balance } = await balanceOf(test, 'ann')
    expect(balance).toMatchObject({ available: 50, frozen: 0, debt: 0 })
    await test.sound()
  })

  it('hold: what waits to be confirmed is frozen once it is, as long as the hold lasts', async () => {
    const settings = { confirmAfterMs: HOUR_MS }
    const test = await open(store, { firstPolicy: { sources: { purchase: { settings } } } })
    test.first.answer = HOLD
    const byCall = test.order(10, { confirmed: false })
    const byItself = test.order(20, { confirmed: false })
    for (const event of [byCall, byItself]) assertDone(await test.earn(event))
    test.time.now += 2 * HOUR_MS
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, pending: 30 })
    const name = { source: 'purchase', once: byCall.orderId }
    const confirmed = await test.program.confirmEarned(name)
    assertDone(confirmed)
    expect(confirmed.transaction.explanation).toMatchObject([{ step: 'risk:first' }])
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, pending: 20, frozen: 10 })
    expect(await test.freezes()).toMatchObject([{ points: 10, until: in48Hours }])
    test.time.now = MONDAY_NOON + 48 * HOUR_MS
    expect(await test.balance()).toEqual({ ...NOTHING, available: 30 })
    await test.sound()
  })

  it('hold: what has to be claimed can be when the hold is over, and no sooner', async () => {
    const settings = { claimMs: 10 * DAY_MS }
    const test = await open(store, { firstPolicy: { sources: { purchase: { settings } } } })
    test.first.answer = HOLD
    assertDone(await test.earn(test.order(10)))
    const later = test.order(20, { confirmed: false })
    assertDone(await test.earn(later))
    assertDone(await test.program.confirmEarned({ source: 'purchase', once: later.orderId }))
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, pending: 30 })
    test.time.now = MONDAY_NOON + 48 * HOUR_MS - 1
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, pending: 30 })
    test.time.now += 1
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, claimable: 30 })
    assertDone(await test.program.claim({ memberId: 'ann', lots: null }))
    expect(await test.balance()).toEqual({ ...NOTHING, available: 30 })
    await test.sound()
  })

  it('what is held repays what is owed first', async () => {
    const test = await open(store)
    const bought = test.order(30)
    assertDone(await test.earn(bought))
    const { available } = await test.balance()
    expect(available).toBe(30)
    const redeemed = await test.program.adjustments.request({
      memberId: 'ann',
      points: -30,
      kind: null,
      reason: 'r',
      idempotencyKey: 'a',
      by: 'rosa',
    })
    assertDone(redeemed)
    assertDone(await test.program.cancelEarned({ source: 'purchase', once: bought.orderId }))
    test.first.answer = HOLD
    await test.buy(20)
    // All of it went into the debt: there is nothing to freeze.
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0 })
    await test.buy(25)
    expect(await test.balance()).toEqual({ ...NOTHING, available: 0, frozen: 15 })
    await test.sound()
  })

  it('off in the policy: not asked from then on, and what it counts begins anew', async () => {
    const test = await open(store)
    test.first.answer = REFUSE
    expect(await test.earn(test.order(1))).toMatchObject({ code: 'RISK_REFUSED' })
    await test.turn('first', false)
    await test.buy(1)
    expect(test.first.seen).toHaveLength(1)
    expect(test.second.seen).toHaveLength(2)
    await test.turn('second', false)
    await test.buy(1)
    expect(test.second.seen).toHaveLength(2)
    expect((await balanceOf(test, 'ann')).memo).not.toHaveProperty('recent')
    await test.turn('second', true, { most: 9 })
    await test.buy(1)
    expect(test.second.seen.at(-1)).toMatchObject({
      settings: { most: 9 },
      recent: { earnsLastWeek: 0 },
    })
    const bad = await test.program.policies.update({
      by: 'test',
      document: { rules: { first: { enabled: 'no' }, third: {} }, risk: { holdHours: 721 } },
    })
    expect(JSON.stringify(bad)).toMatch(/rules\.first\.enabled/)
    expect(JSON.stringify(bad)).toMatch(/rules\.third/)
    expect(JSON.stringify(bad)).toMatch(/risk\.holdHours/)
  })

  it('G4: one that throws, hangs or talks nonsense fails its own request, is named, and is cut off', async () => {
    const test = await open(store)
    const { first, faults } = test
    const event = test.order(5)
    const answers: [() => RiskAnswer, string][] = [
      [
        () => {
          throw new Error('no idea')
        },
        'threw',
      ],
      [() => ({ answer: 'refuse', reason: 'never said' }), 'nonsense'],
      [
        () => {
          for (;;);
        },
        'timed-out',
      ],
    ]
    for (const [answer, reason] of answers) {
      first.answer = answer
      expect(await test.earn(event)).toMatchObject({ code: 'PLUGIN_FAILED' })
      expect(faults.at(-1)).toMatchObject({ plugin: 'first', operation: 'assess', reason })
      expect(await test.redeem()).toMatchObject(
        // Without a point there is nothing to ask about.
        { code: 'INSUFFICIENT_POINTS' },
      )
    }
    first.answer = ALLOW
    expect(await test.earn(event)).toMatchObject({ points: 5 })
    const listed = await test.ask(
      '{ plugins { id kind settings health { operations { operation faults timeouts } } } }',
      {},
      { viewer: viewerOf.operator('viewer') },
    )
    expect(listed.find(({ id }: Data) => id === 'first')).toMatchObject({
      kind: 'RISK_RULE',
      settings: { most: 3 },
      health: { operations: [{ operation: 'assess', faults: 3, timeouts: 1 }] },
    })
    await test.sound()
  })
})

describe.each(availableStores())('K1 on %s: what risk rules say of redemptions', (store) => {
  const rich = async (firstPolicy: object = {}, offer: object = {}) => {
    const test = await open(store, { firstPolicy })
    await test.buy(1_000)
    assertDone(await test.program.offers.create({ ...tea, id: 'cup', ...offer }))
    return test
  }

  it('refuse and verify: in the words of the rule, and nothing is held', async () => {
    const test = await rich()
    test.first.answer = REFUSE
    const input = { idempotencyKey: 'k' }
    expect(await test.redeem(input)).toEqual({
      code: 'RISK_REFUSED',
      message: 'Odd, says first.',
      field: null,
      rule: 'first',
      reason: 'odd',
    })
    expect(await test.redeem(input, { language: 'zh' })).toMatchObject({
      message: 'first：异常。',
    })
    test.first.answer = VERIFY
    expect(await test.redeem(input)).toMatchObject({ code: 'VERIFICATION_REQUIRED', rule: 'first' })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 1_000 })
    test.first.answer = ALLOW
    const done = await test.redeem(input)
    expect(done).toMatchObject({ status: 'FULFILLED', hold: null })
    expect(test.first.seen.at(-1)!.act).toMatchObject({
      kind: 'redeem',
      plugin: 'shelf',
      points: 100,
      event: { offer: { id: 'tea' }, order: { name: '' }, cash: null },
    })
    test.first.answer = REFUSE
    expect(await test.redeem(input)).toEqual(done)
    await test.redeem()
    expect(test.first.seen.at(-1)!.recent).toMatchObject({
      redemptionsLastHour: 1,
      redemptionsLastDay: 1,
      pointsSpentLastDay: 100,
      pointsEarnedLastDay: 1_000,
    })
    await test.sound()
  })

  it('K2: hold: accepted, its channel not asked before the time is over, then given by itself', async () => {
    const test = await rich()
    test.first.answer = HOLD
    const held = await test.redeem({ idempotencyKey: 'k' })
    const hold = { rule: 'first', reason: 'odd', message: 'Odd, says first.', until: in48Hours }
    expect(held).toMatchObject({ status: 'UNDER_REVIEW', points: 100, receipt: null, hold })
    expect(held.transaction.explanation.at(-1)).toEqual({
      step: 'risk:first',
      title: 'Held for review: Rule first',
      points: '0',
      figures: { rule: 'first', reason: 'odd', until: in48Hours },
    })
    expect(await test.redeem({ idempotencyKey: 'k' })).toEqual(held)
    expect(await test.balance()).toEqual({ ...NOTHING, available: 900, held: 100 })
    test.time.now += 48 * HOUR_MS - 1
    await test.program.redemptions.takeUpDue(10)
    expect(await test.look(held.id)).toMatchObject({ status: 'UNDER_REVIEW' })
    expect(test.given).toEqual([])
    test.time.now += 1
    await test.program.redemptions.takeUpDue(10)
    expect(await test.look(held.id)).toMatchObject({ status: 'FULFILLED', receipt: 'C', hold })
    expect(test.given).toEqual([held.id])
    await test.program.redemptions.takeUpDue(10)
    expect(test.given).toHaveLength(1)
    expect(await test.balance()).toEqual({ ...NOTHING, available: 900 })
    expect(await test.decide('decline', held.id)).toMatchObject({
      code: 'REDEMPTION_NOT_UNDER_REVIEW',
      field: 'id',
    })
    await test.sound()
  })

  it('K2: an operator lets it go on earlier, or calls it off, each once and audited', async () => {
    const test = await rich({ risk: { holdHours: 1 } })
    test.first.answer = HOLD
    const [one, other] = [await test.redeem(), await test.redeem()]
    test.time.now += HOUR_MS / 2
    const approved = await test.decide('approve', one.id)
    expect(approved).toMatchObject({
      status: 'FULFILLED',
      hold: { until: new Date(test.time.now).toISOString() },
    })
    expect(await test.decide('approve', one.id)).toEqual(approved)
    expect(test.given).toEqual([one.id])
    const declined = await test.decide('decline', other.id)
    expect(declined).toMatchObject({ status: 'RELEASED', refusal: { code: 'RISK_REFUSED' } })
    expect(await test.decide('decline', other.id)).toEqual(declined)
    const fred = { viewer: { ...viewerOf.operator('admin'), subject: 'fred' } }
    for (const act of ['approve', 'decline'] as const) {
      expect(await test.decide(act, other.id, fred)).toMatchObject({
        code: 'REDEMPTION_NOT_UNDER_REVIEW',
      })
    }
    expect(await test.decide('approve', 'nobody’s')).toMatchObject({ code: 'REDEMPTION_NOT_FOUND' })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 900 })
    const stock = await test.ledger.store.findCounters(['stock:tea'])
    expect(stock.get('stock:tea')).toBe(1)
    const entries = await test.ask(
      '{ auditEntries(first: 9) { nodes { by act reason } } }',
      {},
      { viewer: viewerOf.operator('admin') },
    )
    expect(entries.nodes.filter(({ act }: Data) => act.endsWith('Redemption'))).toEqual([
      { by: 'rosa', act: 'declineRedemption', reason: 'looked at it' },
      { by: 'rosa', act: 'approveRedemption', reason: 'looked at it' },
    ])
    test.time.now += DAY_MS
    await test.program.redemptions.takeUpDue(10)
    expect(test.given).toHaveLength(1)
    await test.sound()
  })

  it('R7: the member may think better of it, and has the points back', async () => {
    const test = await rich()
    test.first.answer = HOLD
    const { id } = await test.redeem()
    const cancel = `mutation ($id: ID!) { cancelRedemption(id: $id) {
      ... on Redemption { status refusal { code } } ${REFUSAL} } }`
    const off = { status: 'RELEASED', refusal: null }
    expect(await test.ask(cancel, { id })).toEqual(off)
    expect(await test.ask(cancel, { id })).toEqual(off)
    expect(await test.balance()).toEqual({ ...NOTHING, available: 1_000 })
    await test.sound()
  })

  it('R4: one that is paid in money too is paid first, then looked at, and the money is due if it is called off', async () => {
    const pointsAndCash = { leastPointsShare: '0.3', mostPointsShare: '0.5' }
    const test = await rich({}, { id: 'pot', pointsAndCash })
    const pay = (redemptionId: string, amount: string) =>
      test.ask(
        `mutation ($input: ConfirmPaymentInput!) { confirmPayment(input: $input) {
          ... on Redemption { ${SHOWN} } ${REFUSAL} } }`,
        { input: { redemptionId, amount, reference: `pay ${redemptionId}` } },
        { viewer: storefront },
      )
    test.first.answer = HOLD
    const asked = []
    for (let n = 0; n < 3; n++) asked.push(await test.redeem({ offerId: 'pot' }))
    const [waits, off, early] = asked
    expect(waits).toMatchObject({ status: 'AWAITING_PAYMENT', hold: { until: in48Hours } })
    const quote = test.program.redemptions
    const { cash } = (await quote.find(waits.id))!
    const amount = `${(cash!.amountMinor / 100).toFixed(2)} CNY`
    const paid = await pay(waits.id, amount)
    expect(paid).toMatchObject({ status: 'UNDER_REVIEW', hold: { until: in48Hours } })
    expect(await pay(waits.id, amount)).toEqual(paid)
    await pay(off.id, amount)
    expect(await test.decide('decline', off.id)).toMatchObject({
      status: 'RELEASED',
      cash: { refundDue: true },
    })
    // Looked at before it is paid for: then nothing holds it any more.
    expect(await test.decide('approve', early.id)).toMatchObject({ status: 'AWAITING_PAYMENT' })
    expect(await pay(early.id, amount)).toMatchObject({ status: 'FULFILLED' })
    expect(test.given).toEqual([early.id])
    test.time.now += 2 * DAY_MS
    await test.program.redemptions.takeUpDue(10)
    expect(await test.look(waits.id)).toMatchObject({ status: 'FULFILLED' })
    await test.sound()
  })

  it('a quote says what would be said', async () => {
    const test = await rich()
    const quote = () =>
      test.ask(
        `mutation { quote(offerId: "tea") {
          ... on Quote { id points hold { rule reason until } } ${REFUSAL} } }`,
        {},
      )
    expect(await quote()).toMatchObject({ points: 100, hold: null })
    expect(test.first.seen.at(-1)!.act).toMatchObject({
      kind: 'redeem',
      points: 100,
      event: { offer: { id: 'tea' }, order: null, cash: null },
    })
    test.first.answer = HOLD
    const held = await quote()
    expect(held).toMatchObject({ hold: { rule: 'first', reason: 'odd', until: in48Hours } })
    test.first.answer = VERIFY
    expect(await quote()).toMatchObject({ code: 'VERIFICATION_REQUIRED', rule: 'first' })
    // The rule is asked again for the redemption itself.
    test.first.answer = REFUSE
    const input = { quoteId: held.id, offerId: null, idempotencyKey: null }
    expect(await test.redeem(input)).toMatchObject({ code: 'RISK_REFUSED' })
    test.first.answer = () => {
      for (;;);
    }
    expect(await quote()).toMatchObject({ code: 'PLUGIN_FAILED' })
    expect(test.faults.at(-1)).toMatchObject({ plugin: 'first', reason: 'timed-out' })
  })

  it('G4: one at fault: nothing is held, and the same key is asked again', async () => {
    const test = await rich()
    test.second.answer = () => {
      throw new Error('no idea')
    }
    const input = { idempotencyKey: 'k' }
    expect(await test.redeem(input)).toMatchObject({ code: 'PLUGIN_FAILED' })
    expect(test.faults.at(-1)).toMatchObject({ plugin: 'second', operation: 'assess' })
    test.second.answer = () => {
      for (;;);
    }
    expect(await test.redeem(input)).toMatchObject({ code: 'PLUGIN_FAILED' })
    expect(test.faults.at(-1)).toMatchObject({ plugin: 'second', reason: 'timed-out' })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 1_000 })
    await test.turn('second', false)
    expect(await test.redeem(input)).toMatchObject({ status: 'FULFILLED' })
    await test.sound()
  })

  it('R5: points at checkout are asked about; what would be held is refused, for an order cannot wait', async () => {
    const test = await rich()
    const pay = (orderId: string) =>
      test.ask(
        `mutation ($input: PayWithPointsInput!) { payWithPoints(input: $input) {
          ... on PointsPayment { points } ${REFUSAL} } }`,
        {
          input: {
            memberId: 'ann',
            orderId,
            orderAmount: '100.00 CNY',
            points: 500,
            idempotencyKey: orderId,
          },
        },
        { viewer: storefront },
      )
    for (const [answer, code] of [
      [REFUSE, 'RISK_REFUSED'],
      [VERIFY, 'VERIFICATION_REQUIRED'],
      [HOLD, 'RISK_HELD'],
    ] as const) {
      test.first.answer = answer
      expect(await pay('x')).toMatchObject({ code, rule: 'first', message: 'Odd, says first.' })
    }
    test.first.answer = () => {
      for (;;);
    }
    expect(await pay('x')).toMatchObject({ code: 'PLUGIN_FAILED' })
    expect(test.faults.at(-1)).toMatchObject({ plugin: 'first', reason: 'timed-out' })
    expect(await test.balance()).toEqual({ ...NOTHING, available: 1_000 })
    test.first.answer = ALLOW
    const { points } = await pay('x')
    expect(test.first.seen.at(-1)!.act).toEqual({
      kind: 'redeem',
      plugin: 'checkout',
      points,
      event: { orderId: 'x', orderAmount: { amountMinor: 10_000, currency: 'CNY' } },
    })
    await pay('y')
    expect(test.first.seen.at(-1)!.recent).toMatchObject({
      redemptionsLastHour: 1,
      pointsSpentLastDay: points,
    })
    await test.sound()
  })
})

describe('M8: a rule with tables of its own', () => {
  it('is told who was merged and who was erased; what both did of late is the one’s', async () => {
    const told: string[] = []
    const watch = openRule('watch')
    const members: MemberChanges = {
      erased: async ({ memberId }) => void told.push(`erased ${memberId}`),
      merged: async ({ from, into }) => void told.push(`merged ${from} into ${into}`),
    }
    const rule: Plugin = { ...watch.rule, members }
    const test = await openTestProgram('sqlite', { plugins: [shop, rule] })
    const { program, time } = test
    await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    let last = 0
    const buy = async (memberId: string) => {
      const lines = [{ id: '1', quantity: 1, priceMinor: 100 }]
      const event = { orderId: `o${last++}`, at: time.now, lines }
      assertDone(await program.earn({ source: 'purchase', memberId, event }))
    }
    for (const id of ['ann', 'bob', 'bob']) await buy(id)
    const variables = {
      input: { from: 'bob', into: 'ann', reason: 'one person', idempotencyKey: 'm' },
    }
    const merge = `mutation ($input: MergeMembersInput!) { mergeMembers(input: $input) {
      __typename ... on Refusal { code } } }`
    expect((await dataOf(test, merge, { variables })).mergeMembers.__typename).not.toBe('Refusal')
    expect(told).toEqual(['merged bob into ann'])
    await buy('ann')
    expect(watch.state.seen.at(-1)!.recent.earnsLastHour).toBe(3)
    const asked = { memberId: 'ann', idempotencyKey: 'e', acting: null }
    assertDone(await program.erasures.erase(asked))
    expect(told).toEqual(['merged bob into ann', 'erased ann', 'erased bob'])
  })
})

describe.each(availableStores())('K1 on %s: at what cost', (store) => {
  it('rules cost no statement', async () => {
    const counts: number[][] = []
    for (const enabled of [true, false]) {
      const test = await open(store)
      await test.turn('first', enabled)
      await test.turn('second', enabled)
      const each: number[] = []
      for (const act of [() => test.buy(500), () => test.buy(5), () => test.redeem()]) {
        const done = async () => void (await act())
        each.push((await statementsOf(test, done)).length)
      }
      counts.push(each)
    }
    expect(counts[0]).toEqual(counts[1])
  })
})
