import { describe, expect, it } from 'vitest'
import { type WalletInHand, walletWith } from '../../../../test/support/wallet-in-hand.js'
import { MAX_POINTS } from './check-amount.js'
import { deductPoints } from './deduct-points.js'
import { freezePoints } from './freeze-points.js'

const DAY = 86_400_000

const deduct = (wallet: WalletInHand, points: number) =>
  wallet.decide((draft) => deductPoints(draft, { points, reason: 'adjustment' }))

describe('deductPoints', () => {
  it('L6: takes available points, soonest-expiring first, and for good', () => {
    const wallet = walletWith({}, { expiresAt: 20 * DAY }, { expiresAt: 10 * DAY })
    expect(deduct(wallet, 130)).toBe(130)
    expect(wallet.points).toEqual({ available: 170 })
    expect(wallet.placesOf(3)).toEqual({})
    expect(wallet.placesOf(2)).toEqual({ available: 70 })
    expect(wallet.total('voided:adjustment')).toBe(130)
  })

  it.each([
    [0, 'AMOUNT_NOT_POSITIVE'],
    [-1, 'AMOUNT_NOT_POSITIVE'],
    [1.5, 'AMOUNT_NOT_POSITIVE'],
    [Number.NaN, 'AMOUNT_NOT_POSITIVE'],
    [MAX_POINTS + 1, 'AMOUNT_TOO_LARGE'],
    [101, 'INSUFFICIENT_POINTS'],
  ])('refuses %d, and takes nothing', (points, code) => {
    const wallet = walletWith({})
    expect(deduct(wallet, points)).toMatchObject({ code })
    expect(wallet.points).toEqual({ available: 100 })
  })

  it('L3: leaves alone what is frozen', () => {
    const wallet = walletWith({})
    wallet.do((draft) => freezePoints(draft, { ref: 'f', points: 60 }))
    expect(deduct(wallet, 41)).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      figures: { available: 40, needed: 41 },
    })
    expect(deduct(wallet, 40)).toBe(40)
    expect(wallet.points).toEqual({ frozen: 60 })
  })
})
