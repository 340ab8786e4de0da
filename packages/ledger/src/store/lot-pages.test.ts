import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { openFreshStore } from '../../../../test/support/ledger-stores.js'
import { moveCommand } from '../../../../test/support/move-command.js'
import { openLedger } from '../index.js'

const DAY = 86_400_000

describe.each(availableStores())('A4: pages of lots on %s', (name) => {
  it('reads so many lots of each wallet, the newest first, from a place on', async () => {
    const {
      stores: [store],
      close,
    } = await openFreshStore(name)
    const clock = { now: DAY }
    const ledger = openLedger({ store, clock: () => clock.now })
    try {
      await ledger.openWallets([1, 2, 3])
      // Of wallet 1 every second lot ends after a day; wallet 3 has none.
      for (const wallet of [1, 2]) {
        for (let n = 1; n <= wallet * 6; n++) {
          const expiresAt = wallet === 1 && n % 2 === 0 ? 2 * DAY : null
          const terms = { kind: 'base', source: 'test', ref: `r${n}`, earnedAt: DAY, claimMs: null }
          const moves = [{ move: 'grant' as const, ...terms, expiresAt, points: n }]
          await ledger.post(moveCommand({ wallet, key: `${wallet}-${n}`, moves }))
        }
      }
      clock.now = 3 * DAY
      await ledger.settle([1, 2, 3])
      const page = async (
        pages: readonly { wallet: number; before: number | null }[],
        options: { open: boolean; limit: number },
      ) =>
        (await store.findLotPages(pages, options)).map(({ wallet, lot }) => `${wallet}-${lot.seq}`)
      const first = [3, 2, 1].map((wallet) => ({ wallet, before: null }))
      expect(await page(first, { open: true, limit: 2 })).toEqual(['2-12', '2-11', '1-5', '1-3'])
      expect(await page(first, { open: false, limit: 2 })).toEqual(['2-12', '2-11', '1-6', '1-5'])
      const next = [
        { wallet: 1, before: 3 },
        { wallet: 2, before: 1 },
      ]
      expect(await page(next, { open: true, limit: 9 })).toEqual(['1-1'])
      expect(await page(next, { open: false, limit: 9 })).toEqual(['1-2', '1-1'])
      expect(await page([], { open: true, limit: 9 })).toEqual([])
      const all = await store.findLots([1], { open: false })
      expect(await store.findLotPages(first.slice(2), { open: false, limit: 99 })).toEqual(
        all.toReversed(),
      )
    } finally {
      await ledger.close()
      await close()
    }
  })
})
