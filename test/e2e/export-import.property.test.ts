import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal, type Lot, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askProgram } from '../support/ask-program.js'
import { hasMysql } from '../support/databases.js'
import { exportTo, importFrom } from '../support/moved-holdings.js'
import { review } from '../support/run-review.js'
import {
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../support/test-program.js'

const title = { en: 'x', zh: 'x' }
const POLICY = {
  kinds: {
    base: { title, expiry: { term: 'months', months: 24 } },
    purchase: { title, expiry: { term: 'days', days: 40 } },
    task: { title, expiry: { term: 'never' } },
  },
  sources: { purchase: { settings: { confirmAfterMs: 6 * DAY_MS, claimMs: 5 * DAY_MS } } },
  identities: { limits: { phone: 2 } },
  membership: { enabled: true, firstTermMonths: 12 },
  caps: { perSource: { purchase: [{ period: 'week', limit: 3_000 }] } },
}

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('buy' as const),
      yuan: fc.integer({ min: 1, max: 9_000 }),
      waits: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('ring' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('giveBack' as const), n: fc.nat({ max: 5 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('adjust' as const),
      points: fc.integer({ min: -900, max: 900 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('freeze' as const),
      points: fc.integer({ min: 1, max: 400 }),
      days: fc.option(fc.integer({ min: 1, max: 60 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('member' as const),
      days: fc.option(fc.integer({ min: -3, max: 50 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('tier' as const),
      days: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('accelerate' as const) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('claim' as const) }) },
)
const story = fc.array(
  fc.record({ who: fc.nat({ max: 3 }), waitHours: fc.integer({ min: 0, max: 200 }), act }),
  { maxLength: 24 },
)
type Story = ReturnType<typeof story.generate>['value']
type Act = Story[number]['act']

/** One of everything that a wallet can be in. */
const EVERYTHING: Story = (
  [
    [0, { act: 'buy', yuan: 2_000, waits: false }],
    [0, { act: 'claim' }],
    [0, { act: 'adjust', points: -900 }],
    [0, { act: 'adjust', points: -900 }],
    [0, { act: 'giveBack', n: 0 }],
    [1, { act: 'adjust', points: 500 }],
    [1, { act: 'freeze', points: 200, days: null }],
    [1, { act: 'freeze', points: 100, days: 30 }],
    [1, { act: 'buy', yuan: 300, waits: true }],
    [2, { act: 'adjust', points: 700 }],
    [2, { act: 'member', days: -3 }],
    [3, { act: 'buy', yuan: 30, waits: false }],
    [3, { act: 'claim' }],
    [3, { act: 'tier', days: 20 }],
    [3, { act: 'accelerate' }],
    [3, { act: 'ring' }],
    [3, { act: 'buy', yuan: 200, waits: false }],
  ] as [number, Act][]
).map(([who, act]) => ({ who, act, waitHours: 1 }))

const TOLD = [
  ...['available', 'pending', 'claimable', 'frozen', 'debt', 'closed', 'freezes', 'granted'],
  ...['tierFloors', 'accelerators', 'qualifyingSpend', 'waitingSpend', 'memory', 'identities'],
  ...['membershipUntil', 'lastActiveAt', 'birthday', 'consent', 'activeDays', 'caps', 'sources'],
]

const MEMBERS = [
  { id: 'ann', birthday: { month: 2, day: 29 }, region: 'Zürich, "old" town', staff: false },
  { id: '=1+2', consent: [{ channel: 'email', granted: true }] },
  { id: 'cem', identities: [{ kind: 'phone', value: '+86 1' }] },
  { id: 'dee', joinedAt: MONDAY_NOON - 400 * DAY_MS },
]

let folder: string
let folders = 0
const newFolder = () => join(folder, `${folders++}`)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-export-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function live(test: TestProgram, steps: Story): Promise<void> {
  const { program, time } = test
  await program.members.registerMany(MEMBERS)
  const orders: { source: string; once: string }[] = []
  for (const [n, { who, waitHours, act: it }] of steps.entries()) {
    time.now += waitHours * HOUR_MS
    const { now } = time
    const memberId = MEMBERS[who]!.id
    const key = { memberId, reason: 'r', by: 'rosa', idempotencyKey: `k${n}` }
    const acting = { by: 'rosa', roles: ['admin'], address: null, reason: 'r' } as const
    switch (it.act) {
      case 'buy': {
        const lines = [{ id: '1', quantity: 10, priceMinor: it.yuan * 10 }]
        const event = { orderId: `o-${n}`, at: now, lines, confirmed: !it.waits }
        const earned = await program.earn({ source: 'purchase', memberId, event })
        if (!isRefusal(earned)) {
          orders.push({ source: 'purchase', once: event.orderId })
        }
        break
      }
      case 'ring':
        await program.earn({ source: 'bell', memberId, event: { at: now } })
        break
      case 'giveBack': {
        const [order] = orders.splice(it.n, 1)
        if (!order) break
        const taken = {
          returnId: `r${n}`,
          lines: [{ line: '1', quantity: 5 }],
        }
        const { source, once } = order
        await program.returnEarned({ source, once, taken })
        break
      }
      case 'claim':
        await program.claim({ memberId, lots: null })
        break
      case 'adjust':
        if (it.points !== 0) {
          await program.adjustments.request({ ...key, points: it.points, kind: 'task' })
        }
        break
      case 'freeze':
        await program.freezes.freeze({
          ...key,
          points: it.points,
          until: it.days === null ? null : now + it.days * DAY_MS,
        })
        break
      case 'member':
        await program.memberships.change({
          ...key,
          until: it.days === null ? null : now + it.days * DAY_MS,
        })
        break
      case 'tier':
        await program.tiers.set({
          memberId,
          given: { tier: 'gold', until: now + it.days * DAY_MS },
          idempotencyKey: `k${n}`,
          acting,
        })
        break
      case 'accelerate':
        await program.tiers.grantAccelerator({
          memberId,
          factor: '1.5',
          days: 30,
          idempotencyKey: `k${n}`,
          acting,
        })
    }
  }
}

const SENT = [
  {
    source: 'purchase',
    event: (at: number) => ({
      orderId: 'o-0',
      at,
      lines: [{ id: '1', quantity: 9, priceMinor: 100 }],
    }),
  },
  { source: 'bell', event: (at: number) => ({ at }) },
]

async function settleAll({ ledger }: TestProgram): Promise<void> {
  while ((await ledger.sweep(100)).wallets > 0);
}

const KINDS = ['members', 'balances'] as const
/** Everything that a member holds, read from the books and by GraphQL, not by what exports it. */
async function stateOf(test: TestProgram) {
  const state: Record<string, unknown> = {}
  for (const { id } of MEMBERS) {
    const member = (await test.program.members.find(id))!
    const identities = await test.program.members.findIdentities([member.wallet])
    const [wallet] = await test.ledger.store.findWallets([member.wallet])
    const lots = await test.ledger.store.findLots([member.wallet], { open: true })
    const { data, errors } = await askProgram(
      test,
      `query ($id: ID!) { member(id: $id) {
        joinedAt region staff birthday { month day } consent { channel granted }
        tier { id } lastActiveAt membership { until lapsed } freezes { points until } } }`,
      { variables: { id } },
    )
    expect(errors).toBeUndefined()
    state[id] = {
      member: data.member,
      identities: identities.get(member.wallet),
      balance: wallet!.balance,
      nextDueAt: wallet!.nextDueAt,
      lots: lots.map(({ lot }) => withoutPlace(lot)).sort(),
    }
  }
  return state
}

/** Lots have other numbers elsewhere, and what is no longer there is not brought along. */
function withoutPlace({ seq: _, lapsed: __, voided: ___, ...lot }: Lot): string {
  return JSON.stringify(lot, Object.keys(lot).sort())
}

/** What comes next decides on what was brought: streaks, caps, tiers, expiry. */
async function goOn(test: TestProgram) {
  const { program, time } = test
  time.now += DAY_MS
  const granted: unknown[] = []
  for (const { id: memberId } of MEMBERS) {
    const lines = [{ id: '1', quantity: 777, priceMinor: 100 }]
    const order = { orderId: `last-${memberId.length}-${memberId[0]}`, at: time.now, lines }
    for (const [source, event] of [
      ['bell', { at: time.now }],
      ['purchase', order],
    ] as const) {
      const earned = await program.earn({ source, memberId, event })
      granted.push(isRefusal(earned) ? earned.code : earned.points)
    }
  }
  const states = [await stateOf(test)]
  for (const days of [3, 9, 30, 90]) {
    time.now += days * DAY_MS
    await settleAll(test)
    states.push(await stateOf(test))
  }
  return { granted, states }
}

const ROUTES = hasMysql()
  ? ([
      ['sqlite', 'sqlite'],
      ['sqlite', 'mysql'],
      ['mysql', 'sqlite'],
      ['mysql', 'mysql'],
    ] as const)
  : ([['sqlite', 'sqlite']] as const)

describe.each(ROUTES)('O3: from %s to %s', (from, to) => {
  it.each(['ndjson', 'csv'] as const)(
    'as %s everything that members hold arrives, and goes on as it would have',
    async (format) => {
      const told = new Set<string>()
      await fc.assert(
        fc.asyncProperty(story, async (steps) => {
          const old = await openTestProgram(from, { firstPolicy: POLICY })
          await live(old, steps)
          await settleAll(old)
          const first = await exportTo(old, { folder: newFolder(), kinds: KINDS, format })
          for (const field of TOLD) if (first.texts.join().includes(`"${field}"`)) told.add(field)

          const time = { now: old.time.now }
          const fresh = await openTestProgram(to, { firstPolicy: POLICY, time })
          expect(
            await importFrom(fresh, first, { folder: newFolder(), dryRun: true }),
          ).toMatchObject({
            complete: false,
            report: { count: 0 },
          })
          expect(await fresh.program.members.page(0, 1)).toEqual([])
          const outcome = await importFrom(fresh, first, { folder: newFolder() })
          expect(outcome.report.first).toEqual([])
          expect(outcome.complete).toBe(true)

          expect(await verifyLedger(fresh.ledger.store)).toMatchObject({ ok: true })
          expect(await stateOf(fresh)).toEqual(await stateOf(old))
          const second = await exportTo(fresh, { folder: newFolder(), kinds: KINDS, format })
          expect(second.texts).toEqual(first.texts)
          expect(second.files).toEqual(first.files)

          // Once more is nothing more.
          const again = await importFrom(fresh, first, { folder: newFolder() })
          expect(again.files.map(({ brought, refused }) => [brought, refused])).toEqual([
            [0, 0],
            [0, 0],
          ])
          expect(
            (await exportTo(fresh, { folder: newFolder(), kinds: KINDS, format })).texts,
          ).toEqual(first.texts)

          // What was sent there is not paid here once more, though nobody here knows it.
          for (const { source, event } of SENT) {
            const sent = { source, memberId: 'ann', event: event(old.time.now) }
            const { code } = (await fresh.program.earn(sent)) as { code?: string }
            expect(['EVENT_TOO_OLD', 'MEMBERSHIP_LAPSED']).toContain(code)
          }
          expect(await goOn(fresh)).toEqual(await goOn(old))
          expect(await verifyLedger(fresh.ledger.store)).toMatchObject({ ok: true })
        }),
        { numRuns: 4, examples: [[EVERYTHING]] },
      )
      // Of CSV every column is always named.
      if (format === 'ndjson') expect([...told].sort()).toEqual([...TOLD].sort())
    },
  )

  it('T1: who entered an experiment on a segment there enters it here, at the next review', async () => {
    const everybody = { id: 'everybody', title, anyOf: [{}] }
    const begun = new Date(MONDAY_NOON).toISOString()
    const variants = [{ id: 'only', share: '1' }]
    const experiment = { id: 'try', title, from: begun, segments: ['everybody'], variants }
    const segments = { list: [everybody] }
    const firstPolicy = { ...POLICY, segments, experiments: [experiment] }
    const inIt = async (test: TestProgram) => {
      const query = '{ members(first: 9) { nodes { id variants { variant } } } }'
      const { data, errors } = await askProgram(test, query)
      expect(errors).toBeUndefined()
      return data.members.nodes
        .filter((it: { variants: unknown[] }) => it.variants.length > 0)
        .map(({ id }: { id: string }) => id)
        .sort()
    }
    const all = MEMBERS.map(({ id }) => id).sort()
    const old = await openTestProgram(from, { firstPolicy })
    await old.program.members.registerMany(MEMBERS)
    await review(old)
    expect(await inIt(old)).toEqual(all)
    const told = await exportTo(old, { folder: newFolder(), kinds: KINDS, format: 'ndjson' })
    const fresh = await openTestProgram(to, { firstPolicy, time: { now: old.time.now } })
    const outcome = await importFrom(fresh, told, { folder: newFolder() })
    expect([outcome.report.first, outcome.complete]).toEqual([[], true])
    expect(await inIt(fresh)).toEqual([])
    await review(fresh)
    expect(await inIt(fresh)).toEqual(all)
  })
})
