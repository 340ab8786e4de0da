import { isRefusal, verifyLedger } from '@pointwell/ledger'
import type { Fulfilment, PluginFault } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import { newId } from './new-id.js'

/** A shelf that gives each redemption once, and answers as it is told. */
function openShelf() {
  const given = new Map<string, number>()
  const taken = new Set<string>()
  const script = {
    answers: [] as ('fulfilled' | 'refused' | 'unknown' | 'throws' | 'given, then silent')[],
    cancels: [] as ('cancelled' | 'refused' | 'unknown')[],
  }
  const channel = scriptedChannel({
    async fulfil(id): Promise<Fulfilment> {
      const answer = script.answers.shift() ?? 'fulfilled'
      if (answer === 'throws') throw new Error('the shelf fell')
      if (answer === 'refused') return { outcome: 'refused', code: 'EMPTY' }
      if (answer === 'unknown') return { outcome: 'unknown' }
      given.set(id, (given.get(id) ?? 0) + 1)
      if (answer === 'given, then silent') return { outcome: 'unknown' }
      return { outcome: 'fulfilled', receipt: { code: `C-${id}` } }
    },
    async cancel(id) {
      const answer = script.cancels.shift() ?? 'cancelled'
      if (answer === 'cancelled') taken.add(id)
      return answer
    },
  })
  return { channel, script, given, taken }
}

const tea = {
  id: 'tea',
  channel: 'shelf',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '1.00 CNY',
  price: { byHand: 100 },
}

async function open(
  store: Parameters<typeof openTestProgram>[0],
  {
    offer = {},
    points = 1_000,
    policy = {},
    members = ['ann'],
    onPluginFault,
    onFailure,
  }: {
    offer?: object
    points?: number
    policy?: object
    members?: string[]
    onPluginFault?: (fault: PluginFault) => void
    onFailure?: (what: string) => void
  } = {},
) {
  const shelf = openShelf()
  const test = await openTestProgram(store, {
    plugins: [shop, shelf.channel],
    firstPolicy: policy,
    ...(onPluginFault && { onPluginFault }),
    ...(onFailure && { onFailure }),
  })
  await test.program.members.registerMany(members.map((id) => ({ id })))
  for (const id of members) await give(test, id, points)
  assertDone(await test.program.offers.create({ ...tea, ...offer }))
  let n = 0
  const redeem = (memberId = 'ann', idempotencyKey = `k${n++}`, more: object = {}) =>
    test.program.redemptions.redeem({ memberId, offerId: 'tea', idempotencyKey, ...more })
  const stockSold = async () =>
    (await test.ledger.store.findCounters(['stock:tea'])).get('stock:tea') ?? 0
  return { ...test, ...shelf, redeem, stockSold }
}

async function give({ program, time }: TestProgram, memberId: string, points: number) {
  const lines = [{ id: '1', quantity: 1, priceMinor: points * 100 }]
  const event = { orderId: `${memberId}-${time.now}`, at: time.now, lines }
  assertDone(await program.earn({ source: 'purchase', memberId, event }))
}

const codeOf = (answer: object) => (isRefusal(answer) ? answer.code : 'done')

