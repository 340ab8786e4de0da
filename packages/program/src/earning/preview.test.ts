import { isRefusal } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const order = (orderId: string, yuan: number, more: object = {}) => ({
  source: 'purchase',
  memberId: 'ann',
  event: {
    orderId,
    at: MONDAY_NOON,
    lines: [{ id: '1', quantity: 1, priceMinor: yuan * 100 }],
    ...more,
  },
})

async function open(store: StoreName, firstPolicy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy })
  await test.program.members.register({ id: 'ann' })
  return test
}

describe.each(availableStores())('L9: what an event would earn, on %s', (store) => {
  it('is what it earns then, with the same explanation and terms, and is not written', async () => {
    const test = await open(store, { caps: { pointsPerDay: { limit: 150 } } })
    const { program } = test
    const before = await balanceOf(test, 'ann')
    const request = order('o1', 200, { confirmed: false })
    const preview = await program.preview(request)
    assertDone(preview)
    expect(preview).toMatchObject({
      memberId: 'ann',
      once: 'o1',
      recorded: false,
      points: 150,
      explanation: [
        { step: 'base', points: 200 },
        { step: 'tier', points: 0 },
        { step: 'cap', points: -50, figures: { cap: 'points', limit: 150, used: 0 } },
      ],
      lot: { kind: 'purchase', pending: true, confirmAt: null, claimMs: null },
      details: { minor: 200_00 },
    })
    expect(await balanceOf(test, 'ann')).toEqual(before)
    expect(await program.findEarned({ source: 'purchase', once: 'o1' })).toBeNull()
    // However often it is asked.
    expect(await program.preview(request)).toEqual(preview)

    const earned = await program.earn(request)
    assertDone(earned)
    expect(earned.points).toBe(preview.points)
    expect(earned.transaction.explanation).toEqual(preview.explanation)
    expect(earned.transaction.termed[0]).toMatchObject({ expiresAt: preview.lot?.expiresAt })
    expect(await program.preview(order('o2', 10))).toMatchObject({ points: 0, lot: null })
    expect(await program.preview(request)).toEqual({ ...preview, recorded: true })
  })

  it('is refused as it would be', async () => {
    const { program } = await open(store)
    await program.members.register({ id: 'bob' })
    assertDone(await program.earn(order('o1', 10)))
    for (const request of [
      order('o1', 20),
      { ...order('o1', 10), memberId: 'bob' },
      { ...order('o2', 10), memberId: 'nobody' },
      order('o2', 10, { at: MONDAY_NOON - 400 * DAY_MS }),
      order('o2', 10, { at: MONDAY_NOON + 400 * DAY_MS }),
      order('o2', 10, { orderId: '' }),
      { source: 'broken', memberId: 'ann', event: { id: '1', how: 'nonsense' } },
      { source: 'broken', memberId: 'ann', event: { id: '2', how: 'throws' } },
      { source: 'broken', memberId: 'ann', event: { id: '3', how: 'hangs' } },
    ]) {
      const preview = await program.preview(request)
      expect(isRefusal(preview)).toBe(true)
      expect(preview).toEqual(await program.earn(request))
    }
  })

  it('goes by what the member remembers and is by now: points that come due, tiers, streaks', async () => {
    const { program, time } = await open(store)
    assertDone(await program.earn(order('o1', 6_000)))
    const ring = () => ({ source: 'bell', memberId: 'ann', event: { at: time.now } })
    assertDone(await program.earn(ring()))
    time.now += 400 * DAY_MS
    assertDone(await program.earn(ring()))
    time.now += DAY_MS
    expect(await program.preview(ring())).toMatchObject({ points: 7 })
    expect(await program.preview(order('o2', 100, { at: time.now }))).toMatchObject({
      explanation: [{ step: 'base', points: 100 }, { step: 'tier' }],
    })
    const all = order('o3', 100, { at: time.now })
    const preview = await program.preview(all)
    const earned = await program.earn(all)
    assertDone(preview)
    assertDone(earned)
    expect(earned.points).toBe(preview.points)
  })
})
