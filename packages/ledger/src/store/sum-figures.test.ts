import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { openFreshStore } from '../../../../test/support/ledger-stores.js'
import { moveCommand } from '../../../../test/support/move-command.js'
import { startOfUtcDay } from '../../../../test/support/utc-day.js'
import { isRefusal, type Ledger, openLedger } from '../index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Granted {
  readonly at: number
  readonly source: string
  readonly points: number
  readonly labels: Readonly<Record<string, string>>
}

const acts = fc.array(
  fc.record({
    /** Since the one before. */
    hours: fc.integer({ min: 0, max: 20 }),
    source: fc.constantFrom('purchase', 'check-in'),
    points: fc.integer({ min: 1, max: 1_000 }),
    labels: fc.constantFrom<Readonly<Record<string, string>>[]>(
      {},
      { tier: 'gold' },
      { tier: 'gold', core: 'true' },
    ),
    fold: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
)

/** What the grants themselves add up to. */
function addedUp(granted: readonly Granted[], { from, until }: { from: number; until: number }) {
  const sums = new Map<string, { amount: bigint; transactions: number }>()
  for (const { at, source, points, labels } of granted) {
    if (at < from || at >= until) continue
    const name = `issued:${source} ${JSON.stringify(Object.entries(labels).sort())}`
    const sum = sums.get(name) ?? { amount: 0n, transactions: 0 }
    sums.set(name, {
      amount: sum.amount - BigInt(points),
      transactions: sum.transactions + 1,
    })
  }
  return sums
}

async function grant(ledger: Ledger, { source, points, labels }: Granted, key: string) {
  const posted = await ledger.post(
    moveCommand({
      wallet: 1,
      key,
      moves: [
        {
          move: 'grant',
          source,
          points,
          kind: 'base',
          ref: null,
          earnedAt: 0,
          claimMs: null,
          expiresAt: null,
        },
      ],
      labels,
    }),
  )
  if (isRefusal(posted)) throw new Error(posted.code)
}

describe.each(availableStores())('E7, W1: figures of some days on %s', (name) => {
  it('are what happened on them, whatever is folded already', async () => {
    const runs = name === 'memory' ? 40 : 6
    await fc.assert(
      fc.asyncProperty(acts, async (drawn) => {
        const open = await openFreshStore(name)
        const [store] = open.stores
        const time = { now: 5 * HOUR }
        const ledger = openLedger({ store, clock: () => time.now })
        try {
          await ledger.openWallets([1])
          const granted: Granted[] = []
          for (const [n, { hours, fold, ...act }] of drawn.entries()) {
            time.now += hours * HOUR
            const one = { ...act, at: time.now }
            await grant(ledger, one, `key ${n}`)
            granted.push(one)
            if (fold) await store.foldFigures(time.now - HOUR, startOfUtcDay)
          }
          for (const [from, until] of [
            [0, time.now + DAY],
            [DAY, 3 * DAY],
            [2 * DAY, 2 * DAY],
          ] as const) {
            const read = () => store.sumFigures({ from, until, under: 'issued:' })
            const found = await read()
            const sums = found.map(({ account, labels, ...sum }) => [
              `${account} ${JSON.stringify(Object.entries(labels).sort())}`,
              sum,
            ])
            expect(new Map(sums as never)).toEqual(addedUp(granted, { from, until }))
            await store.foldFigures(time.now + 1, startOfUtcDay)
            expect(await read()).toEqual(found)
          }
          // Every account: what was issued is what was put into wallets.
          const all = await store.sumFigures({ from: 0, until: time.now + DAY })
          expect(all.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
          expect(new Set(all.map(({ account }) => account))).toContain('available')
        } finally {
          await ledger.close()
          await open.close()
        }
      }),
      { numRuns: runs },
    )
  })
})
