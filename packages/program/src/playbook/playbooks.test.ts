import { verifyLedger } from '@pointwell/ledger'
import type { Fulfilment } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { balanceOf, DAY_MS, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'
import { rankMissed } from './rank-missed.js'

const rules = viewerOf.operator('rules')
const REFUSAL = '... on Refusal { code field detail }'
const PLAYBOOK = `... on Playbook { id offerId state offersUp paused missed reached points appliedBy
  revertedBy progress { waiting given calledOff } }`
const offerOf = (id: string, more: object = {}) => ({
  id,
  channel: 'shelf',
  title: { en: id, zh: id },
  cashValue: '10.00 CNY',
  price: { byHand: 101 },
  ...more,
})

async function open(
  store: StoreName,
  {
    policy = {},
    url,
    spent = { ann: 500, bob: 900, cid: 300, dan: 700, eve: 200 },
  }: {
    policy?: object
    url?: string
    spent?: Record<string, number>
  } = {},
) {
  const channel = scriptedChannel({
    fulfil: async (): Promise<Fulfilment> => ({ outcome: 'fulfilled', receipt: 1 }),
  })
  const test = await openTestProgram(store, {
    plugins: [shop, channel],
    firstPolicy: policy,
    ...(url && { url }),
  })
  const { program, time } = test
  if (!url) {
    await program.members.registerMany(Object.keys(spent).map((id) => ({ id })))
    for (const [memberId, yuan] of Object.entries(spent)) {
      const lines = [{ id: '1', quantity: 1, priceMinor: yuan * 100 }]
      const event = { orderId: `o-${memberId}`, at: time.now, lines }
      assertDone(await program.earn({ source: 'purchase', memberId, event }))
    }
    assertDone(await program.offers.create(offerOf('tea', { stock: { total: 1 } }) as never))
    assertDone(await program.offers.create(offerOf('e-book', { active: false }) as never))
  }
  const redeem = (memberId: string, idempotencyKey = 'k') =>
    program.redemptions.redeem({ memberId, offerId: 'tea', idempotencyKey })
  const ask = async (field: string, args: string, viewer = rules) => {
    const plan = '... on PlaybookPlan { missed wanted reached points used room }'
    const [kind, selection] = field.startsWith('preview') ? ['query', plan] : ['mutation', PLAYBOOK]
    const query = `${kind} { answer: ${field}(${args}) { __typename ${selection} ${REFUSAL} } }`
    return (await dataOf(test, query, { viewer })).answer
  }
  const preview = (more = '') => ask('previewPlaybook', `input: { offerId: "tea" ${more} }`)
  const apply = (more = '', key = 'p') =>
    ask(
      'applyPlaybook',
      `input: { offerId: "tea", reason: "sold out in a minute", idempotencyKey: "${key}" ${more} }`,
    )
  const revert = (id: string) => ask('revertPlaybook', `id: "${id}", reason: "all is well again"`)
  const available = async (memberId: string) => (await balanceOf(test, memberId)).balance.available
  return { ...test, redeem, ask, preview, apply, revert, available }
}

/** One has it, four come too late, one of them twice. */
async function runOn(test: Awaited<ReturnType<typeof open>>) {
  assertDone(await test.redeem('eve'))
  for (const id of ['cid', 'ann', 'dan', 'bob']) {
    expect(await test.redeem(id)).toMatchObject({ code: 'OUT_OF_STOCK' })
  }
  expect(await test.redeem('ann', 'again')).toMatchObject({ code: 'OUT_OF_STOCK' })
}

describe.each(availableStores())('R14 on %s: a run on points', (store) => {
  it('previews, gives 1.5 times the points to who missed out, once each, and not to who has it', async () => {
    const test = await open(store)
    await runOn(test)
    const before = Object.fromEntries(
      await Promise.all(['ann', 'bob', 'eve'].map(async (id) => [id, await test.available(id)])),
    )
    const plan = { missed: 4, wanted: 608, reached: 4, points: 608, used: 0, room: null }
    expect(await test.preview()).toMatchObject(plan)
    const applied = await test.apply()
    expect(applied).toMatchObject({
      __typename: 'Playbook',
      state: 'APPLIED',
      missed: 4,
      reached: 4,
      points: 608,
      appliedBy: 'rosa',
      progress: { waiting: 0, given: 4, calledOff: 0 },
    })
    expect(await test.apply()).toEqual(applied)
    expect(await test.apply('compensate: false')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    expect(await test.apply('', 'p2')).toMatchObject({ missed: 0, reached: 0, points: 0 })
    expect(await test.available('ann')).toBe(before.ann + 152)
    expect(await test.available('bob')).toBe(before.bob + 152)
    expect(await test.available('eve')).toBe(before.eve)
    expect(await test.preview()).toMatchObject({ missed: 0 })
    // Whoever misses out again is made up to again.
    await test.redeem('ann', 'third')
    expect(await test.apply('', 'p3')).toMatchObject({ missed: 1, reached: 1, points: 152 })
    expect(await test.available('ann')).toBe(before.ann + 304)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('keeps a fifth of the period’s budget, and reaches those who spent most first', async () => {
    const budget = { period: 'month', points: 500 }
    const test = await open(store, { policy: { playbook: { budget } } })
    await runOn(test)
    expect(await test.preview()).toMatchObject({
      missed: 4,
      wanted: 608,
      reached: 2,
      points: 304,
      used: 0,
      room: 400,
    })
    const [ann, bob, dan] = await Promise.all(['ann', 'bob', 'dan'].map(test.available))
    expect(await test.apply()).toMatchObject({ reached: 2, points: 304 })
    expect(await test.available('bob')).toBe(bob! + 152)
    expect(await test.available('dan')).toBe(dan! + 152)
    expect(await test.available('ann')).toBe(ann)
    expect(await test.preview()).toMatchObject({ missed: 2, reached: 0, used: 304, room: 96 })
    // Another period has a budget of its own.
    test.time.now += 31 * DAY_MS
    expect(await test.preview()).toMatchObject({ missed: 2, reached: 2, used: 0, room: 400 })
  })

  it('changes offers and earning in one act, and puts them back', async () => {
    const test = await open(store)
    await runOn(test)
    const { program } = test
    const more = `offersUp: ["e-book"], pause: true,
      pointsAndCash: { leastPointsShare: "0.5", mostPointsShare: "0.8" }`
    const { id, ...applied } = await test.apply(more)
    expect(applied).toMatchObject({ state: 'APPLIED', paused: true, offersUp: ['e-book'] })
    const shares = { leastPointsShare: '0.5', mostPointsShare: '0.8' }
    expect(await program.offers.find('tea')).toMatchObject({ pointsAndCash: shares })
    expect(await program.offers.find('e-book')).toMatchObject({
      active: true,
      pointsAndCash: shares,
    })
    expect(await program.pauses.list({ openOnly: true, limit: 9 })).toHaveLength(1)
    const own = { leastPointsShare: '0.1', mostPointsShare: '0.2' }
    assertDone(await program.offers.update({ id: 'e-book', pointsAndCash: own }))

    const reverted = await test.revert(id)
    expect(reverted).toMatchObject({ state: 'REVERTED', revertedBy: 'rosa' })
    expect(await test.revert(id)).toEqual(reverted)
    expect(await program.offers.find('tea')).toMatchObject({ pointsAndCash: null, active: true })
    // Somebody has changed it since: it stays.
    expect(await program.offers.find('e-book')).toMatchObject({ pointsAndCash: own, active: true })
    expect(await program.pauses.list({ openOnly: true, limit: 9 })).toEqual([])
  })

  it('leaves a pause that was there before', async () => {
    const test = await open(store)
    const { pauses } = test.program
    assertDone(await pauses.pause({ source: null, reason: 'before', by: 'ops' }))
    test.time.now += 1_000
    const { id, paused } = await test.apply('pause: true')
    expect(paused).toBe(false)
    await test.revert(id)
    expect(await pauses.list({ openOnly: true, limit: 9 })).toHaveLength(1)
  })

  it('X5: lets points that end soon last longer', async () => {
    const kinds = {
      task: { title: { en: 'Task', zh: '任务' }, expiry: { term: 'days', days: 20 } },
      bonus: { title: { en: 'Bonus', zh: '奖励' }, expiry: { term: 'days', days: 200 } },
    }
    const sources = { purchase: { kind: 'task' } }
    const test = await open(store, { policy: { kinds, sources } })
    await runOn(test)
    await test.apply('extend: true')
    const { wallet } = (await test.program.members.find('ann'))!
    const lots = await test.ledger.store.findLots([wallet], { open: true })
    const days = lots.map(({ lot }) => Math.round((lot.expiresAt! - test.time.now) / DAY_MS))
    expect(days.sort((a, b) => a - b)).toEqual([51, 201])
  })

  it.each<[string, string, object]>([
    [
      'an offer there is not',
      'offersUp: ["none"]',
      { code: 'OFFER_NOT_FOUND', field: 'offersUp.0' },
    ],
    [
      'shares upside down',
      'pointsAndCash: { leastPointsShare: "0.9", mostPointsShare: "0.1" }',
      { code: 'INVALID_INPUT', field: 'pointsAndCash.leastPointsShare' },
    ],
  ])('refuses %s', async (_, more, refusal) => {
    const test = await open(store)
    await runOn(test)
    expect(await test.apply(more)).toMatchObject(refusal)
    expect(await test.preview()).toMatchObject({ missed: 4 })
    expect(await test.revert('none')).toMatchObject({ code: 'PLAYBOOK_NOT_FOUND', field: 'id' })
  })

  it('goes on where a server died, between any two steps, and gives each once', async () => {
    const test = await open(store)
    await runOn(test)
    const { program } = test
    const before = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(test.available))
    // It dies at a write of the programme's own tables: at the second, then at the first of the next try,
    // at its second, and so on, until one comes through.
    const dying = async (writes: number, work: () => Promise<unknown>): Promise<boolean> => {
      const write = test.database.write.bind(test.database)
      let left = writes
      let died = false
      const mortal = (async (what: never) => {
        died ||= left-- <= 0
        if (died) throw new Error('died')
        return write(what)
      }) as typeof write
      Object.assign(test.database, { write: mortal })
      await work().catch(() => undefined)
      Object.assign(test.database, { write })
      return died
    }
    expect(await dying(1, () => test.apply('pause: true, offersUp: ["e-book"]'))).toBe(true)
    let deaths = 1
    for (let writes = 0; ; writes++) {
      test.time.now += 60_000
      if (!(await dying(writes, () => program.playbooks.carryOn(10)))) break
      deaths++
    }
    expect(deaths).toBeGreaterThan(4)
    const [playbook] = await program.playbooks.page({ before: null, limit: 9 })
    expect(await program.playbooks.progress(playbook!.id)).toEqual({
      waiting: 0,
      given: 4,
      calledOff: 0,
    })
    expect(playbook).toMatchObject({ state: 'applied', nextTryAt: null })
    const after = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(test.available))
    expect(after).toEqual(before.map((points) => points + 152))
  })

  it('reverted while it gives: what was given is not called off, and what was called off is not given', async () => {
    const test = await open(store)
    await runOn(test)
    const { program } = test
    const members = ['ann', 'bob', 'cid', 'dan']
    const before = await Promise.all(members.map(test.available))
    // The server dies when it has given the first of them, before it writes that down; later it is reverted.
    const write = test.database.write.bind(test.database)
    const post = test.ledger.post.bind(test.ledger)
    let isDead = false
    Object.assign(test.ledger, {
      post: async (command: Parameters<typeof post>[0]) => {
        const done = await post(command)
        isDead = true
        return done
      },
    })
    Object.assign(test.database, {
      write: async (work: never) => {
        if (isDead) throw new Error('died')
        return write(work)
      },
    })
    await test.apply().catch(() => undefined)
    Object.assign(test.ledger, { post })
    Object.assign(test.database, { write })
    expect(isDead).toBe(true)
    const [playbook] = await program.playbooks.page({ before: null, limit: 9 })
    const reverted = await test.revert(playbook!.id)
    expect(reverted.state).toBe('REVERTED')
    const after = await Promise.all(members.map(test.available))
    const given = after.filter((points, n) => points === before[n]! + 152).length
    expect(given).toBeGreaterThan(0)
    expect(after.filter((points, n) => points === before[n]!)).toHaveLength(4 - given)
    expect(await program.playbooks.progress(playbook!.id)).toEqual({
      waiting: 0,
      given,
      calledOff: 4 - given,
    })
  })

  it('M8: who was merged is made up to under the other’s name, and who was erased is not', async () => {
    const test = await open(store)
    await runOn(test)
    const { program } = test
    const merge = { from: 'cid', into: 'eve', reason: 'one person', by: 'ops', idempotencyKey: 'm' }
    assertDone(await program.merges.merge(merge))
    assertDone(await program.erasures.erase({ memberId: 'dan', idempotencyKey: 'e', acting: null }))
    const eve = await test.available('eve')
    expect(await test.apply()).toMatchObject({ missed: 3, progress: { given: 3 } })
    expect(await test.available('eve')).toBe(eve + 152)
  })

  if (store !== 'memory') {
    it('two operators at two servers at once: nobody is made up to twice, and the budget holds', async () => {
      const budget = { period: 'month', points: 500 }
      const policy = { playbook: { budget } }
      const one = await open(store, { policy })
      await runOn(one)
      const two = await open(store, { policy, url: one.url })
      const before = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(one.available))
      await Promise.all([one.apply('', 'a'), two.apply('', 'b'), one.apply('', 'c')])
      const after = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(one.available))
      expect(after.map((points, n) => points - before[n]!)).toEqual([0, 152, 0, 152])
    })
  }
})