describe.each(availableStores())('redemptions on %s', (store) => {
  it('R6: holds, asks, captures; the same key is the same redemption', async () => {
    const test = await open(store)
    const first = await test.redeem('ann', 'key')
    assertDone(first)
    expect(first).toMatchObject({
      status: 'fulfilled',
      points: 100,
      receipt: { code: `C-${first.id}` },
    })
    expect(await test.redeem('ann', 'key')).toEqual(first)
    expect(await test.redeem('ann', 'key', { order: { name: 'x' } })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'order.name' },
    })
    expect(test.given.get(first.id)).toBe(1)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 900, held: 0 })
    const [capture, hold] = await test.ledger.store.findTransactions(1, { before: null, limit: 2 })
    expect(capture).toMatchObject({ type: 'capture', reason: 'offer:tea' })
    expect(capture?.entries).toContainEqual({ account: 'redeemed:shelf', lot: 1, amount: 100 })
    expect(hold).toMatchObject({ type: 'hold', reason: 'offer:tea' })
    expect(hold?.explanation.at(-1)).toMatchObject({ step: 'hand-price' })
    expect(await test.stockSold()).toBe(1)
  })

  // There is one server of a ledger in memory.
  if (store !== 'memory') {
    it('R6: by a server whose clock is a day behind the wallet’s own time', async () => {
      const test = await open(store)
      const slow = await openTestProgram(store, {
        plugins: [shop, test.channel],
        url: test.url,
        time: { now: MONDAY_NOON },
      })
      test.time.now += DAY_MS
      await give(test, 'ann', 1)
      const redeemed = await slow.program.redemptions.redeem({
        memberId: 'ann',
        offerId: 'tea',
        idempotencyKey: 'k',
      })
      expect(redeemed).toMatchObject({ status: 'fulfilled' })
      expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 901, held: 0 })
    })
  }

  it('R6: what the channel refuses costs nothing', async () => {
    const test = await open(store, { offer: { stock: { total: 1 } } })
    test.script.answers = ['refused']
    const released = await test.redeem('ann', 'key')
    expect(released).toMatchObject({ status: 'released', refusal: { code: 'EMPTY' } })
    expect(await test.redeem('ann', 'key')).toEqual(released)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 1_000, held: 0 })
    expect(await test.stockSold()).toBe(0)
    // The last one is there again.
    expect(await test.redeem()).toMatchObject({ status: 'fulfilled' })
  })

  it('R6: what nobody knows stays on hold and is asked again until it is known', async () => {
    const test = await open(store)
    test.script.answers = ['given, then silent', 'unknown', 'throws', 'fulfilled']
    const unknown = await test.redeem('ann', 'key')
    assertDone(unknown)
    expect(unknown).toMatchObject({ status: 'unknown' })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 900, held: 100 })
    const waits: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      expect(await test.program.redemptions.takeUpDue(10)).toBe(0)
      const { dueAt } = (await test.program.redemptions.find(unknown.id))!
      waits.push(dueAt! - test.time.now)
      test.time.now = dueAt!
      expect(await test.program.redemptions.takeUpDue(10)).toBe(1)
    }
    expect(await test.program.redemptions.find(unknown.id)).toMatchObject({
      status: 'fulfilled',
      attempts: 3,
      dueAt: null,
    })
    expect(waits[1]! <= waits[2]!).toBe(true)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 900, held: 0 })
  })

  it('R6: asks ever more seldom, and never gives up', async () => {
    const test = await open(store, {
      policy: {
        redemption: { timeoutSeconds: 1, retryFirstSeconds: 60, retryLongestSeconds: 900 },
      },
    })
    test.script.answers = Array.from({ length: 12 }, () => 'unknown' as const)
    const redemption = await test.redeem()
    assertDone(redemption)
    const waits: number[] = []
    for (let turn = 0; turn < 10; turn++) {
      const { dueAt } = (await test.program.redemptions.find(redemption.id))!
      waits.push((dueAt! - test.time.now) / 1_000)
      test.time.now = dueAt!
      await test.program.redemptions.takeUpDue(10)
    }
    expect(waits).toEqual([60, 60, 120, 240, 480, 900, 900, 900, 900, 900])
  })

  it('R6: a server that dies before it asks, or before it writes the answer, loses nothing', async () => {
    const test = await open(store)
    const post = test.ledger.post
    // The server dies after the hold: nothing it would write afterwards is written.
    const crash = (at: string) => {
      test.ledger.post = async (command) => {
        if (command.key.endsWith(at)) throw new Error('the server died')
        return post(command)
      }
    }
    crash(':capture')
    await expect(test.redeem('ann', 'key')).rejects.toThrow('died')
    test.ledger.post = post
    // Asked again meanwhile: it is on hold, and under the lease of whoever was asking.
    expect(await test.redeem('ann', 'key')).toMatchObject({ status: 'held' })
    expect(await test.program.redemptions.takeUpDue(10)).toBe(0)
    test.time.now += 3_600_000
    await test.program.jobs.runDue()
    const done = await test.redeem('ann', 'key')
    assertDone(done)
    expect(done).toMatchObject({ status: 'fulfilled', attempts: 1 })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 900, held: 0 })
    // The channel was asked twice with one key: giving it once is what the key is for.
    expect(test.given.get(done.id)).toBe(2)
  })

  it('R6: is asked again at once where the channel says that it knows by now', async () => {
    const test = await open(store)
    const askAgain = (id: string) => test.program.askAgain(id)
    expect(await askAgain('none')).toBeNull()
    test.script.answers = ['unknown', 'unknown', 'fulfilled']
    const { id } = (await test.redeem()) as { id: string }
    expect(await askAgain(id)).toMatchObject({ status: 'unknown' })
    const later = (await test.program.redemptions.find(id))!.dueAt!
    expect(later).toBeGreaterThan(test.time.now)
    // Of several at once one asks; nobody waits for the time.
    await Promise.all([askAgain(id), askAgain(id), askAgain(id)])
    expect(await askAgain(id)).toMatchObject({ id, status: 'fulfilled', points: 100 })
    expect(await test.program.redemptions.find(id)).toMatchObject({ attempts: 2, dueAt: null })
    expect(test.given.get(id)).toBe(1)

    test.script.cancels = ['unknown', 'cancelled']
    expect(await test.program.redemptions.cancel(id)).toMatchObject({ status: 'cancelling' })
    expect(await askAgain(id)).toMatchObject({ status: 'cancelled' })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 1_000, held: 0 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('R6: whoever asks for the first time is left to it, and a fault is told and not thrown', async () => {
    const told: string[] = []
    const test = await open(store, { onFailure: (what) => void told.push(what) })
    const { post } = test.ledger
    const fails = (step: string) => {
      test.ledger.post = async (command) => {
        if (command.key.endsWith(step)) throw new Error('the server died')
        return post(command)
      }
    }
    fails(':capture')
    await expect(test.redeem('ann', 'key')).rejects.toThrow('died')
    test.ledger.post = post
    const held = (await test.redeem('ann', 'key')) as { id: string }
    expect(await test.program.askAgain(held.id)).toMatchObject({ status: 'held' })
    expect(test.given.get(held.id)).toBe(1)

    test.script.answers = ['unknown']
    const { id } = (await test.redeem()) as { id: string }
    fails(':capture')
    expect(await test.program.askAgain(id)).toMatchObject({ status: 'unknown' })
    expect(told).toEqual([`redemption ${id}`])
    test.ledger.post = post
    test.time.now += 3_600_000
    await test.program.redemptions.takeUpDue(10)
    expect(await test.program.askAgain(id)).toMatchObject({ status: 'fulfilled' })
  })

  it('R6: the repeated request itself drives on what is left lying', async () => {
    const test = await open(store)
    test.script.answers = ['unknown']
    await test.redeem('ann', 'key')
    test.time.now += 3_600_000
    expect(await test.redeem('ann', 'key')).toMatchObject({ status: 'fulfilled' })
  })

  it('R6: of many that take up the same one, one asks the channel', async () => {
    const test = await open(store)
    test.script.answers = ['unknown']
    const redemption = await test.redeem('ann', 'key')
    assertDone(redemption)
    test.time.now += 3_600_000
    await Promise.all([
      test.program.redemptions.takeUpDue(10),
      test.program.redemptions.takeUpDue(10),
      test.redeem('ann', 'key'),
      test.program.redemptions.takeUpDue(10),
    ])
    expect(test.given.get(redemption.id)).toBe(1)
    expect(await test.program.redemptions.find(redemption.id)).toMatchObject({
      status: 'fulfilled',
    })
  })

  it('R6: one that cannot be taken up is told of, and holds up none of the others', async () => {
    const members = ['m1', 'm2', 'm3', 'm4', 'm5']
    const test = await open(store, { members })
    test.script.answers = members.map(() => 'unknown' as const)
    for (const member of members) {
      test.time.now += 1
      assertDone(await test.redeem(member))
    }
    const { post } = test.ledger
    test.ledger.post = async (command) => {
      if (command.wallet < 3) throw new Error(`wallet ${command.wallet} is ill`)
      return post(command)
    }
    test.time.now += 3_600_000
    const told: string[] = []
    const report = (what: string, fault: unknown) => told.push(`${what}: ${fault}`)
    // The two that fail are the longest due, and a turn is no longer than that.
    expect(await test.program.redemptions.takeUpDue(2, report)).toBe(2)
    expect(told).toEqual([
      expect.stringMatching(/^redemption .+: Error: wallet 1 is ill$/),
      expect.stringMatching(/^redemption .+: Error: wallet 2 is ill$/),
    ])
    expect(await test.program.redemptions.takeUpDue(2, report)).toBe(2)
    expect(await test.program.redemptions.takeUpDue(2, report)).toBe(1)
    expect(told).toHaveLength(2)
    const held = async (id: string) => (await balanceOf(test, id)).balance.held
    expect(await Promise.all(members.map(held))).toEqual([100, 100, 0, 0, 0])
    // Well again, they are taken up like any other.
    test.ledger.post = post
    test.time.now += 60_000
    expect(await test.program.redemptions.takeUpDue(9, report)).toBe(2)
    expect(await Promise.all(members.map(held))).toEqual([0, 0, 0, 0, 0])
  })

  it.each(['throws', 'hangs'])(
    'G4: a schema of a channel that %s is named, and costs nobody anything',
    async (how) => {
      const faults: PluginFault[] = []
      const test = await open(store, { onPluginFault: (fault) => faults.push(fault) })
      expect(codeOf(await test.redeem('ann', 'k', { order: { name: how } }))).toBe('PLUGIN_FAILED')
      const bad = { ...tea, id: 'bad', details: { shelf: how } }
      expect(codeOf(await test.program.offers.create(bad))).toBe('PLUGIN_FAILED')
      const change = { id: 'tea', details: { shelf: how } }
      expect(codeOf(await test.program.offers.update(change))).toBe('PLUGIN_FAILED')
      const reason = how === 'throws' ? 'threw' : 'timed-out'
      expect(faults).toMatchObject([
        { plugin: 'shelf', operation: 'order', reason },
        { plugin: 'shelf', operation: 'offer', reason },
        { plugin: 'shelf', operation: 'offer', reason },
      ])
      expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 1_000, held: 0 })
    },
  )

  it('R7: cancelled, points go back to their lots, stock and limit too', async () => {
    const test = await open(store, {
      offer: { stock: { total: 1, perDay: 1 }, limitPerMember: { count: 1, period: 'day' } },
    })
    const redemption = await test.redeem()
    assertDone(redemption)
    expect(codeOf(await test.redeem())).toBe('LIMIT_REACHED')
    test.script.cancels = ['unknown']
    expect(await test.program.redemptions.cancel(redemption.id)).toMatchObject({
      status: 'cancelling',
    })
    // Under lease it is as it is; later whoever asks again drives it on.
    expect(await test.program.redemptions.cancel(redemption.id)).toMatchObject({
      status: 'cancelling',
    })
    expect(test.taken.has(redemption.id)).toBe(false)
    test.time.now += 3_600_000
    expect(await test.program.redemptions.cancel(redemption.id)).toMatchObject({
      status: 'cancelled',
    })
    expect(test.taken.has(redemption.id)).toBe(true)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 1_000, held: 0 })
    expect(await test.stockSold()).toBe(0)
    expect(await test.redeem()).toMatchObject({ status: 'fulfilled' })
  })

  it('R7: what the channel does not take back stays spent', async () => {
    const test = await open(store)
    const redemption = await test.redeem()
    assertDone(redemption)
    test.script.cancels = ['refused']
    expect(await test.program.redemptions.cancel(redemption.id)).toMatchObject({ code: 'EMPTY' })
    expect(await test.program.redemptions.find(redemption.id)).toMatchObject({
      status: 'fulfilled',
    })
    // Later it may.
    expect(await test.program.redemptions.cancel(redemption.id)).toMatchObject({
      status: 'cancelled',
      refusal: null,
    })
    expect(await test.program.redemptions.cancel('gone')).toMatchObject({
      code: 'REDEMPTION_NOT_FOUND',
    })
    test.script.answers = ['refused']
    const released = await test.redeem()
    assertDone(released)
    expect(await test.program.redemptions.cancel(released.id)).toMatchObject({
      code: 'REDEMPTION_NOT_FULFILLED',
    })
  })

  it('L2: points whose lot expired meanwhile get the days of grace, or are forfeit', async () => {
    for (const [reinstate, available] of [
      [{ policy: 'grace', days: 30 }, 100],
      [{ policy: 'forfeit' }, 0],
    ] as const) {
      const test = await open(store, {
        points: 100,
        policy: {
          reinstate,
          kinds: {
            purchase: { title: tea.title, expiry: { term: 'days', days: 1 } },
            task: { title: tea.title, expiry: { term: 'never' } },
          },
        },
      })
      const redemption = await test.redeem()
      assertDone(redemption)
      test.time.now += 10 * DAY_MS
      await test.program.redemptions.cancel(redemption.id)
      expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available })
      test.time.now = Date.parse('2026-02-14T23:59:59.999+08:00')
      expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available })
      test.time.now += 1
      expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0 })
    }
  })

  it('W1: counts every step of a redemption by its channel and the tier it was made in', async () => {
    const silver = { id: 'silver', title: tea.title, threshold: '5000', earnMultiplier: '1' }
    const regular = { ...silver, id: 'regular', threshold: '0' }
    const test = await open(store, { policy: { tiers: { levels: [regular, silver] } } })
    test.script.answers = ['unknown']
    const redemption = await test.redeem()
    assertDone(redemption)
    // The member moves up in between; the points were spent by a regular one.
    test.time.now += 3_600_000
    await give(test, 'ann', 9_000)
    const { version } = await balanceOf(test, 'ann')
    await test.program.redemptions.takeUpDue(10)
    await test.program.redemptions.cancel(redemption.id)
    const steps = await test.ledger.store.findTransactions(1, { after: version, limit: 9 })
    expect(steps.map(({ type, labels }) => [type, labels])).toEqual(
      ['note', 'capture', 'note', 'refund'].map((type) => [
        type,
        { channel: 'shelf', tier: 'regular' },
      ]),
    )
    test.script.answers = ['refused']
    expect(await test.redeem()).toMatchObject({ status: 'released' })
    const [release] = await test.ledger.store.findTransactions(1, { before: null, limit: 1 })
    expect(release).toMatchObject({ type: 'release', labels: { channel: 'shelf', tier: 'silver' } })
  })

  it('R8: never oversold, and sold to the last', async () => {
    const members = Array.from({ length: 12 }, (_, n) => `m${n}`)
    const test = await open(store, { offer: { stock: { total: 25 } }, members })
    test.script.answers = Array.from({ length: 30 }, (_, n) => (n % 3 ? 'fulfilled' : 'refused'))
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => test.redeem(members[n % 12], `k${n}`)),
    )
    const fulfilled = answers.filter((it) => !isRefusal(it) && it.status === 'fulfilled').length
    expect(fulfilled).toBeLessThanOrEqual(25)
    expect(await test.stockSold()).toBe(fulfilled)
    // What was released while others found it sold out can be had now.
    test.script.answers = []
    for (let n = fulfilled; n < 25; n++) {
      expect(await test.redeem(members[n % 12], `later${n}`)).toMatchObject({ status: 'fulfilled' })
    }
    expect(await test.redeem('m1', 'last')).toMatchObject({
      code: 'OUT_OF_STOCK',
      figures: { available: 0 },
    })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('R1: a limit a member holds when everything comes at once', async () => {
    const test = await open(store, { offer: { limitPerMember: { count: 3, period: 'month' } } })
    const answers = await Promise.all(Array.from({ length: 9 }, () => test.redeem()))
    expect(answers.map(codeOf).filter((code) => code === 'done')).toHaveLength(3)
    expect(answers.filter(isRefusal)[0]).toMatchObject({
      code: 'LIMIT_REACHED',
      figures: { limit: 3, when: Date.parse('2026-02-01T00:00:00+08:00') },
    })
  })

  it('R1: stock a day comes back with the day', async () => {
    const test = await open(store, { offer: { stock: { perDay: 1 } } })
    expect(codeOf(await test.redeem())).toBe('done')
    expect(await test.redeem()).toMatchObject({
      code: 'OUT_OF_STOCK',
      figures: { available: 0, when: Date.parse('2026-01-06T00:00:00+08:00') },
    })
    test.time.now += DAY_MS
    expect(codeOf(await test.redeem())).toBe('done')
  })

  it.each<[string, object, object, string, object]>([
    ['not active', { active: false }, {}, 'OFFER_NOT_OPEN', {}],
    [
      'not yet',
      { window: { from: MONDAY_NOON + 5 } },
      {},
      'OFFER_NOT_OPEN',
      { when: MONDAY_NOON + 5 },
    ],
    ['no longer', { window: { until: MONDAY_NOON } }, {}, 'OFFER_NOT_OPEN', {}],
    ['another tier', { tiers: ['gold'] }, {}, 'OFFER_NOT_FOR_YOU', {}],
    ['another region', { regions: ['class-1'] }, {}, 'OFFER_NOT_FOR_YOU', {}],
    ['what the channel has against it', {}, { order: { name: 'nobody' } }, 'EMPTY', {}],
    [
      'what the channel cannot read',
      {},
      { order: { nome: '' } },
      'INVALID_INPUT',
      { field: 'order.nome' },
    ],
    ['an offer that is not there', {}, { offerId: 'gone' }, 'OFFER_NOT_FOUND', {}],
    ['an offer and a quote', {}, { quoteId: 'x' }, 'INVALID_INPUT', { field: 'offerId' }],
    ['no key', {}, { idempotencyKey: '' }, 'INVALID_INPUT', { field: 'idempotencyKey' }],
    [
      'a key without end',
      {},
      { idempotencyKey: 'x'.repeat(101) },
      'INVALID_INPUT',
      { field: 'idempotencyKey' },
    ],
    [
      'too few points',
      { price: { byHand: 1_001 } },
      {},
      'INSUFFICIENT_POINTS',
      { available: 1_000, needed: 1_001 },
    ],
  ])('R1: refuses %s', async (_, offer, request, code, figures) => {
    const test = await open(store, { offer })
    expect(await test.redeem('ann', 'k', request)).toMatchObject({ code, figures })
    expect((await balanceOf(test, 'ann')).version).toBe(1)
    expect(await test.stockSold()).toBe(0)
  })

  it('R3: a quote is a promise to one member, once, for some minutes', async () => {
    const test = await open(store, { members: ['ann', 'bob'], policy: { quotes: { minutes: 5 } } })
    const quote = await test.program.redemptions.quote({ memberId: 'ann', offerId: 'tea' })
    const other = await test.program.redemptions.quote({ memberId: 'ann', offerId: 'tea' })
    assertDone(quote)
    assertDone(other)
    expect(quote).toMatchObject({ points: 100, expiresAt: MONDAY_NOON + 300_000 })
    await test.program.offers.update({ id: 'tea', price: { byHand: 500 } })
    const use = (memberId: string, quoteId: string) =>
      test.program.redemptions.redeem({ memberId, quoteId })
    expect(await use('bob', quote.id)).toMatchObject({ code: 'QUOTE_NOT_FOUND' })
    const redeemed = await use('ann', quote.id)
    expect(redeemed).toMatchObject({ points: 100, status: 'fulfilled' })
    test.time.now = quote.expiresAt
    expect(await use('ann', quote.id)).toEqual(redeemed)
    expect(await use('ann', other.id)).toMatchObject({
      code: 'QUOTE_EXPIRED',
      figures: { when: quote.expiresAt },
    })
    test.time.now += 31 * DAY_MS
    expect(await test.program.redemptions.forgetQuotes(10)).toBe(2)
    expect(await use('ann', other.id)).toMatchObject({ code: 'QUOTE_NOT_FOUND' })
  })

  it('lists a member’s redemptions, the newest first', async () => {
    const test = await open(store)
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      test.time.now += 1_000
      const redemption = await test.redeem()
      assertDone(redemption)
      ids.unshift(redemption.id)
    }
    const list = async (before: string | null) =>
      (await test.program.redemptions.findOfWallet(1, { before, limit: 2 })).map(({ id }) => id)
    expect(await list(null)).toEqual(ids.slice(0, 2))
    expect(await list(ids[1]!)).toEqual(ids.slice(2))
  })
})

describe('ids', () => {
  it('sort by time, and differ', () => {
    const ids = [1, 2, 31, 32, 1_000, 1_024, Date.UTC(2026, 0, 1), Date.UTC(9999, 0, 1)].map(newId)
    expect(ids.toSorted()).toEqual(ids)
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true)
    expect(new Set(Array.from({ length: 1_000 }, () => newId(5))).size).toBe(1_000)
  })
})
