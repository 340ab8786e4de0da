import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { type Extended, extendLots, type NewEnd } from './extend-lots.js'
import { freezePoints } from './freeze-points.js'
import { holdPoints } from './hold.js'

const DAY = 86_400_000

const extend = (wallet: WalletInHand, ends: readonly NewEnd[], unending?: 'keep' | 'end') =>
  wallet.decide((draft) => extendLots(draft, { ends, ...(unending && { unending }) }))

describe('extendLots', () => {
  it('X5: a lot lasts longer, to the instant, and runs out then', () => {
    const wallet = walletWith({ expiresAt: 10 * DAY })
    expect(extend(wallet, [{ lot: 1, expiresAt: 15 * DAY }])).toEqual([
      { lot: 1, points: 100, from: 10 * DAY, to: 15 * DAY },
    ])
    wallet.now = 15 * DAY - 1
    wallet.settle()
    expect(wallet.points).toEqual({ available: 100 })
    wallet.now = 15 * DAY
    wallet.settle()
    expect(wallet.points).toEqual({})
  })

  it('X4: one that never ends gets an end only where that is meant', () => {
    const wallet = walletWith({ expiresAt: null })
    const ends = [{ lot: 1, expiresAt: 30 * DAY }]
    expect(extend(wallet, ends)).toEqual([])
    expect(wallet.lot(1).expiresAt).toBeNull()
    expect(extend(wallet, ends, 'end')).toMatchObject([{ from: null, to: 30 * DAY }])
    expect(wallet.lot(1).expiresAt).toBe(30 * DAY)
  })

  it('X4: nothing is taken at once: an end that is not ahead changes nothing', () => {
    const wallet = walletWith({ expiresAt: null })
    wallet.now = 5 * DAY
    expect(extend(wallet, [{ lot: 1, expiresAt: 5 * DAY }], 'end')).toEqual([])
    expect(wallet.lot(1).expiresAt).toBeNull()
  })

  it('X5: what has run out stays so, also points of it that are held or frozen', () => {
    const wallet = walletWith({ expiresAt: DAY })
    wallet.decide((draft) => holdPoints(draft, { ref: 'r', points: 10 }))
    wallet.decide((draft) => freezePoints(draft, { ref: 'f', points: 10 }))
    wallet.now = DAY
    wallet.settle()
    expect(wallet.points).toEqual({ held: 10, frozen: 10 })
    expect(extend(wallet, [{ lot: 1, expiresAt: 9 * DAY }], 'end')).toEqual([])
    expect(wallet.lot(1).expiresAt).toBe(DAY)
  })

  it('names a lot that there is not', () => {
    const wallet = walletWith({ expiresAt: DAY })
    const ends = [1, 2].map((lot) => ({ lot, expiresAt: 2 * DAY }))
    expect(extend(wallet, ends)).toMatchObject({
      code: 'LOT_NOT_FOUND',
      figures: { field: 'lots.1' },
    })
    expect(wallet.lot(1).expiresAt).toBe(DAY)
  })

  it('X5: never shortens a lot, whatever is asked', () => {
    const end = fc.record({
      lot: fc.integer({ min: 1, max: 3 }),
      expiresAt: fc.integer({ min: 0, max: 40 }).map((day) => day * DAY),
    })
    const lot = fc.option(fc.integer({ min: 1, max: 30 }).map((day) => day * DAY))
    const lots = fc.tuple(lot, lot, lot)
    fc.assert(
      fc.property(lots, fc.array(end), fc.nat(35), fc.boolean(), (given, ends, day, may) => {
        const wallet = walletWith(...given.map((expiresAt) => ({ expiresAt })))
        wallet.now = day * DAY
        wallet.settle()
        const before = [1, 2, 3].map((seq) => wallet.lot(seq))
        const { balance } = wallet
        const changed = extend(wallet, ends, may ? 'end' : 'keep') as readonly Extended[]
        expect(wallet.balance).toEqual(balance)
        for (const old of before) {
          const { expiresAt } = wallet.lot(old.seq)
          if (expiresAt === old.expiresAt) continue
          expect(changed.some(({ lot: seq }) => seq === old.seq)).toBe(true)
          expect(expiresAt).toBeGreaterThan(wallet.now)
          if (old.expiresAt === null) expect(may).toBe(true)
          else expect(expiresAt).toBeGreaterThan(old.expiresAt)
        }
      }),
    )
  })
})