describe('rankMissed', () => {
  it('R14: gives the most valuable first, never more than there is room for, by an independent sum', () => {
    const missed = fc.uniqueArray(
      fc.record({
        member: fc.integer({ min: 1, max: 50 }),
        points: fc.integer({ min: 1, max: 1_000 }),
        firstAt: fc.nat(5),
      }),
      { selector: ({ member }) => member },
    )
    fc.assert(
      fc.property(
        missed,
        fc.nat(5_000),
        fc.integer({ min: 0, max: 300 }),
        (all, room, hundredths) => {
          const factor = (hundredths / 100).toFixed(2)
          const spentBy = (member: number) => (member * 7) % 11
          const { shares, points, wanted } = rankMissed(all, { factor, room, spentBy })
          const shareOf = (price: number) => Math.ceil((price * hundredths) / 100)
          expect(points).toBeLessThanOrEqual(room)
          expect(shares.reduce((sum, share) => sum + share.points, 0)).toBe(points)
          expect(all.reduce((sum, it) => sum + shareOf(it.points), 0)).toBe(wanted)
          const reached = new Set(shares.map(({ member }) => member))
          const least = Math.min(...shares.map(({ member }) => spentBy(member)))
          for (const { member } of all) {
            if (!reached.has(member)) expect(spentBy(member)).toBeLessThanOrEqual(least)
          }
          const values = shares.map(({ member }) => spentBy(member))
          expect(values).toEqual(values.toSorted((a, b) => b - a))
        },
      ),
    )
  })
})
