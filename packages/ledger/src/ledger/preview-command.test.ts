import { afterEach, describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { openFreshStore } from '../../../../test/support/ledger-stores.js'
import { type Move, moveCommand } from '../../../../test/support/move-command.js'
import type { Command, Posted } from '../posting/posting.js'
import { isRefusal, type Refusal } from '../refusal/refusal.js'
import { verifyLedger } from '../verify/verify-ledger.js'
import { openLedger } from './open-ledger.js'
import { DecisionHung } from './run-batch.js'

const DAY = 86_400_000
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close()
})

async function scene(name: StoreName) {
  const fresh = await openFreshStore(name)
  open.push(fresh)
  const clock = { now: DAY }
  const [store] = fresh.stores
  const ledger = openLedger({ store, clock: () => clock.now, decideMs: 300 })
  open.push(ledger)
  await ledger.openWallets([1])
  return { ledger, clock, store }
}

const grant = (points: number, terms: object = {}): Move => ({
  move: 'grant',
  kind: 'base',
  source: 'purchase',
  ref: null,
  earnedAt: 0,
  claimMs: null,
  expiresAt: null,
  points,
  ...terms,
})
const command = (key: string, moves: Move[], more: object = {}) =>
  moveCommand({ wallet: 1, key, moves, ...more })

/** Each time another salt is drawn, and the hashes go by it. */
function unsalted(answer: Posted | Refusal) {
  if (isRefusal(answer)) return answer
  const { salt: _, hash: __, previousHash: ___, ...transaction } = answer.transaction
  return { ...answer, transaction }
}

describe.each(availableStores())('what a command would come to, on %s', (name) => {
  it('is what it comes to, and is not written', async () => {
    const { ledger, store } = await scene(name)
    await ledger.post(command('a', [grant(100)]))
    const before = await store.findWallets([1])
    const next = command('b', [grant(50), { move: 'hold', ref: 'r', points: 120 }])
    const preview = await ledger.preview(next)
    expect(await store.findWallets([1])).toEqual(before)
    expect(await store.findTransactions(1, { after: 0, limit: 9 })).toHaveLength(1)
    expect(unsalted(await ledger.preview(next))).toEqual(unsalted(preview))
    expect(unsalted(await ledger.post(next))).toEqual(unsalted(preview))
    // Posted before: as a replay.
    expect(unsalted(await ledger.preview(next))).toEqual({ ...unsalted(preview), replayed: true })
    expect(await ledger.preview(command('b', [grant(51)]))).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
    expect((await verifyLedger(store)).ok).toBe(true)
  })

  it('counts what is due by now, and the lots it did not know it needs', async () => {
    const { ledger, clock } = await scene(name)
    await ledger.post(command('a', [grant(100, { expiresAt: 2 * DAY }), grant(40)]))
    const spend = command('b', [{ move: 'hold', ref: 'r', points: 60 }])
    expect(await ledger.preview(spend)).toMatchObject({ transaction: { version: 2 } })
    clock.now = 3 * DAY
    expect(await ledger.preview(spend)).toMatchObject({ code: 'INSUFFICIENT_POINTS' })
    const more = command('c', [grant(1)], { lots: false })
    const preview = await ledger.preview(more)
    expect(preview).toMatchObject({ transaction: { version: 3, balance: { available: 41 } } })
    expect(unsalted(await ledger.post(more))).toEqual(unsalted(preview))
  })

  it('takes a wallet that was never opened for an empty one', async () => {
    const { ledger, store } = await scene(name)
    const preview = await ledger.preview(command('a', [grant(5)], { wallet: 7 }))
    expect(preview).toMatchObject({ transaction: { id: '7-1', balance: { available: 5 } } })
    expect(await store.findWallets([7])).toEqual([])
  })

  it('sees counters, and moves none', async () => {
    const { ledger, store } = await scene(name)
    const count = (key: string): Command => ({
      wallet: 1,
      key,
      content: {},
      needs: { counters: ['sold'] },
      decide(view) {
        const posting = command(key, [grant(view.counters.get('sold')! + 1)]).decide(view)
        if (posting.refused) return posting
        return { ...posting, counters: new Map([['sold', 1]]) }
      },
    })
    await ledger.post(count('a'))
    for (const key of ['b', 'b']) {
      expect(await ledger.preview(count(key))).toMatchObject({
        transaction: { balance: { available: 3 } },
      })
    }
    expect(await store.findCounters(['sold'])).toEqual(new Map([['sold', 1]]))
  })

  it('G4: fails alone where its decision does', async () => {
    const { ledger } = await scene(name)
    const hang: Command = {
      wallet: 1,
      key: 'hang',
      content: {},
      decide() {
        for (;;);
      },
    }
    await expect(ledger.preview(hang)).rejects.toThrow(DecisionHung)
    const faulty = {
      ...hang,
      decide: () => {
        throw new Error('out of order')
      },
    }
    await expect(ledger.preview(faulty)).rejects.toThrow('out of order')
    await expect(ledger.preview({ ...faulty, key: '' })).rejects.toThrow(RangeError)
  })
})
