import { verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const months = (count: number) => ({ term: 'months', months: count })
const byActivity = { high: months(6), medium: months(12), low: months(24) }
const kinds = (more: object = {}) => ({
  task: { title: { en: 'Task', zh: '任务' }, expiry: months(3), byActivity, ...more },
  purchase: { title: { en: 'Purchase', zh: '消费' }, expiry: months(12) },
})

async function open(store: Parameters<typeof openTestProgram>[0], policy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy: { kinds: kinds(), ...policy } })
  await test.program.members.register({ id: 'ann' })
  return test
}

const ring = async (test: TestProgram) => {
  const rung = await test.program.earn({
    source: 'bell',
    memberId: 'ann',
    event: { at: test.time.now },
  })
  assertDone(rung)
}
const activityOf = async (test: TestProgram) => {
  const { me } = await dataOf(test, '{ me { activity } }', { viewer: viewerOf.member('ann') })
  return me.activity
}
/** The first instant after each lot, the oldest first. */
const endsOf = async (test: TestProgram) => {
  const lots = '{ me { wallet { lots(first: 50) { nodes { expiresAt } } } } }'
  const { me } = await dataOf(test, lots, { viewer: viewerOf.member('ann') })
  return me.wallet.lots.nodes.map((lot: { expiresAt: string }) => lot.expiresAt).reverse()
}

describe.each(availableStores())('activity on %s', (store) => {
  it('M5: comes from what the member did, and goes with time', async () => {
    const test = await open(store)
    expect(await activityOf(test)).toBe('LOW')
    const seen = []
    for (let day = 0; day < 5; day++) {
      await ring(test)
      seen.push(await activityOf(test))
      test.time.now += DAY_MS
    }
    expect(seen).toEqual(['LOW', 'MEDIUM', 'MEDIUM', 'MEDIUM', 'HIGH'])
    test.time.now = MONDAY_NOON + 30 * DAY_MS
    expect(await activityOf(test)).toBe('MEDIUM')
    test.time.now = MONDAY_NOON + 40 * DAY_MS
    expect(await activityOf(test)).toBe('LOW')
  })

  it('M5: an operator’s act and what is due do not make a member active', async () => {
    const test = await open(store)
    await ring(test)
    for (let day = 1; day < 8; day++) {
      test.time.now = MONDAY_NOON + day * DAY_MS
      const input = {
        memberId: 'ann',
        points: 10,
        kind: 'purchase',
        reason: 'a gift',
        idempotencyKey: `k${day}`,
      }
      const adjust = `mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) { __typename } }`
      await dataOf(test, adjust, { variables: { input } })
    }
    expect(await activityOf(test)).toBe('LOW')
  })

  it('X3: high 6 months, medium 12, low 24, by the class before the act', async () => {
    const test = await open(store)
    for (let day = 0; day < 6; day++) {
      await ring(test)
      test.time.now += DAY_MS
    }
    const ends = await endsOf(test)
    // January 2026 and 24, 12 or 6 natural months; the first instant after.
    expect(ends).toEqual([
      '2028-01-31T16:00:00.000Z',
      '2028-01-31T16:00:00.000Z',
      '2027-01-31T16:00:00.000Z',
      '2027-01-31T16:00:00.000Z',
      '2027-01-31T16:00:00.000Z',
      '2026-07-31T16:00:00.000Z',
    ])
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('X3: gold never, however active', async () => {
    const gold = {
      id: 'gold',
      title: { en: 'Gold', zh: '金' },
      threshold: '0',
      expiry: { term: 'never' },
    }
    const test = await open(store, { tiers: { levels: [gold] } })
    await ring(test)
    test.time.now += 3 * 366 * DAY_MS
    expect(await endsOf(test)).toEqual([null])
    expect((await balanceOf(test, 'ann')).balance.available).toBe(5)
  })

  it('E1: thresholds and window are the policy’s, from the next look on', async () => {
    const test = await open(store)
    await ring(test)
    expect(await activityOf(test)).toBe('LOW')
    const document = { kinds: kinds(), activity: { windowDays: 7, highFrom: 2, mediumFrom: 1 } }
    const updated = await test.program.policies.update({ document, by: 'rosa' })
    expect(updated).toHaveProperty('updated')
    expect(await activityOf(test)).toBe('MEDIUM')
    test.time.now += 7 * DAY_MS
    expect(await activityOf(test)).toBe('LOW')
  })

  it.each([
    [{ highFrom: 2, mediumFrom: 2 }, 'activity.highFrom'],
    [{ windowDays: 4 }, 'activity.highFrom'],
    [{ windowDays: 93 }, 'activity.windowDays'],
  ])('E1: refuses %j', async (activity, path) => {
    const test = await open(store)
    const updated = await test.program.policies.update({
      document: { kinds: kinds(), activity },
      by: 'rosa',
    })
    expect(updated).toMatchObject({ faults: [{ path }] })
  })
})
