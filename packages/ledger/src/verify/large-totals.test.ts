import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { openFreshStore } from '../../../../test/support/ledger-stores.js'
import { moveCommand } from '../../../../test/support/move-command.js'
import { startOfUtcDay } from '../../../../test/support/utc-day.js'
import { MAX_POINTS } from '../draft/check-amount.js'
import { openLedger } from '../ledger/open-ledger.js'
import { isRefusal } from '../refusal/refusal.js'
import { verifyLedger } from './verify-ledger.js'

const DAY = 86_400_000

/** So many of the fullest wallets that a number does not hold their sum exactly. */
const WALLETS = Math.ceil(Number.MAX_SAFE_INTEGER / MAX_POINTS) + 2

describe.each(availableStores())('totals beyond 2^53 on %s', (name) => {
  it('L8: are folded and verified to the point', async () => {
    const {
      stores: [store],
      close,
    } = await openFreshStore(name)
    const ledger = openLedger({ store, clock: () => DAY })
    try {
      const wallets = Array.from({ length: WALLETS }, (_, n) => n + 1)
      await ledger.openWallets(wallets)
      const grant = (wallet: number, points: number) =>
        ledger.post(
          moveCommand({
            wallet,
            key: `grant-${wallet}`,
            moves: [
              {
                move: 'grant',
                kind: 'base',
                source: 'purchase',
                ref: null,
                earnedAt: 0,
                claimMs: null,
                expiresAt: null,
                points,
              },
            ],
          }),
        )
      // Odd at the end, so that a sum which was rounded on its way shows.
      const answers = await Promise.all(
        wallets.map((wallet) => grant(wallet, MAX_POINTS - (wallet === 1 ? 1 : 0))),
      )
      expect(answers.filter(isRefusal)).toEqual([])
      const issued = -(BigInt(WALLETS) * BigInt(MAX_POINTS) - 1n)
      const total = () =>
        store.snapshot(async (all) => (await all.figureTotals()).get('issued:purchase'))
      expect(await total()).toBe(issued)
      expect(await store.foldFigures(2 * DAY, startOfUtcDay)).toBeGreaterThan(0)
      expect(await total()).toBe(issued)
      // A day that is folded already is folded once more with what came late.
      await ledger.openWallets([WALLETS + 1])
      await grant(WALLETS + 1, 1)
      expect(await store.foldFigures(2 * DAY, startOfUtcDay)).toBeGreaterThan(0)
      expect(await total()).toBe(issued - 1n)
      expect(await verifyLedger(store)).toMatchObject({ ok: true, wallets: WALLETS + 1 })
    } finally {
      await ledger.close()
      await close()
    }
  })
})
