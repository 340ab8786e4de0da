import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../test/support/databases.js'
import {
  balanceOf,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../test/support/test-program-plugins.js'

const SERVERS = 3
const sharedStores = availableStores().filter((store) => store !== 'memory')

/** Servers that share a database, each with a ledger and a programme of its own. */
async function openServers(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const given = new Map<string, number>()
  const shelf = scriptedChannel({
    async fulfil(id) {
      given.set(id, (given.get(id) ?? 0) + 1)
      return { outcome: 'fulfilled', receipt: { id } }
    },
  })
  const plugins = [shop, shelf]
  const first = await openTestProgram(store, { plugins, firstPolicy })
  const { url, time } = first
  const servers = [first]
  for (let n = 1; n < SERVERS; n++) {
    servers.push(await openTestProgram(store, { plugins, url, time }))
  }
  /** The same of every server at once. */
  const everywhere = <T>(ask: (server: TestProgram, n: number) => Promise<T>) =>
    Promise.all(servers.map(ask))
  return { first, servers, everywhere, given }
}

const buy = (orderId: string, memberId: string, yuan: number) => ({
  source: 'purchase',
  memberId,
  event: { orderId, at: MONDAY_NOON, lines: [{ id: '1', quantity: 1, priceMinor: yuan * 100 }] },
})

describe.each(sharedStores)('several servers on one %s', (store) => {
  it('L4: an order sent to all of them at once is one transaction', async () => {
    const { first, everywhere } = await openServers(store)
    await first.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    for (let round = 0; round < 10; round++) {
      const answers = await everywhere(({ program }) => program.earn(buy(`o${round}`, 'ann', 10)))
      for (const answer of answers) assertDone(answer)
      expect(answers.filter((it) => !isRefusal(it) && !it.replayed)).toHaveLength(1)
      expect(new Set(answers.map((it) => !isRefusal(it) && it.transaction.id)).size).toBe(1)
    }
    expect((await balanceOf(first, 'ann')).balance.available).toBe(100)

    // One order for two members: whoever was first has it, the other is told so.
    const crossed = await everywhere(({ program }, n) =>
      program.earn(buy('crossed', n === 0 ? 'ann' : 'bob', 10)),
    )
    const refusals = crossed.filter(isRefusal)
    expect(refusals.length).toBeGreaterThan(0)
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
        figures: { field: 'memberId' },
      })
    }
    const sum =
      (await balanceOf(first, 'ann')).balance.available +
      (await balanceOf(first, 'bob')).balance.available
    expect(sum).toBe(110)
  })

  it('L5: a return, a confirmation and a cancellation sent to all of them count once', async () => {
    const { first, everywhere } = await openServers(store)
    await first.program.members.register({ id: 'ann' })
    await first.program.earn(buy('o', 'ann', 10))
    await first.program.earn(buy('p', 'ann', 10))
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 1 }] }
    await everywhere(({ program }) =>
      program.returnEarned({ source: 'purchase', once: 'o', taken }),
    )
    expect((await balanceOf(first, 'ann')).balance.available).toBe(10)
    const mixed = await everywhere(({ program }, n) =>
      n === 0
        ? program.confirmEarned({ source: 'purchase', once: 'p' })
        : program.cancelEarned({ source: 'purchase', once: 'p' }),
    )
    expect(mixed.slice(1).filter(isRefusal)).toEqual([])
    expect((await balanceOf(first, 'ann')).balance).toMatchObject({ available: 0, debt: 0 })
  })

  it('L5: one that has not heard of a policy yet takes back what was granted under it', async () => {
    const { first, servers } = await openServers(store)
    await first.program.members.register({ id: 'ann' })
    const document = { sources: { purchase: { settings: { minorPerPoint: 50 } } } }
    const updated = await first.program.policies.update({ document, by: 'test' })
    expect(updated).toHaveProperty('updated')
    expect(await first.program.earn(buy('o', 'ann', 10))).toMatchObject({ points: 20 })
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 1 }] }
    const name = { source: 'purchase', once: 'o' }
    expect(await servers[1]!.program.returnEarned({ ...name, taken })).toMatchObject({
      points: -20,
    })
  })

  it('E8: caps hold across them', async () => {
    const { first, everywhere } = await openServers(store, {
      caps: { pointsPerDay: { limit: 500 }, ordersPerDay: { limit: 40 } },
    })
    await first.program.members.register({ id: 'ann' })
    const answers = await everywhere(({ program }, n) =>
      program.earnMany(Array.from({ length: 20 }, (_, k) => buy(`o${n}-${k}`, 'ann', 17))),
    )
    const points = answers.flat().map((it) => (isRefusal(it) ? Number.NaN : it.points))
    expect(points.reduce((sum, it) => sum + it, 0)).toBe(500)
    expect((await balanceOf(first, 'ann')).balance.available).toBe(500)
  })

  it('E9: a budget holds to the point across them, with returns in between', async () => {
    const budgets = { programme: { period: 'month', points: 5_000 }, reservePercent: 10 }
    const { first, everywhere } = await openServers(store, { budgets })
    const members = Array.from({ length: 40 }, (_, n) => `m${n}`)
    await first.program.members.registerMany(members.map((id) => ({ id })))
    const standing = async () => {
      const wallets = await Promise.all(members.map((id) => balanceOf(first, id)))
      return wallets.reduce((sum, { balance }) => sum + balance.available - balance.debt, 0)
    }
    for (let round = 0; round < 3; round++) {
      await everywhere(({ program }, n) =>
        program.earnMany(
          members.map((id, k) => buy(`o${round}-${n}-${k}`, id, 1 + ((k * 7 + n) % 50))),
        ),
      )
      expect(await standing()).toBeLessThanOrEqual(4_500)
      await everywhere(({ program }, n) =>
        Promise.all(
          [1, 2, 3].map((k) =>
            program.cancelEarned({ source: 'purchase', once: `o${round}-${n}-${k + round}` }),
          ),
        ),
      )
    }
    await everywhere(({ program }, n) =>
      program.earnMany(members.map((id, k) => buy(`last-${n}-${k}`, id, 200))),
    )
    expect(await standing()).toBe(4_500)
    expect(await verifyLedger(first.ledger.store)).toMatchObject({ ok: true })
  })

  it('E9: one that has not heard of a lowered budget keeps to it', async () => {
    const budgetOf = (points: number) => ({
      budgets: { programme: { period: 'month', points }, reservePercent: 10 },
    })
    const { first, servers } = await openServers(store, budgetOf(1_000))
    await first.program.members.register({ id: 'ann' })
    expect(await first.program.earn(buy('o', 'ann', 300))).toMatchObject({ points: 300 })
    await first.program.policies.update({ document: budgetOf(200), by: 'rosa' })
    expect(await first.program.earn(buy('p', 'ann', 1))).toMatchObject({ points: 0 })
    for (const [n, { program }] of servers.entries()) {
      expect(await program.earn(buy(`q${n}`, 'ann', 1))).toMatchObject({ points: 0 })
    }
  })

  it('R6, R8: stock is never oversold, and the same key is the same redemption on each', async () => {
    const { first, everywhere, given } = await openServers(store)
    const members = Array.from({ length: 6 }, (_, n) => `m${n}`)
    await first.program.members.registerMany(members.map((id) => ({ id })))
    await first.program.earnMany(members.map((id) => buy(`for-${id}`, id, 1_000)))
    const offer = await first.program.offers.create({
      id: 'tea',
      channel: 'shelf',
      title: { en: 'Tea', zh: '茶' },
      cashValue: '1.00 CNY',
      price: { byHand: 10 },
      stock: { total: 20 },
    })
    assertDone(offer)
    const answers = await everywhere(({ program }) =>
      Promise.all(
        Array.from({ length: 30 }, (_, k) =>
          program.redemptions.redeem({
            memberId: members[k % 6]!,
            offerId: 'tea',
            // Every server is asked for the same thirty.
            idempotencyKey: `k${k}`,
          }),
        ),
      ),
    )
    const ids = new Set(answers.flat().flatMap((it) => (isRefusal(it) ? [] : [it.id])))
    expect(ids.size).toBe(20)
    expect(answers.flat().filter((it) => isRefusal(it) && it.code !== 'OUT_OF_STOCK')).toEqual([])
    expect([...given.keys()].toSorted()).toEqual([...ids].toSorted())
    expect([...given.values()].every((times) => times === 1)).toBe(true)
    const spent = await Promise.all(members.map((id) => balanceOf(first, id)))
    expect(spent.reduce((sum, { balance }) => sum + balance.available, 0)).toBe(6_000 - 200)
    expect(spent.every(({ balance }) => balance.held === 0)).toBe(true)
    expect(await verifyLedger(first.ledger.store)).toMatchObject({ ok: true })
  })

  it('R6: what one that died left behind, any other takes up, once', async () => {
    const { first, servers, everywhere, given } = await openServers(store)
    await first.program.members.register({ id: 'ann' })
    await first.program.earn(buy('o', 'ann', 1_000))
    await first.program.offers.create({
      id: 'tea',
      channel: 'shelf',
      title: { en: 'Tea', zh: '茶' },
      cashValue: '1.00 CNY',
    })
    const dying = servers[1]!
    const { post } = dying.ledger
    dying.ledger.post = async (command) => {
      if (command.key.endsWith(':capture')) throw new Error('the server died')
      return post(command)
    }
    const request = { memberId: 'ann', offerId: 'tea', idempotencyKey: 'k' }
    await expect(dying.program.redemptions.redeem(request)).rejects.toThrow('died')
    dying.ledger.post = post
    first.time.now += 3_600_000
    given.clear()
    await everywhere(({ program }) => program.redemptions.takeUpDue(10))
    expect([...given.values()]).toEqual([1])
    expect(await first.program.redemptions.redeem(request)).toMatchObject({ status: 'fulfilled' })
    expect((await balanceOf(first, 'ann')).balance).toMatchObject({ held: 0, available: 950 })
  })
})
