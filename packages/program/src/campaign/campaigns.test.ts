import { verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'x', zh: 'x' }
const window = { title, from: '2026-01-01T00:00:00+08:00', until: '2026-02-01T00:00:00+08:00' }
const firstPolicy = {
  campaigns: [
    { ...window, id: 'double', multiplier: '2', kind: 'campaign', department: 'marketing' },
    { ...window, id: 'gift', extraPoints: 30, kind: 'bonus', expiry: { term: 'days', days: 7 } },
    { ...window, id: 'plus', multiplier: '1.1', sources: ['purchase'] },
    { ...window, id: 'closed', until: '2026-01-02T00:00:00+08:00', multiplier: '9' },
  ],
}
const LOTS = `{ member(id: "ann") { wallet { balance { available } lots(first: 10) { nodes {
  kind available expiresAt } } } } }`

const buy = (orderId: string, quantity: number) => ({
  source: 'purchase',
  memberId: 'ann',
  event: { orderId, at: MONDAY_NOON, lines: [{ id: '1', quantity, priceMinor: 1_000 }] },
})
const giveBack = (once: string, quantity: number, returnId = 'r') => ({
  source: 'purchase',
  once,
  taken: { returnId, lines: [{ line: '1', quantity }] },
})

async function openShop(store: Parameters<typeof openTestProgram>[0]) {
  const test = await openTestProgram(store, { firstPolicy })
  await test.program.members.register({ id: 'ann' })
  return test
}
const lotsOf = async (test: TestProgram) =>
  (await dataOf(test, LOTS)).member.wallet.lots.nodes.map((it: { kind: string }) => it)

describe.each(availableStores())('E11: campaigns on %s', (store) => {
  it('E11: what one adds is a lot of its kind and its own term; each is told, and counted by', async () => {
    const test = await openShop(store)
    const earned = await test.program.earn(buy('o', 10))
    assertDone(earned)
    expect(earned.points).toBe(250)
    const { explanation, labels } = earned.transaction
    expect(explanation.filter(({ step }) => step === 'campaign')).toMatchObject([
      { points: 100, figures: { campaign: 'double', rate: '2' } },
      { points: 30, figures: { campaign: 'gift', points: 30 } },
      { points: 20, figures: { campaign: 'plus', rate: '1.1' } },
    ])
    expect(labels).toMatchObject({ campaign: 'double+gift+plus', department: 'marketing' })
    const lots = await lotsOf(test)
    expect(lots).toHaveLength(3)
    expect(lots).toEqual(
      expect.arrayContaining([
        // What has no terms of its own lies with what is earned anyway.
        { kind: 'purchase', available: 120, expiresAt: '2027-01-31T16:00:00.000Z' },
        { kind: 'campaign', available: 100, expiresAt: '2026-02-28T16:00:00.000Z' },
        { kind: 'bonus', available: 30, expiresAt: '2026-01-12T16:00:00.000Z' },
      ]),
    )
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('L5, E11: a return takes back of each, and a cancellation all', async () => {
    const test = await openShop(store)
    assertDone(await test.program.earn(buy('o', 10)))
    const half = await test.program.returnEarned(giveBack('o', 5))
    assertDone(half)
    // 5 goods: 50 × 2.2 + 30.
    expect(half.points).toBe(-110)
    expect(half.transaction.labels).toMatchObject({ campaign: 'double+gift+plus' })
    const left = (await lotsOf(test)).map((lot: { kind: string; available: number }) => [
      lot.kind,
      lot.available,
    ])
    expect(Object.fromEntries(left)).toEqual({ purchase: 60, campaign: 50, bonus: 30 })
    assertDone(await test.program.cancelEarned({ source: 'purchase', once: 'o' }))
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0, debt: 0 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('L5, E11: what a campaign added and ran out is not asked for again', async () => {
    const test = await openShop(store)
    assertDone(await test.program.earn(buy('o', 10)))
    test.time.now = Date.parse('2026-01-20T00:00:00+08:00')
    expect((await balanceOf(test, 'ann')).balance.available).toBe(220)
    const all = await test.program.returnEarned(giveBack('o', 10))
    assertDone(all)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0, debt: 0 })
    expect(all.transaction.explanation).toMatchObject([
      { step: 'return', points: -250, figures: { taken: 220, forgiven: 30 } },
    ])
  })

  it('E8, E11: what a cap cuts, it cuts from campaigns first', async () => {
    const test = await openTestProgram(store, {
      firstPolicy: { ...firstPolicy, caps: { pointsPerDay: { limit: 210 } } },
    })
    await test.program.members.register({ id: 'ann' })
    assertDone(await test.program.earn(buy('o', 10)))
    const lots = (await lotsOf(test)).map((lot: { kind: string; available: number }) => [
      lot.kind,
      lot.available,
    ])
    expect(Object.fromEntries(lots)).toEqual({ purchase: 100, campaign: 100, bonus: 10 })
  })

  it('E11: names faults: a kind that there is not, a term that is none', async () => {
    const { program } = await openShop(store)
    const campaigns = [
      { ...window, id: 'a', kind: 'gone' },
      { ...window, id: 'b', expiry: { term: 'moons' } },
      { ...window, id: 'c', budget: -1 },
    ]
    const updated = await program.policies.update({ document: { campaigns }, by: 'test' })
    const paths = 'faults' in updated ? updated.faults?.map(({ path }) => path) : []
    expect(paths).toContain('campaigns.1.expiry.term')
    expect(paths).toContain('campaigns.2.budget')
    const kind = await program.policies.update({
      document: { campaigns: campaigns.slice(0, 1) },
      by: 'test',
    })
    expect(kind).toMatchObject({ faults: [{ path: 'campaigns.0.kind' }] })
  })
})
